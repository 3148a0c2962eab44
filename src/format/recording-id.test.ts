import { expect, test } from "vitest";
import { matchesId } from "./recording-id.ts";

test.each([
  ["b74a", true],
  ["b74aff-79ee-15713", true],
  ["79ee-15713", true],
  ["79", true],
  ["157", true],
  ["", true],
  ["9ee", false],
  ["74aff", false],
  ["b74aff-79ee-15713-", false],
])("%j", (wanted, expected) => {
  expect(matchesId("b74aff-79ee-15713", wanted)).toBe(expected);
});
