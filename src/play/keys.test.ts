import { describe, expect, test } from "vitest";
import { KeyParser } from "./keys.ts";

const cases: [string, string, string][] = [
  ["keys", "p q.G12:{}\u007f ", "p q.G12:{}\u007f "],
  ["an arrow key", "\u001b[Aq", "q"],
  ["an arrow key in application mode", "\u001bOAq", "q"],
  ["a cursor position report", "\u001b[12;40Rq", "q"],
  ["device attributes", "\u001b[?64;1;2cq", "q"],
  ["an X10 mouse report", "\u001b[M !qq", "q"],
  ["an SGR mouse report", "\u001b[<0;12;3Mq", "q"],
  ["a colour answer ended by BEL", "\u001b]11;rgb:ffff/qqqq/0000\u0007q", "q"],
  ["a colour answer ended by ST", "\u001b]11;rgb:ffff/qqqq/0000\u001b\\q", "q"],
  ["a DCS answer", "\u001bP1$r0qqq\u001b\\q", "q"],
  ["a DCS answer with BEL inside, which tmux may pass", "\u001bP>|tmux\u0007q", "q"],
  ["alt and a key", "\u001bqq", "q"],
  ["escape twice", "\u001b\u001b[Aq", "q"],
  ["a sequence cut off by another", "\u001b[12\u001b[Aq", "q"],
  ["a sequence cancelled", "\u001b[12\u0018q", "q"],
];

function keysOf(chunks: readonly Uint8Array[], stepMs = 0): string {
  const parser = new KeyParser();
  return chunks.flatMap((chunk, index) => [...parser.push(chunk, index * stepMs)]).join("");
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
});
