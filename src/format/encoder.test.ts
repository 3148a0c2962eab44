import { describe, expect, test } from "vitest";
import { Encoder } from "./encoder.ts";

const identity = { host: "vm", rec: "r-1-2", user: "root", term: "xterm", session: 4294967295 };
const head = '"ver":"2.3","host":"vm","rec":"r-1-2","user":"root","term":"xterm","session":4294967295';
const utf8 = new TextEncoder();
const start = { command: ["cat"], cwd: "/", tty: "/dev/pts/1", peer: null };
const end = { exit: 0, signal: null, inBytes: 0, outBytes: 0, durationMs: 0 };

type Operation = (encoder: Encoder) => void;

const out =
  (atMs: number, ...parts: (string | readonly number[])[]): Operation =>
  (encoder) =>
    encoder.output(bytesOf(parts), atMs);
const input =
  (atMs: number, ...parts: (string | readonly number[])[]): Operation =>
  (encoder) =>
    encoder.input(bytesOf(parts), atMs);
const window =
  (atMs: number, columns = 80, rows = 24): Operation =>
  (encoder) =>
    encoder.window(columns, rows, atMs);
const lose =
  (atMs: number, inBytes: number, outBytes: number): Operation =>
  (encoder) =>
    encoder.lose(inBytes, outBytes, atMs);
const moved: Operation = (encoder) =>
  encoder.transfer({ command: ["scp"], inBytes: 1, outBytes: 2, fromMs: 3.5, toMs: 4.5 });
const flush =
  (atMs: number, cutBeforeMs?: number): Operation =>
  (encoder) =>
    encoder.flush(atMs, cutBeforeMs);

function bytesOf(parts: readonly (string | readonly number[])[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => (typeof part === "string" ? [...utf8.encode(part)] : part)));
}

/** Lines, without their newline, that the operations and a last flush emit; `refuse` tells which calls of emit are refused. */
function encode(operations: readonly Operation[], payloadBytes = 2048, refuse: readonly number[] = [], startedMs = 0) {
  const lines: string[] = [];
  let call = 0;
  const encoder = new Encoder(identity, { payloadBytes, startedMs, originMs: 0 }, (message) => {
    if (refuse.includes(++call)) return false;
    lines.push(new TextDecoder().decode(message.line.subarray(0, -1)));
    return true;
  });
  for (const operation of operations) operation(encoder);
  encoder.flush(1e6, Number.POSITIVE_INFINITY);
  return lines;
}

/** The line without `ver` to `time`. */
function contents(line: string): string {
  return line.slice(line.indexOf('"timing"'), -1);
}

function payload(timing: string, inTxt: string, inBin: string, outTxt: string, outBin: string): string {
  return `"timing":"${timing}","in_txt":"${inTxt}","in_bin":[${inBin}],"out_txt":"${outTxt}","out_bin":[${outBin}]`;
}

