import { expect, test } from "vitest";
import { isWholeId, matchesId } from "./recording-id.ts";

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

test.each([
  ["df0cebfde5634c1faa91eebb42890aac-4bd-b6f1f", true],
  ["4bd-b6f1f", false],
  ["df0cebfde5634c1faa91eebb42890aac-4bd-", false],
  ["df0cebfde5634c1faa91eebb42890aac-4bd-b6f1f\n", false],
])("%j is whole: %j", (id, expected) => {
  expect(isWholeId(id)).toBe(expected);
});
