import { describe, expect, test } from "vitest";
import type { Item } from "../format/item.ts";
import { type ExportFormat, loadExporter } from "./exporter.ts";

async function exported(format: ExportFormat, items: readonly Item[]): Promise<Buffer> {
  const exporter = await loadExporter(format);
  async function* batches(): AsyncGenerator<Item[]> {
    for (const item of items) yield [item];
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of exporter(batches(), false, () => {})) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const output = (text: string | Uint8Array, atMs = 0): Item => ({
  kind: "output",
  atMs,
  bytes: Buffer.from(text as string),
});
const input = (text: string): Item => ({ kind: "input", atMs: 0, bytes: Buffer.from(text) });
const window = (columns: number, rows: number): Item => ({ kind: "window", atMs: 0, columns, rows });
const gap: Item = { kind: "gap", fromId: 2, toId: 4, fromMs: 10, toMs: 20 };

describe("raw", () => {
  test("is every byte of output, whatever its size, and nothing else", async () => {
    const pieces = [
      Buffer.from([0, 255, 27]),
      Buffer.alloc(300_000, "x"),
      Buffer.alloc(262_144, "y"),
      Buffer.from("z"),
    ];
    const items = [window(80, 24), ...pieces.flatMap((piece) => [output(piece), input("i")]), gap];
    expect((await exported("raw", items)).equals(Buffer.concat(pieces))).toBe(true);
  });

  test("is every byte of input", async () => {
    expect((await exported("raw-in", [output("o"), input("a"), gap, input("\u0003")])).toString()).toBe("a\u0003");
  });
});

test.each(["raw", "json", "text"] as const)("promptly, %s holds nothing back", async (format) => {
  const exporter = await loadExporter(format);
  let given = 0;
  async function* batches(): AsyncGenerator<Item[]> {
    yield [output("a\r\nb\r\n".repeat(20))];
    expect(given).toBe(1);
  }
  for await (const _ of exporter(batches(), true, () => {})) given++;
  expect(given).toBeGreaterThanOrEqual(1);
});

describe("json", () => {
  const lines: [string, Item, object][] = [
    ["text", output("é\u001b[m", 5), { kind: "output", at: 5, text: "é\u001b[m" }],
    [
      "bytes that are no text",
      output(Buffer.from([65, 255])),
      { kind: "output", at: 0, text: "A\ufffd", base64: "Qf8=" },
    ],
    ["a byte order mark", output("\ufeffx"), { kind: "output", at: 0, text: "\ufeffx" }],
    ["input", input("a"), { kind: "input", at: 0, text: "a" }],
    ["a window", window(100, 30), { kind: "window", at: 0, columns: 100, rows: 30 }],
    ["a gap", gap, { kind: "gap", firstId: 2, lastId: 4, from: 10, to: 20 }],
    ["a bad place", { kind: "bad", place: "line 1", reason: "r" }, { kind: "bad", place: "line 1", reason: "r" }],
    [
      "what was dropped",
      { kind: "lost", inBytes: 1, outBytes: 2, fromMs: 3, toMs: 4 },
      { kind: "lost", in: 1, out: 2, from: 3, to: 4 },
    ],
    [
      "the end",
      { kind: "end", exit: 0, signal: null, inBytes: 1, outBytes: 2, durationMs: 3, messages: 4 },
      { kind: "end", exit: 0, signal: null, in: 1, out: 2, duration: 3, messages: 4 },
    ],
    ["no end", { kind: "unended", lastId: 7, lastMs: 8 }, { kind: "unended", lastId: 7, at: 8 }],
    [
      "the head",
      { kind: "head", rec: "r", host: "h", user: "u", term: "t", session: 1, startedMs: 5, start: null },
      { kind: "head", rec: "r", host: "h", user: "u", term: "t", session: 1, started: 5, start: null },
    ],
  ];

  test.each(lines)("%s", async (_, item, expected) => {
    const text = (await exported("json", [item])).toString();
    expect(text.endsWith("}\n")).toBe(true);
    expect(JSON.parse(text)).toEqual(expected);
  });

  test("nothing that a terminal would obey is in a line", async () => {
    const text = (await exported("json", [output("\u0000\u001b\u007f\u009b\u202e\u2028")])).toString();
    expect(text).toBe('{"kind":"output","at":0,"text":"\\u0000\\u001b\\u007f\\u009b\\u202e\\u2028"}\n');
  });
});

const screens: [string, Item[], string][] = [
  ["nothing", [], ""],
  ["lines of a terminal", [window(80, 24), output("a\r\nb\r\n")], "a\nb\n"],
  ["lines of a pipe", [output("a\nb\n")], "a\nb\n"],
  ["a prompt without a newline", [window(80, 24), output("$ ")], "$\n"],
  ["blank lines inside stay, those at the end go", [window(80, 24), output("a\r\n\r\nb\r\n\r\n\r\n")], "a\n\nb\n"],
  ["trailing blanks are cut", [window(80, 24), output("a   \r\n")], "a\n"],
  ["a progress bar says what it said last", [window(80, 24), output("10%\r20%\r100%\r\n")], "100%\n"],
  [
    "colours and titles say nothing",
    [window(80, 24), output("\u001b]0;title\u0007\u001b[31mred\u001b[m\r\n")],
    "red\n",
  ],
  ["a wrapped line is one", [window(4, 3), output("abcdefghij\r\nk\r\n")], "abcdefghij\nk\n"],
  ["a wrapped line that scrolls away is one", [window(4, 2), output("abcdefghij\r\nk\r\nl\r\n")], "abcdefghij\nk\nl\n"],
  ["blanks before the wrap are kept", [window(4, 2), output("ab  cd\r\nk\r\nl\r\n")], "ab  cd\nk\nl\n"],
  ["a cleared screen was said", [window(10, 3), output("a\r\nb\r\n\u001b[H\u001b[2Jc\r\n")], "a\nb\nc\n"],
  ["a screen cleared from its top was said", [window(10, 3), output("a\r\n\u001b[H\u001b[Jc\r\n")], "a\nc\n"],
  ["a terminal reset was preceded by what was said", [window(10, 3), output("a\r\n\u001bcb")], "a\nb\n"],
  [
    "the scrollback erased was said",
    [window(10, 2), output("a\r\nb\r\nc\r\n\u001b[3J\u001b[H\u001b[2Jd")],
    "a\nb\nc\nd\n",
  ],
  [
    "the alternate screen leaves what was before",
    [window(10, 3), output("a\r\n\u001b[?1049h\u001b[Hvim\u001b[?1049lb\r\n")],
    "a\nb\n",
  ],
  [
    "a recording that ends in the alternate screen",
    [window(10, 3), output("a\r\n\u001b[?1049h\u001b[Hvim")],
    "a\nvim\n",
  ],
  ["wide and combining characters", [window(10, 3), output("日本e\u0301👍\r\n")], "日本e\u0301👍\n"],
  ["lone C1 bytes say nothing", [window(10, 3), output(Buffer.from([0x61, 0x9b, 0x62, 0x0d, 0x0a]))], "ab\n"],
  [
    "a resize keeps what was said",
    [window(10, 3), output("abcdef\r\ng\r\nh\r\ni\r\n"), window(4, 5), output("j")],
    "abcdef\ng\nh\ni\nj\n",
  ],
  ["a full reset goes on", [window(10, 3), output("a\r\nb\r\nc\r\nd\u001bce\r\nf")], "a\nb\nc\nd\ne\nf\n"],
  ["windows without size are passed over", [window(10, 3), window(0, 0), output("a")], "a\n"],
];

describe("text", () => {
  test.each(screens)("%s", async (_, items, expected) => {
    expect((await exported("text", items)).toString()).toBe(expected);
  });

  test("many lines come once each and in order", async () => {
    const lines = Array.from({ length: 50_000 }, (_, i) => `line ${i}`);
    const bytes = lines.join("\r\n");
    const items: Item[] = [window(80, 24)];
    for (let from = 0; from < bytes.length; from += 33_333) items.push(output(bytes.slice(from, from + 33_333)));
    expect((await exported("text", items)).toString()).toBe(`${lines.join("\n")}\n`);
  });

  test("many resizes lose and repeat nothing", async () => {
    const items: Item[] = [];
    for (let i = 0; i < 200; i++) items.push(window(40 + (i % 7), 5 + (i % 11)), output(`line ${i}\r\n`));
    const expected = Array.from({ length: 200 }, (_, i) => `line ${i}\n`).join("");
    expect((await exported("text", items)).toString()).toBe(expected);
  });

  test.each([
    ["b", "aaaaaaaaaaab\n"],
    ["L", "b\n"],
    ["M", "b\n"],
    ["S", "a\n b\n"],
    ["T", "a\n b\n"],
    ["@", "ab\n"],
    ["P", "ab\n"],
    ["X", "ab\n"],
  ])("a hostile repetition of %s ends soon", async (final, expected) => {
    const text = (await exported("text", [window(10, 3), output(`a\u001b[2000000000${final}b`)])).toString();
    expect(text).toBe(expected);
  });
});
