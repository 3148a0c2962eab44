import { describe, expect, test } from "vitest";
import { formatRecordingName, parseRecordingName, type RecordingName } from "./name.ts";

const rec = "b74aff806489400b9d121ed6589afff9-79ee-15713";
const startedMs = Date.UTC(2026, 10, 21, 9, 5, 7);
const start = "2026-11-21T09-05-07Z";

const names: [string, RecordingName, string][] = [
  ["an ordinary user", { startedMs, user: "alice", rec }, `${start}_alice_${rec}.jsonl`],
  ["an underscore in the user's name stays", { startedMs, user: "_apt_x", rec }, `${start}__apt_x_${rec}.jsonl`],
  ["a directory user keeps @ and dots", { startedMs, user: "a.b@ad.corp", rec }, `${start}_a.b@ad.corp_${rec}.jsonl`],
  ["a path is no path", { startedMs, user: "../../etc", rec }, `${start}_..%2F..%2Fetc_${rec}.jsonl`],
  ["a control character is escaped", { startedMs, user: "a\u001b[m", rec }, `${start}_a%1B%5Bm_${rec}.jsonl`],
  ["a percent sign is escaped", { startedMs, user: "100%41", rec }, `${start}_100%2541_${rec}.jsonl`],
  ["an umlaut is escaped", { startedMs, user: "jörg", rec }, `${start}_j%C3%B6rg_${rec}.jsonl`],
  ["no user", { startedMs, user: "", rec }, `${start}__${rec}.jsonl`],
  ["an underscore in a foreign id is escaped", { startedMs, user: "a", rec: "x_y" }, `${start}_a_x%5Fy.jsonl`],
];

describe("names of recordings", () => {
  test.each(names)("%s", (_, name, file) => {
    expect(formatRecordingName(name)).toBe(file);
    expect(parseRecordingName(file)).toEqual(name);
  });

  test("milliseconds are dropped", () => {
    expect(formatRecordingName({ startedMs: startedMs + 999, user: "a", rec })).toBe(`${start}_a_${rec}.jsonl`);
  });

  test("the longest names fit a file name", () => {
    const file = formatRecordingName({ startedMs, user: "ü".repeat(300), rec: "ü".repeat(300) });
    expect(Buffer.byteLength(file)).toBeLessThanOrEqual(255);
    expect(parseRecordingName(file)?.user).toMatch(/^ü+$/);
  });

  test.each(["x.jsonl", `${start}_a.jsonl`, `${start}_a_${rec}.json`, `2026-13-41T09-05-07Z_a_${rec}.jsonl`, ""])(
    "%j is no name of a recording",
    (file) => {
      expect(parseRecordingName(file)).toBeNull();
    },
  );
});
