import { expect, test } from "vitest";
import { parseArguments } from "../config/arguments.ts";
import { playOptions } from "../config/play-options.ts";
import { idWords, playLines } from "./play-line.ts";

test.each(["--unsafe-raw", "-", "-M", "--", "/tmp/x.jsonl", "..", "a b", "$(id)", "import-0f", "17-2"])(
  "the line for the recording %j gives the player its id, and nothing else",
  (rec) => {
    const words = idWords(rec);
    const { values, positionalIndexes } = parseArguments(playOptions, words, true);
    const operands = positionalIndexes.map((index) => words[index]);
    expect([...values].filter(([path]) => path !== "file.match")).toEqual([]);
    expect([...operands, ...[values.get("file.match") ?? []].flat()]).toEqual([rec]);
    expect(operands.join("")).not.toMatch(/[^\w-]/);
  },
);

test("a moment and words, for a shell", () => {
  expect(playLines(idWords("17-2"))(7)).toBe("rec-play -g 0:00:00.007 17-2");
  expect(playLines(idWords("it's"))(0)).toBe("rec-play -g 0:00:00.000 -m 'it'\\''s'");
});