/** The worked examples of tlog, byte for byte. */
const examples: [name: string, operations: Operation[], lines: string[], payloadBytes?: number, startedMs?: number][] =
  [
    [
      "one line of output after the window",
      [window(0), out(1, "hello\r\n")],
      [`{${head},"id":1,"pos":0,"time":1795297383.705,${payload("=80x24+1>7", "", "", "hello\\r\\n", "")}}`],
      2048,
      1795297383705,
    ],
    [
      "input, its echo a little later, a resize",
      [
        window(0),
        input(489, "a"),
        out(490, "a"),
        window(790, 100, 30),
        input(1090, "b\n"),
        out(1091, "b\r\nab\r\n"),
        input(1391, "\u0004"),
      ],
      [
        `{${head},"id":1,"pos":0,"time":1795297383.827,${payload("=80x24+489<1+1>1+300=100x30+300<2+1>7+300<1", "ab\\n\\u0004", "", "ab\\r\\nab\\r\\n", "")}}`,
      ],
      2048,
      1795297383827,
    ],
    [
      "broken UTF-8, split characters, escapes",
      [
        window(0),
        out(0, "A", [0xff, 0xc0, 0x80], "B", [0xed, 0xa0, 0x80], 'C\ufffdD\0E\u007f\u001b[0m"\\/\r\n'),
        out(52, [0xf0, 0x9f, 0x98]),
        out(103, [0x80], "|", [0xf0, 0x9f]),
        out(154, "X"),
      ],
      [
        `{${head},"id":1,"pos":0,"time":1795297385.352,${payload("=80x24>1]3/3>1]3/3>15+103>2]1/2+51>1", "", "", 'A\ufffd\ufffd\ufffdB\ufffd\ufffd\ufffdC\ufffdD\\u0000E\\u007f\\u001b[0m\\"\\\\/\\r\\n😀|\ufffdX', "255,192,128,237,160,128,240,159")}}`,
      ],
      2048,
      1795297385352,
    ],
    [
      "a payload of 64 bytes",
      [window(0), out(1, "0123456789abcdef".repeat(5))],
      [
        `{${head},"id":1,"pos":0,"time":0.000,${payload("=80x24+1>53", "", "", "0123456789abcdef0123456789abcdef0123456789abcdef01234", "")}}`,
        `{${head},"id":2,"pos":1,"time":0.001,${payload("=80x24>27", "", "", "56789abcdef0123456789abcdef", "")}}`,
      ],
      64,
    ],
    [
      "a program that ends inside a character",
      [window(0), out(0, "ok", [0xe2, 0x82])],
      [`{${head},"id":1,"pos":0,"time":0.000,${payload("=80x24>2]1/2", "", "", "ok\ufffd", "226,130")}}`],
    ],
    [
      "latency",
      [window(0), out(0, "1"), flush(1000), out(1502, "2"), out(1753, "3"), flush(2502)],
      [
        `{${head},"id":1,"pos":0,"time":0.000,${payload("=80x24>1", "", "", "1", "")}}`,
        `{${head},"id":2,"pos":1502,"time":1.502,${payload("=80x24>1+251>1", "", "", "23", "")}}`,
      ],
    ],
    [
      "no terminal, so no window",
      [input(0, "in1\nin2\n")],
      [`{${head},"id":1,"pos":0,"time":0.000,${payload("<8", "in1\\nin2\\n", "", "", "")}}`],
    ],
    [
      "a character cut long after: unlike tlog, pos does not go back",
      [window(0), out(303, [0xd0]), window(985, 100, 30), flush(1000), out(3303, "Z")],
      [
        `{${head},"id":1,"pos":0,"time":0.000,${payload("=80x24+985=100x30", "", "", "", "")}}`,
        `{${head},"id":2,"pos":985,"time":0.985,${payload("=100x30]1/1+2318>1", "", "", "\ufffdZ", "208")}}`,
      ],
    ],
  ];

describe("tlog's worked examples", () => {
  test.each(examples)("%s", (_, operations, lines, payloadBytes = 2048, startedMs = 0) => {
    expect(encode(operations, payloadBytes, [], startedMs)).toEqual(lines);
  });
});

