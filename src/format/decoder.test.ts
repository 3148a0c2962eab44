import { describe, expect, test } from "vitest";
import { Decoder, type DecoderOptions } from "./decoder.ts";

const fields = {
  ver: "2.3",
  host: "",
  rec: "r",
  user: "u",
  term: "",
  session: 1,
  time: 1.5,
  timing: ">1",
  in_bin: [],
  out_txt: "x",
  out_bin: [],
};
const end = { exit: 0, signal: null, in: 0, out: 0, duration: 0, messages: 1 };

function message(id: number, pos: number, change: Record<string, unknown> = {}): string {
  return JSON.stringify({ ...fields, id, pos, ...change });
}

/** What the lines hold, in short; a last line that ends in "…" is not whole. */
function decode(lines: readonly string[], options: DecoderOptions = {}): string[] {
  const decoder = new Decoder(options);
  const items = lines.flatMap((text, index) => {
    const isWhole = !text.endsWith("…");
    return decoder.decode({ text: isWhole ? text : text.slice(0, -1), place: `line ${index + 1}`, isWhole });
  });
  return [...items, ...decoder.finish()].map((item) => {
    if (item.kind === "bad") return `${item.place}: ${item.reason}`;
    if (item.kind === "gap") return `gap ${item.fromId}-${item.toId} ${item.fromMs}-${item.toMs}`;
    if (item.kind === "lost") return `lost ${item.inBytes}/${item.outBytes} ${item.fromMs}-${item.toMs}`;
    if (item.kind === "window") return `${item.atMs} ${item.columns}x${item.rows}`;
    if (item.kind === "head") return `head ${item.rec} ${item.startedMs}`;
    if (item.kind === "transfer") return `transfer ${item.command.join(" ")} ${item.inBytes}/${item.outBytes}`;
    if (item.kind === "end") return `end ${item.messages}`;
    if (item.kind === "unended") return `unended ${item.lastId} ${item.lastMs}`;
    return `${item.atMs} ${Buffer.from(item.bytes).toString("latin1")}`;
  });
}

const cases: [name: string, lines: string[], expected: string[]][] = [
  ["nothing", [], []],
  ["blank lines", ["", " \r"], []],
  [
    "an ended recording",
    [message(1, 0), message(2, 5, { end: { ...end, messages: 2 } })],
    ["head r 1500", "0 x", "5 x", "end 2"],
  ],
  ["an unended one", [message(1, 0), message(2, 5)], ["head r 1500", "0 x", "5 x", "unended 2 5"]],
  ["no time", [message(1, 0, { time: undefined })], ["head r null", "0 x", "unended 1 0"]],
  ["the first id is 0", [message(0, 0), message(1, 1)], ["head r 1500", "0 x", "1 x", "unended 1 1"]],
  ["the beginning is missing", [message(3, 9)], ["head r 1491", "gap 1-2 0-9", "9 x", "unended 3 9"]],
  ["messages are missing", [message(1, 0), message(4, 7)], ["head r 1500", "0 x", "gap 2-3 0-7", "7 x", "unended 4 7"]],
  [
    "the gap begins at the last thing known",
    [message(1, 0, { timing: ">1+5" }), message(3, 9)],
    ["head r 1500", "0 x", "gap 2-2 0-9", "9 x", "unended 3 9"],
  ],
  [
    "the end tells of more messages than came",
    [message(1, 0, { end: { ...end, messages: 3 } })],
    ["head r 1500", "0 x", "gap 2-3 0-0", "end 3"],
  ],
  [
    "a message comes twice",
    [message(1, 0), message(1, 0), message(2, 1)],
    ["head r 1500", "0 x", "line 2: message 1 is repeated", "1 x", "unended 2 1"],
  ],
  [
    "a message comes late",
    [message(2, 1), message(1, 0)],
    ["head r 1499", "gap 1-1 0-1", "1 x", "line 2: message 1 comes after message 2", "unended 2 1"],
  ],
  [
    "time goes back, as tlog writes it: it stands still, and what comes after is right",
    [message(1, 985), message(2, 303, { timing: ">1+3000>1", out_txt: "ab" })],
    ["head r 515", "985 x", "line 2: time goes back from 985 to 303 ms", "985 a", "3303 b", "unended 2 3303"],
  ],
  [
    "a bad line among good ones",
    [message(1, 0), "x", message(2, 1)],
    ["head r 1500", "0 x", "line 2: not a message: not JSON", "1 x", "unended 2 1"],
  ],
  [
    "a bad first line",
    ["{}", message(1, 0)],
    ["line 1: not a message that can be played: field ver: is missing", "head r 1500", "0 x", "unended 1 0"],
  ],
  [
    "timing that asks for too much: the message is there, and what it holds is not played",
    [message(1, 0, { timing: ">9" }), message(2, 1)],
    [
      "head r 1500",
      "line 1: message 1: not a message that can be played: field out_txt: has fewer characters than timing tells",
      "1 x",
      "unended 2 1",
    ],
  ],
  [
    "half a last line",
    [message(1, 0), `${message(2, 1).slice(0, 50)}…`],
    ["head r 1500", "0 x", "line 2: the line is not whole", "unended 1 0"],
  ],
  [
    "a last line without its newline",
    [message(1, 0), `${message(2, 1)}…`],
    ["head r 1500", "0 x", "1 x", "unended 2 1"],
  ],
  [
    "equal windows are one, also between messages",
    [message(1, 0, { timing: "=80x24=80x24>1+1=81x24" }), message(2, 2, { timing: "=81x24>1" })],
    ["head r 1500", "0 80x24", "0 x", "1 81x24", "2 x", "unended 2 2"],
  ],
  [
    "a loss is told before what comes after it",
    [message(1, 0), message(2, 9, { lost: { in: 1, out: 2, from: 3, to: 8 } })],
    ["head r 1500", "0 x", "lost 1/2 3-8", "9 x", "unended 2 9"],
  ],
  [
    "a message after the end",
    [message(1, 0, { end }), message(2, 1)],
    ["head r 1500", "0 x", "end 1", "line 2: message 2 comes after the end of the recording", "1 x"],
  ],
  [
    "other recordings are counted",
    [message(1, 0), message(1, 0, { rec: "s" }), message(2, 5, { rec: "s" }), message(2, 1)],
    ["head r 1500", "0 x", "1 x", "line 2: passed over 2 messages of other recordings, from here on", "unended 2 1"],
  ],
  [
    "versions that have no rec",
    [message(1, 0, { ver: "1", rec: undefined, time: undefined })],
    ["head  null", "0 x", "unended 1 0"],
  ],
];

test.each(cases)("%s", (_, lines, expected) => {
  expect(decode(lines)).toEqual(expected);
});

describe("one recording of several", () => {
  const lines = [message(1, 0), message(1, 0, { rec: "s" }), message(2, 5, { rec: "s" }), message(2, 1)];
  test("only it is decoded, in silence", () => {
    expect(decode(lines, { rec: "s" })).toEqual(["head s 1500", "0 x", "5 x", "unended 2 5"]);
  });
  test("one that is not there is nothing", () => {
    expect(decode(lines, { rec: "t" })).toEqual([]);
  });
});

test("the head tells how the recording was started", () => {
  const start = { command: ["a"], cwd: "/", tty: null, peer: null };
  const [head] = new Decoder().decode({ text: message(1, 0, { start }), place: "", isWhole: true });
  expect(head).toMatchObject({ kind: "head", start, user: "u", session: 1 });
});
