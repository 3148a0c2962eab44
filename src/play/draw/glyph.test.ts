import { describe, expect, test } from "vitest";
import { certainWidth, glyph } from "./glyph.ts";

const glyphs: [string, string, string][] = [
  ["nothing", "", " "],
  ["a letter", "a", "a"],
  ["a letter and a mark", "e\u0301", "e\u0301"],
  ["a picture", "\u{1f600}", "\u{1f600}"],
  ["a prompt's symbol, of private use", "\ue0b0", "\ue0b0"],
  ["a mark alone", "\u0301", " \u0301"],
  ["more marks than a script needs", `e${"\u0301".repeat(500)}`, `e${"\u0301".repeat(8)}`],
  ["as many marks alone", "\u0301".repeat(500), ` ${"\u0301".repeat(8)}`],
  ["what changes the width of some", "\u2764\ufe0f", "\u2764"],
  ["what joins", "\u{1f469}\u200d", "\u{1f469}"],
  ["what turns the order round", "a\u202eb", "a"],
  ["what turns the order round, alone", "\u202e", "\ufffd"],
  ["an escape", "\u001b", "\ufffd"],
  ["an escape behind a letter", "a\u001b[31m", "a"],
  ["a C1 control", "\u009b", "\ufffd"],
  ["half a pair", "\ud83d", "\ufffd"],
  ["a line separator", "\u2028", "\ufffd"],
  ["a tag", "\u{e0041}", "\ufffd"],
  ["a soft hyphen", "\u00ad", "\ufffd"],
];

describe("glyphs", () => {
  test.each(glyphs)("%s", (_, text, expected) => {
    expect(glyph(text)).toBe(expected);
  });

  test("nothing but one character and marks comes out, whatever goes in", () => {
    const passed: string[] = [];
    for (let code = 0; code < 0x110000; code++) {
      const text = String.fromCodePoint(code);
      const out = glyph(text) + glyph(`a${text}`);
      if (/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(out)) passed.push(code.toString(16));
    }
    expect(passed).toEqual([]);
  });

  test.each([
    ["a", 1],
    ["\u6f22", 2],
    ["\u26f7", null],
    ["e\u0301", null],
    ["\u{1f600}", null],
  ] as const)("the width of %j is %j", (text, width) => {
    expect(certainWidth(text)).toBe(width);
  });
});
