import { describe, expect, test } from "vitest";
import { importLines, memorySource } from "../../test/harness/imported.ts";
import type { Item } from "../format/item.ts";
import { detectImport } from "./detect.ts";
import { importName } from "./identity.ts";
import type { ImportFormat } from "./importer.ts";
import { unknownHead } from "./item.ts";
import { importItems } from "./messages.ts";
import { importedMessages } from "./recording.ts";

type Parts = Readonly<Record<string, string | Buffer>>;

function imported(format: ImportFormat, parts: Parts) {
  const bytes = Object.entries(parts).map(([part, text]) => [part, Buffer.from(text as string)] as const);
  return importLines(memorySource(Object.fromEntries(bytes), 10), format);
}

const v2 = '{"version": 2, "width": 80, "height": 24}\n';
const v3 = '{"version": 3, "term": {"cols": 80, "rows": 24}}\n';
const started = "Script started on 2026-11-22 02:00:00+00:00 [";
const frame = (seconds: number, us: number, text: string, length = text.length): Buffer => {
  const header = Buffer.alloc(12);
  [seconds, us, length].forEach((value, index) => {
    header.writeUInt32LE(value, index * 4);
  });
  return Buffer.concat([header, Buffer.from(text)]);
};
const log = "1795313261:alice:root:wheel:/dev/pts/0:24:80\n/home\n/bin/sh -c x\n";

/** Packets as text, the rest as it is. */
function told(item: Item): string {
  if (item.kind === "output") return `${item.atMs} > ${Buffer.from(item.bytes)}`;
  if (item.kind === "input") return `${item.atMs} < ${Buffer.from(item.bytes)}`;
  if (item.kind === "window") return `${item.atMs} ${item.columns}x${item.rows}`;
  if (item.kind === "bad") return `${item.place}: ${item.reason}`;
  return item.kind === "end" ? `exit ${item.exit ?? item.signal}` : item.kind;
}

