import { describe, expect, test } from "vitest";
import type { HeadItem, Item } from "../format/item.ts";
import { type FileFormat, loadFileExporter } from "./file-exporter.ts";
import { exportScript } from "./script.ts";

const head: HeadItem = {
  kind: "head",
  rec: "r",
  host: "h",
  user: "u",
  term: "xterm",
  session: 1,
  startedMs: 1_795_297_383_250,
  start: { command: ["vim", "it's", ""], cwd: "/", tty: "/dev/pts/1", peer: null },
};
const window = (columns: number, rows: number, atMs = 0): Item => ({ kind: "window", atMs, columns, rows });
const output = (atMs: number, text: string | Uint8Array): Item => ({
  kind: "output",
  atMs,
  bytes: Buffer.from(text as string),
});
const input = (atMs: number, text: string): Item => ({ kind: "input", atMs, bytes: Buffer.from(text) });
const end = (exit: number | null, signal: string | null, durationMs = 2000): Item => {
  return { kind: "end", exit, signal, inBytes: 0, outBytes: 0, durationMs, messages: 1 };
};
const smile = Buffer.from("😀");

async function* batches(items: readonly Item[]): AsyncGenerator<readonly Item[]> {
  for (const item of items) yield [item];
}

async function exported(format: FileFormat, items: readonly Item[]) {
  const notices: string[] = [];
  const chunks: Uint8Array[] = [];
  const exporter = await loadFileExporter(format);
  for await (const chunk of exporter(batches(items), (sentence) => notices.push(sentence))) chunks.push(chunk);
  return { bytes: Buffer.concat(chunks), notices };
}

const whole = [
  head,
  window(80, 24),
  output(1, "a\u009b"),
  window(100, 30, 1500),
  input(1500, "i"),
  output(1501, "b"),
  end(3, null),
];

describe("asciicast", () => {
  const cases: [what: string, format: "asciicast-v2" | "asciicast-v3", items: Item[], expected: string[]][] = [
    [
      "all there is, times since the beginning",
      "asciicast-v2",
      whole,
      [
        `{"version":2,"width":80,"height":24,"timestamp":1795297383,"command":"vim 'it'\\\\''s' ''","env":{"TERM":"xterm"}}`,
        '[0.001,"o","a\\u009b"]',
        '[1.5,"r","100x30"]',
        '[1.5,"i","i"]',
        '[1.501,"o","b"]',
      ],
    ],
    [
      "all there is, times since the event before, and the exit",
      "asciicast-v3",
      whole,
      [
        `{"version":3,"term":{"cols":80,"rows":24,"type":"xterm"},"timestamp":1795297383,"command":"vim 'it'\\\\''s' ''"}`,
        '[0.001,"o","a\\u009b"]',
        '[1.499,"r","100x30"]',
        '[0,"i","i"]',
        '[0.001,"o","b"]',
        '[0.499,"x","3"]',
      ],
    ],
    [
      "a signal, as a shell tells it",
      "asciicast-v3",
      [head, window(80, 24), end(null, "SIGKILL", 0)],
      [
        `{"version":3,"term":{"cols":80,"rows":24,"type":"xterm"},"timestamp":1795297383,"command":"vim 'it'\\\\''s' ''"}`,
        '[0,"x","137"]',
      ],
    ],
    [
      "what an import kept of another: its title, its one text of a command, no time",
      "asciicast-v2",
      [
        {
          ...head,
          term: "",
          startedMs: null,
          start: {
            command: ["a b"],
            cwd: "",
            tty: null,
            peer: null,
            import: { format: "", file: "", atMs: 0, id: null, title: "t", lacks: [] },
          },
        },
        window(0, 0),
        end(null, null),
      ],
      ['{"version":2,"width":80,"height":24,"command":"a b","title":"t"}'],
    ],
    ["nothing", "asciicast-v2", [], ['{"version":2,"width":80,"height":24}']],
    [
      "holes are markers",
      "asciicast-v2",
      [
        { ...head, start: null },
        window(80, 24),
        output(5, "a"),
        { kind: "gap", fromId: 2, toId: 3, fromMs: 5, toMs: 9 },
        { kind: "lost", inBytes: 0, outBytes: 7, fromMs: 5, toMs: 9 },
        { kind: "bad", place: "line 3", reason: "x" },
        { kind: "unended", lastId: 3, lastMs: 9 },
      ],
      [
        '{"version":2,"width":80,"height":24,"timestamp":1795297383,"env":{"TERM":"xterm"}}',
        '[0.005,"o","a"]',
        '[0.005,"m","missing: messages 2 to 3"]',
        '[0.005,"m","dropped by the recorder: 7 bytes of output, 0 of input"]',
        '[0.005,"m","cannot be used: line 3: x"]',
        '[0.005,"m","stops without its end"]',
      ],
    ],
    [
      "a split character is one, at its end; what is none is replaced",
      "asciicast-v2",
      [
        { ...head, start: null },
        window(80, 24),
        output(1, smile.subarray(0, 2)),
        output(2, smile.subarray(2)),
        output(3, Uint8Array.of(255)),
        output(4, smile.subarray(0, 3)),
      ],
      [
        '{"version":2,"width":80,"height":24,"timestamp":1795297383,"env":{"TERM":"xterm"}}',
        '[0.002,"o","😀"]',
        '[0.003,"o","\ufffd"]',
        '[0.004,"o","\ufffd"]',
      ],
    ],
  ];

  test.each(cases)("%s", async (_, format, items, expected) => {
    expect((await exported(format, items)).bytes.toString().trimEnd().split("\n")).toEqual(expected);
  });

  test("what it cannot hold is told", async () => {
    expect(
      (await exported("asciicast-v2", [output(0, Uint8Array.of(255)), output(1, smile.subarray(0, 1))])).notices,
    ).toEqual([
      "asciicast holds nothing but text: bytes that are none became U+FFFD in 2 places",
      "the size of the terminal is not known: the header says 80x24",
    ]);
    expect((await exported("asciicast-v2", [window(80, 24), output(0, "\ufffd")])).notices).toEqual([]);
  });
});