const cases: [name: string, operations: Operation[], contents: string[], payloadBytes?: number][] = [
  [
    "input and output of one millisecond keep their order",
    [out(0, "1"), input(0.5, "a"), out(0.9, "2")],
    [payload(">1<1>1", "a", "", "12", "")],
  ],
  [
    "fractions of milliseconds are carried, not lost",
    [out(0, "a"), out(0.7, "b"), out(1.4, "c"), out(2.1, "d"), out(2.8, "e")],
    [payload(">2+1>1+1>2", "", "", "abcde", "")],
  ],
  [
    "an equal window is nothing",
    [window(0), out(0, "a"), window(5), out(5.5, "b")],
    [payload("=80x24>1+5>1", "", "", "ab", "")],
  ],
  [
    "windows of one millisecond are all kept",
    [window(0), window(0, 81, 25), window(0, 82, 26)],
    [payload("=80x24=81x25=82x26", "", "", "", "")],
  ],
  [
    "a window between the bytes of a character comes before it",
    [window(0), out(1, [0xc3]), window(2, 81, 25), out(3, [0xa9])],
    [payload("=80x24+2=81x25+1>1", "", "", "é", "")],
  ],
  [
    "the two directions have a pending character each",
    [out(0, [0xc3]), input(0, [0xe2, 0x82]), out(1, [0xa9]), input(2, [0xac])],
    [payload(">1+1<1", "€", "", "é", "")],
  ],
  [
    "ten characters need a digit more",
    [out(0, "0123456789".repeat(3))],
    [payload(">29", "", "", "01234567890123456789012345678", ""), payload(">1", "", "", "9", "")],
    32,
  ],
  [
    "the longest broken sequence fits the smallest payload",
    [window(0, 65535, 65535), out(1, [0xf4, 0x8f, 0xbf])],
    [payload("=65535x65535+1]1/3", "", "", "\ufffd", "244,143,191")],
    32,
  ],
  [
    "ten bytes need a digit more",
    [out(0, ...new Array<number[]>(4).fill([0xf0, 0x9f, 0x98]), "a")],
    [
      payload("]3/9", "", "", "\ufffd\ufffd\ufffd", "240,159,152,240,159,152,240,159,152"),
      payload("]1/3>1", "", "", "\ufffda", "240,159,152"),
    ],
    63,
  ],
  [
    "a flush leaves a young unfinished character and cuts an old one",
    [out(0, "a", [0xc3]), flush(10, 0), out(20, [0xa9, 0xc3]), flush(30, 21), out(40, "b")],
    [payload(">1", "", "", "a", ""), payload(">1]1/1", "", "", "é\ufffd", "195"), payload(">1", "", "", "b", "")],
  ],
];

describe("what is written", () => {
  test.each(cases)("%s", (_, operations, expected, payloadBytes) => {
    expect(encode(operations, payloadBytes).map(contents)).toEqual(expected);
  });
});

const empty = payload("", "", "", "", "");
const startField = ',"start":{"command":["cat"],"cwd":"/","tty":"/dev/pts/1","peer":null}';
const endField = ',"end":{"exit":0,"signal":null,"in":0,"out":0,"duration":0,"messages":';
const additive: [name: string, operations: Operation[], contents: string[], refuse?: number[]][] = [
  [
    "the first and the last message",
    [
      (encoder) => encoder.start(start, 0),
      out(1, "a"),
      (encoder) => encoder.end({ ...end, exit: null, signal: "SIGKILL" }, 2),
    ],
    [
      empty + startField,
      payload(">1", "", "", "a", ""),
      `${empty}${endField.replace('0,"signal":null', 'null,"signal":"SIGKILL"')}3}`,
    ],
  ],
  [
    "a loss is told by the message after it, before what comes after it",
    [out(0, "a"), lose(5, 1, 2), lose(7, 0, 3), out(9, "b")],
    [payload(">1", "", "", "a", ""), `${payload(">1", "", "", "b", "")},"lost":{"in":1,"out":5,"from":5,"to":7}`],
  ],
  [
    "a transfer is told by the message after it",
    [out(0, "a"), flush(1), moved, out(9, "b")],
    [
      payload(">1", "", "", "a", ""),
      `${payload(">1", "", "", "b", "")},"transfer":{"command":["scp"],"in":1,"out":2,"from":3,"to":4}`,
    ],
  ],
  [
    "a transfer that has no room beside what was shown makes a message of its own",
    [out(0, "x".repeat(2000)), moved, flush(5), out(9, "b")],
    [
      payload(">2000", "", "", "x".repeat(2000), ""),
      `${payload("", "", "", "", "")},"transfer":{"command":["scp"],"in":1,"out":2,"from":3,"to":4}`,
      payload(">1", "", "", "b", ""),
    ],
  ],
  [
    "a loss alone makes a message",
    [window(0), flush(1), lose(5, 0, 2), flush(9)],
    [payload("=80x24", "", "", "", ""), `${payload("=80x24", "", "", "", "")},"lost":{"in":0,"out":2,"from":5,"to":5}`],
  ],
  [
    "bytes from after a loss do not complete a character from before it",
    [out(0, [0xc3]), lose(1, 0, 1), out(2, [0xa9])],
    [
      payload("]1/1", "", "", "\ufffd", "195"),
      `${payload("]1/1", "", "", "\ufffd", "169")},"lost":{"in":0,"out":1,"from":1,"to":1}`,
    ],
  ],
  [
    "the same of input",
    [input(0, [0xc3]), lose(1, 1, 0), input(2, [0xa9])],
    [
      payload("[1/1", "\ufffd", "195", "", ""),
      `${payload("[1/1", "\ufffd", "169", "", "")},"lost":{"in":1,"out":0,"from":1,"to":1}`,
    ],
  ],
  [
    "a refused message is told as lost, and its window is repeated",
    [window(0), out(3, "ab"), input(4, "c"), flush(5), out(6, "d")],
    [`${payload("=80x24>1", "", "", "d", "")},"lost":{"in":1,"out":2,"from":0,"to":4}`],
    [1],
  ],
  [
    "a refused first message is told by the next, a refused last one was emitted all the same",
    [(encoder) => encoder.start(start, 0), out(1, "a"), flush(2), out(3, "b"), (encoder) => encoder.end(end, 4)],
    [payload(">1", "", "", "a", "") + startField],
    [1, 3, 4, 5],
  ],
];

