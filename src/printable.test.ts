import { describe, expect, test } from "vitest";
import { fc } from "../test/harness/fast-check.ts";
import { printable, printableJson } from "./printable.ts";

describe("printable", () => {
  test.each([
    ["ordinary text is unchanged", "naïve 日本 😀 'x'", "naïve 日本 😀 'x'"],
    ["C0", "a\u001b[2Jb\u0000\u0007", "a\\x1b[2Jb\\x00\\x07"],
    ["short forms", "\n\r\t", "\\n\\r\\t"],
    ["DEL and C1", "\u007f\u0080\u009b", "\\x7f\\x80\\x9b"],
    ["bidirectional overrides", "\u202a\u202e\u2066\u2069\u200f", "\\u202a\\u202e\\u2066\\u2069\\u200f"],
    ["lone surrogates", "\ud83dx\ude00", "\\ud83dx\\ude00"],
    ["line separators", "\u2028\u2029", "\\u2028\\u2029"],
    ["their neighbours are unchanged", " ~\u00a0\u202f\u2065\u206a", " ~\u00a0\u202f\u2065\u206a"],
  ])("%s", (_name, text, expected) => {
    expect(printable(text)).toBe(expected);
  });

  test("nothing that a terminal obeys is left in any text", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) }),
        (text) => {
          expect(printable(text)).not.toMatch(/[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u);
        },
      ),
    );
  });

  test("printable JSON means the same", () => {
    const value = { a: "\u001b\u009b\u202e\u007f", b: ["😀"] };
    const text = printableJson(JSON.stringify(value, null, 2));
    expect(text).toContain('"\\u001b\\u009b\\u202e\\u007f"');
    expect(text).toContain("\n  ");
    expect(JSON.parse(text)).toEqual(value);
  });
});