describe("ttyrec", () => {
  test("frames under the moments they were shown at", async () => {
    const { bytes, notices } = await exported("ttyrec", whole);
    expect([...bytes]).toEqual([
      ...[0x67, 0x10, 0x02, 0x6b, 0x78, 0xd4, 0x03, 0, 3, 0, 0, 0, 0x61, 0xc2, 0x9b],
      ...[0x68, 0x10, 0x02, 0x6b, 0x98, 0x75, 0x0b, 0, 1, 0, 0, 0, 0x62],
    ]);
    expect(notices).toEqual(["ttyrec has no place for the size of the terminal and what was typed: left out"]);
  });

  test("times that are not known, or that 32 bits cannot hold", async () => {
    const unknown = await exported("ttyrec", [{ ...head, startedMs: null }, output(1500, "")]);
    expect([...unknown.bytes]).toEqual([1, 0, 0, 0, 0x20, 0xa1, 7, 0, 0, 0, 0, 0]);
    expect(unknown.notices).toEqual(["when it began is not known: its times count from 1970"]);
    const late = await exported("ttyrec", [{ ...head, startedMs: 1e15 }, output(0, "")]);
    expect(late.bytes.readUInt32LE(0)).toBe(2 ** 32 - 1);
  });
});

describe("script", () => {
  async function parts(items: readonly Item[]): Promise<Record<string, string>> {
    const files: Record<string, string> = {};
    for await (const { part, bytes } of exportScript(batches(items)))
      files[part] = (files[part] ?? "") + Buffer.from(bytes).toString();
    return files;
  }

  test("typescript, timing and what was typed", async () => {
    const first = `Script started on 2026-11-21 21:43:03+00:00 [COMMAND="vim 'it'\\''s' ''" TERM="xterm" TTY="/dev/pts/1" COLUMNS="80" LINES="24"]\n`;
    const last = '\nScript done on 2026-11-21 21:43:05+00:00 [COMMAND_EXIT_CODE="3"]\n';
    expect(await parts(whole)).toEqual({
      "": `${first}a\u009bb${last}`,
      ".input": `${first}i${last}`,
      ".timing": [
        "H 0.000000 START_TIME 2026-11-21 21:43:03+00:00",
        "H 0.000000 TERM xterm",
        "H 0.000000 TTY /dev/pts/1",
        "H 0.000000 COLUMNS 80",
        "H 0.000000 LINES 24",
        "H 0.000000 COMMAND vim 'it'\\''s' ''",
        "O 0.001000 3",
        "S 1.499000 SIGWINCH ROWS=30 COLS=100",
        "I 0.000000 1",
        "O 0.001000 1",
        "H 0.000000 DURATION 2.000000",
        "H 0.000000 EXIT_CODE 3",
        "",
      ].join("\n"),
    });
  });

  test("an end that no clock reaches, as anyone may write one", async () => {
    const { "": typescript = "", ".timing": timing } = await parts([head, end(0, null, Number.MAX_SAFE_INTEGER)]);
    expect(typescript).toContain('\nScript done on a day that is not known [COMMAND_EXIT_CODE="0"]\n');
    expect(timing).toMatch(/^H 0.000000 DURATION 9007199254740\./m);
  });

  test("nothing known; a command of several lines", async () => {
    expect(await parts([])).toEqual({
      "": "Script started on a day that is not known [<not executed on terminal>]\n\nScript done on a day that is not known\n",
      ".timing": "H 0.000000 DURATION 0.000000\n",
    });
    const { ".timing": timing } = await parts([
      { ...head, start: { command: ["a\nO 1 9"], cwd: "", tty: null, peer: null } },
    ]);
    expect(timing).toContain("H 0.000000 COMMAND a\\nO 1 9\n");
  });
});

test("raw and text are as rec-play prints them", async () => {
  expect((await exported("raw", whole)).bytes.toString()).toBe("a\u009bb");
  expect((await exported("text", [window(80, 24), output(0, "a\u001b[1mb")])).bytes.toString()).toBe("ab\n");
});