const cases: [what: string, format: ImportFormat, parts: Parts, expected: string[]][] = [
  [
    "bad events are told, and the others played",
    "asciicast",
    {
      "": `${v2}[0.001, "o", "a"]\n{}\n[1]\n[0, "r", "0x0"]\n[0, "r", "wide"]\nnot\n[0.002, "z", ""]\n[0.002, "o", "b"]\n[0.003,`,
    },
    [
      "0 80x24",
      "1 > a",
      "2 > b",
      "line 3: not an event",
      "line 4: not an event of a time, a code and a text",
      "line 5: not a size of a terminal",
      "line 6: not a size of a terminal",
      "line 7: not JSON",
      "line 10: the line is not whole",
      "exit null",
    ],
  ],
  [
    "a character that is split between two events is one; half of one is none",
    "asciicast",
    { "": `${v2}[0, "o", "\\ud83d"]\n[0.001, "i", "\\ud83d"]\n[0.002, "o", "\\ude00x"]\n` },
    ["0 80x24", "2 > 😀x", "2 < \ufffd", "exit null"],
  ],
  [
    "intervals add up to the exact millisecond",
    "asciicast",
    { "": `${v3}${'[0.001, "o", "x"]\n'.repeat(3)}[1e-7, "x", "999"]\n` },
    ["0 80x24", "1 > x", "2 > x", "3 > x", "exit null"],
  ],
  [
    "time that goes back, and time beyond all bounds",
    "asciicast",
    { "": `${v2}[5, "o", "a"]\n[4, "o", "b"]\n[-1e300, "o", "c"]\n[1e300, "o", "d"]\n` },
    [
      "0 80x24",
      "5000 > abc",
      "2147483647999 > d",
      "second 5.000: time goes back",
      "second 5.000: time goes back",
      "second 5.000: time is beyond all bounds",
      "exit null",
    ],
  ],
  [
    "elements that are no events",
    "asciicast-v1",
    { "": '{"version": 1, "width": 80, "height": 24, "stdout": [[1, "a"], [1], [0.5, "b"], 5, [1, "c"]]}' },
    [
      "0 80x24",
      "1000 > a",
      "1500 > b",
      "event 2: not an event of a time, a code and a text",
      "event 3: the events are no array of arrays",
      "the end: the array of events is not whole",
      "exit null",
    ],
  ],
  [
    "an array in a string, and one that is nobody's",
    "asciicast-v1",
    { "": '{"version": 1, "x": [[1, "\\"stdout\\": ["]], "stdout": [[0, "]\\"["]]' },
    ['0 > ]"[', "exit null"],
  ],
  [
    "frames that end too early, and what is none",
    "ttyrec",
    { "": Buffer.concat([frame(100, 5000, "a"), frame(101, 0, "bc", 9)]) },
    ["0 > a", "995 > bc", "byte 14: the file ends 7 bytes before its frame does", "exit null"],
  ],
  [
    "what comes after a frame and is none",
    "ttyrec",
    { "": Buffer.concat([frame(100, 0, "a"), frame(1, 1_000_000, "b")]) },
    ["0 > a", "byte 14: no frame begins here", "exit null"],
  ],
  [
    "half a header",
    "ttyrec",
    { "": Buffer.concat([frame(1, 0, ""), Buffer.from("abc")]) },
    ["byte 13: the file ends inside a frame's header", "exit null"],
  ],
  [
    "bad records, missing bytes, what was typed without its file",
    "script",
    { "": `${started}COMMAND="x"]\nabc`, timing: "0.1 2\nwhat\nI 0.1 3\nS 0.1 SIGTERM\nO 0.5 9\n" },
    [
      "100 > ab",
      "800 > c",
      "line 2 of the timing: not a record of a timing",
      "line 5 of the timing: 8 bytes of output are missing",
      "exit null",
    ],
  ],
  [
    "more than the timing tells",
    "script",
    { "": `${started}COMMAND="x"]\nabcdef`, timing: "0.1 2\n" },
    ["100 > abcdef", "the end: more was shown than the timing tells: it comes at the end", "exit null"],
  ],
  [
    "no timing at all",
    "script",
    {
      "": `${started}COMMAND="a" TERM="t" TTY="/dev/x" COLUMNS="9" LINES="8"]\n${"x".repeat(600)}\nScript done on today [COMMAND_EXIT_CODE="7"]\n`,
    },
    ["0 9x8", `0 > ${"x".repeat(600)}`, "exit 7"],
  ],
  [
    "the log of an old sudo, a stream without a file, and one that is longer",
    "sudo",
    { log, timing: "4 0.5 2\n3 0.5 1\n5 0.25 10 20\n5 1 99999 1\n9 0 1\nx\n7 0.25 SIGTSTP\n6 0 1\n", ttyout: "abcd" },
    [
      "0 80x24",
      "500 > ab",
      "1250 20x10",
      "2500 > c",
      "line 2 of timing: 1 bytes of ttyin are missing: there is no such file",
      "second 2.250: a terminal of 1x99999 is too large",
      "line 5 of timing: not a record of a timing",
      "line 6 of timing: not a record of a timing",
      "ttyout: it holds more than the timing tells",
      "exit null",
    ],
  ],
  [
    "a log without a timing, and the end that a log server tells",
    "sudo",
    { "log.json": '{"submituser": "a", "command": "x", "signal": "KILL", "exit_value": 0}' },
    ["timing: there is none, so nothing can be played", "exit SIGKILL"],
  ],
];

test.each(cases)("%s (%s)", async (_, format, parts, expected) => {
  const { items } = await imported(format, parts);
  expect(items.map(told)).toEqual(["head", ...expected]);
});

const undated: [format: ImportFormat, parts: Parts][] = [
  ["asciicast", { "": '{"version": 2, "width": 80, "height": 24, "timestamp": 999999999999}\n' }],
  ["sudo", { "log.json": '{"submituser": "a", "command": "x", "timestamp": {"seconds": 9007199254740991}}' }],
  ["sudo", { log: "999999999999:a:b::/dev/x:24:80\n/\nx\n" }],
  ["script", { "": "Script started on 9999-12-31 23:59:59+00:00 []\n" }],
];

test.each(undated)("a time beyond all dates is not told (%s %j)", async (format, parts) => {
  const { items } = await imported(format, parts);
  expect(items[0]).toMatchObject({ kind: "head", startedMs: null });
});

