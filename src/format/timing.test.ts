import { expect, test } from "vitest";
import { parseTiming, printTiming } from "./timing.ts";

const taken: [timing: string, printed: string][] = [
  ["", ""],
  ["=80x24+1>7", "=80x24+1>7"],
  ["[3/5]1/2<10", "[3/5]1/2<10"],
  [" >1\t+2\n<3\f=1x2\v\r", ">1+2<3=1x2"],
  ["> 2", ">2"],
  ["+0>0]0/0]0/1]1/0", "+0>0]0/0]0/1]1/0"],
  ["+1+2", "+1+2"],
  ["+2147483647999=65535x65535", "+2147483647999=65535x65535"],
  [">007", ">7"],
];

test.each(taken)("%j is taken", (timing, printed) => {
  expect(printTiming([...parseTiming(timing)])).toBe(printed);
});

const refused: [timing: string, why: string][] = [
  ["?1", "no such record at character 1"],
  ["1", "no such record"],
  [">", "a number is missing at character 2"],
  [">-1", "a number is missing"],
  ["]1", '"/" is missing'],
  ["=80", '"x" is missing'],
  ["=80x", "a number is missing"],
  ["=65536x1", "greater than 65535"],
  ["=1x65536", "greater than 65535"],
  ["+2147483648000", "greater than 2147483647999"],
  [`>${"9".repeat(400)}`, "a number is greater"],
];

test.each(refused)("%j is refused", (timing, why) => {
  expect(() => [...parseTiming(timing)]).toThrow(why);
});

test("a message has as many records as its payload can have", () => {
  expect([...parseTiming(">0".repeat(524_288))]).toHaveLength(524_288);
  expect(() => [...parseTiming(">0".repeat(524_289))]).toThrow("more than 524288 records at character 1048577");
});
