import { setFlagsFromString } from "node:v8";
import { beforeAll, describe, expect, test } from "vitest";
import { readerFlags } from "../../scripts/native.ts";
import { bounded, compilePattern } from "./pattern.ts";

test.each([
  ["[[:alpha:]]+", "--abc1", "abc"],
  ["[^[:space:]]+$", "a b\tcd", "cd"],
  ["[[:punct:]]{3}", "a]-[b", "]-["],
  ["[[:what:]]", "x:]", ":]"],
  ["[[:constructor:]]", "x:]", ":]"],
])("%s in %s finds %s", (source, text, found) => {
  expect(compilePattern(source).regexp.exec(text)?.[0]).toBe(found);
});

test.each([
  ["(", "unterminated group"],
  ["[z-a]", "range out of order in character class"],
  ["*", "nothing to repeat"],
])("%s is refused in words", (source, why) => {
  expect(() => compilePattern(source)).toThrow(`cannot use the pattern ${source}: ${why}`);
});

test("in a program that was started without the second engine, a clock holds the pattern", () => {
  // Not one of those below: V8 keeps what it compiled.
  const pattern = compilePattern("(a+)+b$");
  expect(pattern.isLinear).toBe(false);
  expect(() => bounded(pattern, () => pattern.regexp.test(`${"a".repeat(5000)}!`), 100)).toThrow(/after 0\.1 s/);
});

describe("a pattern that backtracks without end", () => {
  const text = `${"a".repeat(5000)}!`;

  // As the launcher starts readers.
  beforeAll(() => {
    for (const flag of readerFlags.filter((text) => text.includes("regexp"))) setFlagsFromString(flag);
  });

  test.each(["(a+)+$", "(a|a)*c", "(a*)*b", "(a|aa)+$"])("%s is matched in linear time", (source) => {
    const pattern = compilePattern(source);
    expect(pattern.isLinear).toBe(true);
    expect(bounded(pattern, () => pattern.regexp.test(text))).toBe(false);
  });

  test.each([
    ["(a|a)*c", "i"],
    ["((a{0,30}){0,30}){0,30}b", ""],
    ["(a+)+\\1$", ""],
    ["(?=(a+)+$)a", ""],
  ])("%s with flags %j is given up", (source, flags) => {
    const pattern = compilePattern(source, flags);
    expect(pattern.isLinear).toBe(false);
    expect(() => bounded(pattern, () => pattern.regexp.test(text), 100)).toThrow(/after 0\.1 s/);
    // And the next one works.
    expect(bounded(compilePattern("A", "i"), () => 1)).toBe(1);
  });
});

test("what the work throws passes", () => {
  const error = new Error("x");
  const work = (): never => {
    throw error;
  };
  expect(() => bounded(compilePattern("(?=a)"), work)).toThrow(error);
});
