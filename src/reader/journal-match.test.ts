import { describe, expect, test } from "vitest";
import { RecError } from "../errors.ts";
import { isMatchSymbol, matchAlternatives, matchWords } from "./journal-match.ts";

const cases: [string, string[]][] = [
  ["A=1", ["A=1"]],
  ["A=1 A=2 B=3", ["A=1", "A=2", "B=3"]],
  ["A=1 OR B=2", ["A=1", "+", "B=2"]],
  ["A=1 or A=2", ["A=1", "+", "A=2"]],
  ["A=1 AND B=2", ["A=1", "B=2"]],
  ["A=1 OR B=2 AND C=3 or D=4", ["A=1", "C=3", "+", "A=1", "D=4", "+", "B=2", "C=3", "+", "B=2", "D=4"]],
  ["A=1 OR B=2 And C=3 aNd D=4", ["A=1", "C=3", "D=4", "+", "B=2", "C=3", "D=4"]],
  ["A=1 AND A=1", ["A=1"]],
  ["OR A=1 OR OR AND AND B=2 OR", ["A=1", "B=2"]],
  ["_UID=0 AND A=--file=x", ["_UID=0", "A=--file=x"]],
  ["", []],
];

describe("journal matches", () => {
  test.each(cases)("%s", (symbols, expected) => {
    expect(matchWords(matchAlternatives(symbols.split(" ").filter((word) => word !== "")))).toEqual(expected);
  });

  test("every alternative gets what is to match as well", () => {
    expect(matchWords(matchAlternatives(["A=1", "OR", "B=2"]), ["C=3"])).toEqual(["A=1", "C=3", "+", "B=2", "C=3"]);
    expect(matchWords([], ["C=3"])).toEqual(["C=3"]);
  });

  test.each([
    "--file=/etc/shadow",
    "-b",
    "+",
    "__CURSOR=x",
    "a=1",
    "=1",
    "A",
    "A B=1",
    "/usr/bin/x",
    "",
    "A=1\u001b".slice(1),
  ])("%j is none", (text) => {
    expect(isMatchSymbol(text)).toBe(false);
    expect(() => matchAlternatives([text])).toThrow(expect.objectContaining({ code: "REC_JOURNAL_MATCH" }));
  });

  test.each(["OR", "and", "OR AND OR"])("%s alone would match everything", (text) => {
    expect(() => matchAlternatives(text.split(" "))).toThrow(
      `cannot use the journal match ${text}: it names no FIELD=VALUE`,
    );
  });

  test("what journalctl has no words for is refused: both of two values of one field", () => {
    expect(() => matchAlternatives(["A=1", "AND", "A=2"])).toThrow(
      "cannot use the journal match AND: journalctl cannot match different values of A on both sides",
    );
  });

  test("combinations without end are refused", () => {
    const side = Array.from({ length: 20 }, (_, i) => [`F${i}=1`, "OR"]).flat();
    expect(() => matchAlternatives([...side, "AND", ...side.map((word) => `X${word}`.replace("XOR", "OR"))])).toThrow(
      RecError,
    );
  });
});
