import { describe, expect, test } from "vitest";
import { KeyParser } from "./keys.ts";

const cases: [string, string, string][] = [
  ["keys", "p q.G12:{} ", "p   q . G 1 2 : { }  "],
  ["keys with names", "\r\b\u007f", "enter backspace backspace"],
  ["a character of several bytes", "\u00c3\u00a9\u00f0\u009f\u0098\u0080", "\u00e9 \u{1f600}"],
  ["arrow keys", "\u001b[Aq\u001b[B\u001b[C\u001b[D", "up q down right left"],
  ["arrow keys in application mode", "\u001bOAq\u001bOB\u001bOC\u001bOD", "up q down right left"],
  [
    "arrow keys with shift",
    "\u001b[1;2C\u001b[1;2D\u001b[c\u001b[d\u001bOc\u001bOd",
    "shift-right shift-left ".repeat(3).trim(),
  ],
  ["arrow keys with other keys", "\u001b[1;5C\u001b[1;3D\u001b[5~\u001b[H\u001bOPq", "q"],
  ["a cursor position report", "\u001b[12;40Rq", "q"],
  ["device attributes", "\u001b[?64;1;2cq", "q"],
  ["an X10 mouse report", "\u001b[M !qq", "q"],
  ["an SGR mouse report", "\u001b[<0;12;3Mq", "q"],
  ["a colour answer ended by BEL", "\u001b]11;rgb:ffff/qqqq/0000\u0007q", "q"],
  ["a colour answer ended by ST", "\u001b]11;rgb:ffff/qqqq/0000\u001b\\q", "q"],
  ["a DCS answer", "\u001bP1$r0qqq\u001b\\q", "q"],
  ["a DCS answer with BEL inside, which tmux may pass", "\u001bP>|tmux\u0007q", "q"],
  ["alt and a key", "\u001bqq", "q"],
  ["escape twice", "\u001b\u001b[Aq", "up q"],
  ["a sequence cut off by another", "\u001b[12\u001b[Aq", "up q"],
  ["a string cut off by a key", "\u001b]11;rgb\u001b[Aq", "up q"],
  ["a long sequence", `\u001b[${"1".repeat(10_000)}Cq`, "q"],
  ["a sequence cancelled", "\u001b[12\u0018q", "q"],
];

function keysOf(chunks: readonly Uint8Array[], stepMs = 0): string {
  const parser = new KeyParser();
  return chunks.flatMap((chunk, index) => [...parser.push(chunk, index * stepMs)]).join(" ");
}

describe("keys", () => {
  test.each(cases)("%s", (_, typed, keys) => {
    expect(keysOf([Buffer.from(typed, "latin1")])).toBe(keys);
  });

  test.each(cases)("%s, split at every byte", (_, typed, keys) => {
    const bytes = Buffer.from(typed, "latin1");
    expect(
      keysOf(
        [...bytes].map((byte) => Uint8Array.of(byte)),
        20,
      ),
    ).toBe(keys);
  });

  test.each(["\u001b", "\u001b[12", "\u001b]11;rgb", "\u001bPabc"])(
    "after silence %j no longer takes keys",
    (typed) => {
      expect(keysOf([Buffer.from(typed), Buffer.from("q")], 1001)).toBe("q");
    },
  );

  test("an escape after which nothing comes is a key, told once", () => {
    const parser = new KeyParser();
    expect([...parser.push(Buffer.from("\u001b"), 0)]).toEqual([]);
    expect(parser.isEscapePending).toBe(true);
    expect(parser.takeEscape()).toEqual(["escape"]);
    expect(parser.takeEscape()).toEqual([]);
    expect([...parser.push(Buffer.from("q"), 200)]).toEqual(["q"]);
  });

  test("a sequence whose escape was taken for a key is still one", () => {
    const parser = new KeyParser();
    const keys = ["\u001b", "[D", "\u001b", "[6;6R", "\u001b", "]11;q\u0007"].flatMap((text, index) => [
      ...parser.push(Buffer.from(text), index * 200),
      ...parser.takeEscape(),
    ]);
    expect(keys).toEqual(["escape", "left", "escape", "escape"]);
  });
});