const refused: [format: ImportFormat, parts: Parts, why: string][] = [
  ["asciicast", { "": "" }, "it is empty"],
  ["asciicast", { "": '{"version": 9}\n' }, "line 1: no header of asciicast version 2 or 3"],
  ["asciicast", { "": "x\n" }, "line 1: not JSON"],
  [
    "asciicast-v1",
    { "": '{"version": 1, "width": 80}' },
    "line 1: no header of asciicast version 1 comes before its events",
  ],
  ["asciicast-v1", { "": '{"version": 1, "width": 80' }, "the end: there was no field stdout"],
  ["asciicast-v1", { "": '{"stdout": []}' }, "line 1: no header of asciicast version 1 comes before its events"],
  ["ttyrec", { "": "not a frame at all" }, "byte 1: no frame begins here"],
  ["script", {}, "it is empty"],
  ["sudo", { log: "x" }, "log: no log of sudo is in log.json or log"],
];

test.each(refused)("%s %j is refused", async (format, parts, why) => {
  await expect(imported(format, parts)).rejects.toMatchObject({
    code: "REC_IMPORT",
    message: `cannot import x: ${why}`,
  });
});

test("of wrong places without end the first are told, the others counted, and too many end it", async () => {
  const { items } = await imported("asciicast", { "": `${v2}${"x\n".repeat(100)}` });
  expect(items.filter(({ kind }) => kind === "bad")).toHaveLength(21);
  expect(items.at(-2)).toMatchObject({ reason: "and 80 more such places" });
  async function* endless() {
    yield { ...unknownHead, format: "x" } as const;
    for (;;) yield { kind: "bad", place: "x", reason: "y" } as const;
  }
  const lines = [];
  for await (const { end } of importedMessages(endless(), { rec: "r", file: "f", atMs: 0, notice: () => {} }))
    lines.push(end);
  expect(lines.at(-1)?.bad?.at(-1)?.reason).toBe("and 100000 more such places: nothing was read after them");
});

describe("messages", () => {
  async function bads(items: readonly Item[]): Promise<string[]> {
    async function* batches(): AsyncGenerator<readonly Item[]> {
      yield items;
    }
    const found: string[] = [];
    for await (const item of importItems(batches()))
      found.push(item.kind === "bad" ? `${item.place}: ${item.reason}` : item.kind);
    return found;
  }
  const head: Item = { kind: "head", rec: "r", host: "h", user: "u", term: "", session: 1, startedMs: 5, start: null };
  const start = { command: ["x"], cwd: "/", tty: null, peer: null };
  const gap: Item = { kind: "gap", fromId: 2, toId: 3, fromMs: 1500, toMs: 2000 };
  const unended: Item = { kind: "unended", lastId: 7, lastMs: 8 };

  test("what is missing is told; that tlog tells no end is nothing new", async () => {
    expect(await bads([head, gap, unended])).toEqual(["head", "second 1.500: messages 2 to 3 are missing"]);
    expect(await bads([{ ...head, start }, { ...gap, toId: 2 }, unended])).toEqual([
      "head",
      "second 1.500: message 2 is missing",
      "message 7: the recording stops without its end",
    ]);
  });
});

test.each([
  ['{"version": 3, "term": {}}\n', "asciicast"],
  ['{"width": 80, "height": 24, "version": 2}\n[]', "asciicast"],
  ['\n {"version":1,', "asciicast-v1"],
  ['{"ver":"2.3","version":2}', null],
  ["0.1 5\n", "timing"],
  ["H 0.0 START_TIME x\n", "timing"],
  ["Script started on 2026", "script"],
  ["", null],
  ["plain text of some length\n", null],
  [frame(5, 5, "x"), "ttyrec"],
  [Buffer.alloc(4096), null],
  [frame(5, 5, "x", 99_999_999), null],
])("%j is %s", (head, format) => {
  expect(detectImport(Buffer.from(head as string))).toBe(format);
});

test.each([
  ["/var/log/sudo-io/00/0A/3F", "00/0A/3F"],
  ["/x/00/0A/demo.cast", "demo.cast"],
  ["demo.cast", "demo.cast"],
])("the name of %s is %s", (path, name) => {
  expect(importName(path)).toBe(name);
});
