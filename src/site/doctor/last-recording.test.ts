import { expect, test } from "vitest";
import { lastRecordingFindings } from "./last-recording.ts";

test.each([
  ["none", undefined, ["warning"]],
  ["whole", { rec: "r", startedMs: 1000, state: "complete" }, ["well"]],
  ["without an end", { rec: "r", startedMs: 1000, state: "incomplete" }, ["warning"]],
  ["in the future", { rec: "r", startedMs: 1e9, state: "running" }, ["well", "problem"]],
  ["at no time", { rec: "r", startedMs: null, state: "unended" }, ["well"]],
  ["that the journal did not take", { rec: "r", startedMs: 1, state: "complete", instead: "/f" }, ["well", "warning"]],
] as const)("the last recording: %s", (_, last, expected) => {
  const told = last === undefined ? undefined : { instead: null, ...last };
  expect(lastRecordingFindings("alice", told, 2000, String).map(({ level }) => level)).toEqual(expected);
});
