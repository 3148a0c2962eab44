import { expect, test } from "vitest";
import type { Recording } from "./recording.ts";
import { type SortKey, sorted } from "./sort.ts";

const base = { tty: null, cwd: null, state: "complete", by: null, source: "x", host: "h" } as const;
const recordings: readonly Recording[] = [
  { ...base, rec: "a", user: "bob", startedMs: 1, durationMs: 30, bytes: null, command: "ls" },
  { ...base, rec: "b", user: "alice", startedMs: 3, durationMs: null, bytes: 5, command: null },
  { ...base, rec: "c", user: "bob", startedMs: 2, durationMs: 40, bytes: 7, command: "cat" },
];

test.each<[SortKey, boolean, string]>([
  ["start", false, "bca"],
  ["start", true, "acb"],
  ["duration", false, "cab"],
  ["size", false, "cba"],
  ["user", false, "bca"],
  ["host", false, "bca"],
  ["command", false, "bca"],
  ["command", true, "acb"],
])("by %s, reversed: %s", (key, isReversed, order) => {
  expect(
    sorted([...recordings], key, isReversed)
      .map(({ rec }) => rec)
      .join(""),
  ).toBe(order);
});
