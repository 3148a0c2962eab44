import { describe, expect, test } from "vitest";
import { formatMoment, parseMoment, parsePlace } from "./time.ts";

const moments: [string, number | null][] = [
  ["start", 0],
  ["END", Number.POSITIVE_INFINITY],
  ["0", 0],
  ["", 0],
  [":", 0],
  ["1:", 60_000],
  ["2::", 7_200_000],
  ["12", 12_000],
  ["90", 90_000],
  ["1:02", 62_000],
  ["1:02:03", 3_723_000],
  ["100:00:00", 360_000_000],
  ["1.5", 1500],
  [".25", 250],
  ["1.", 1000],
  ["0.123456789", 123],
  ["1.001", 1001],
  [" 5 ", 5000],
  ["1:2:3:4", null],
  ["abc", null],
  ["1e3", null],
  ["-1", null],
  [".1000000000", null],
  ["1.5:00", null],
];

describe("moments", () => {
  test.each(moments)("%j is %j", (text, atMs) => {
    expect(parseMoment(text)).toBe(atMs);
  });

  test.each([
    ["30", 30_000],
    ["-30", -30_000],
    [" -1:30 ", -90_000],
    ["-0", Number.POSITIVE_INFINITY],
    ["end", Number.POSITIVE_INFINITY],
    ["-end", null],
    ["--1", null],
    ["-", Number.POSITIVE_INFINITY],
    ["-x", null],
  ])("%j is the place %j", (text, atMs) => {
    expect(parsePlace(text)).toBe(atMs);
  });

  test.each([
    [0, "0:00:00.000"],
    [999, "0:00:00.999"],
    [61_001, "0:01:01.001"],
    [36_610_000, "10:10:10.000"],
    [2_147_483_647_999, "596523:14:07.999"],
  ])("%d ms is shown as %s", (atMs, text) => {
    expect(formatMoment(atMs)).toBe(text);
    expect(parseMoment(text)).toBe(atMs);
  });
});