describe("additive fields", () => {
  test.each(additive)("%s", (_, operations, expected, refuse) => {
    expect(encode(operations, 2048, refuse).map(contents)).toEqual(expected);
  });

  test("ids have no holes where messages were refused", () => {
    const lines = encode([out(0, "a"), flush(1), out(2, "b"), flush(3), out(4, "c")], 2048, [2]);
    expect(lines.map((line) => JSON.parse(line).id)).toEqual([1, 2]);
  });

  test("the last message is marked, so that no policy refuses it", () => {
    const marks: unknown[] = [];
    const encoder = new Encoder(identity, { payloadBytes: 32, startedMs: 0, originMs: 0 }, (message) => {
      marks.push(message.end !== undefined);
      return false;
    });
    encoder.output(utf8.encode("a"), 0);
    encoder.end(end, 1);
    expect(marks).toEqual([false, true]);
  });
});

describe("what waits", () => {
  test("pendingSinceMs is the moment of the oldest thing that no message has told", () => {
    const encoder = new Encoder(identity, { payloadBytes: 64, startedMs: 0, originMs: 0 }, () => true);
    const seen: unknown[] = [encoder.pendingSinceMs];
    const check = (operation: Operation) => {
      operation(encoder);
      seen.push(encoder.pendingSinceMs);
    };
    check(window(1.5));
    check(out(2, "a"));
    check(flush(3));
    check(out(4, [0xc3]));
    check(flush(5));
    check(flush(5, 4.5));
    check(lose(6, 0, 1));
    check(out(7, "b"));
    check(flush(8));
    check(window(9));
    expect(seen).toEqual([undefined, 1.5, 1.5, undefined, 4, 4, undefined, 6, 6, undefined, undefined]);
  });

  test("a loss that could not be told waits from the moment it was refused", () => {
    const encoder = new Encoder(identity, { payloadBytes: 64, startedMs: 0, originMs: 0 }, () => false);
    encoder.output(utf8.encode("a"), 1);
    encoder.flush(5);
    expect(encoder.pendingSinceMs).toBe(5);
    encoder.flush(9);
    expect(encoder.pendingSinceMs).toBe(9);
  });

  test("a payload that cannot hold the longest record is a bug of the caller", () => {
    expect(() => new Encoder(identity, { payloadBytes: 31, startedMs: 0, originMs: 0 }, () => true)).toThrow(
      RangeError,
    );
  });
});
