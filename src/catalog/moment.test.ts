import { expect, test } from "vitest";
import { parseMomentOfDay } from "./moment.ts";

const now = new Date(2026, 10, 21, 12, 30).getTime();
const local = (...parts: [number, number, number, number?, number?, number?]): number => new Date(...parts).getTime();

test.each([
  ["0", 0],
  ["@1395716396.5", 1395716396500],
  ["now", now],
  ["Today", local(2026, 10, 21)],
  ["yesterday", local(2026, 10, 20)],
  ["-1h", now - 3_600_000],
  ["-1h30min", now - 5_400_000],
  ["2 days ago", now - 172_800_000],
  ["+10s", now + 10_000],
  ["2026-11-20", local(2026, 10, 20)],
  ["2026-11-20 10:00", local(2026, 10, 20, 10)],
  ["2026-11-20T10:00:30Z", Date.UTC(2026, 10, 20, 10, 0, 30)],
  ["2026-11-20 10:00:30 utc", Date.UTC(2026, 10, 20, 10, 0, 30)],
  ["08:15", local(2026, 10, 21, 8, 15)],
  ["1h", null],
  ["-1x", null],
  ["", null],
  ["gaga", null],
  ["constructor", null],
  ["__proto__", null],
  ["-1constructor", null],
  ["1 tostring ago", null],
  ["2026-13-40", null],
  ["2026-02-30", null],
  ["2026-11-20 25:00", null],
  ["2024-02-29", local(2024, 1, 29)],
])("%j", (text, expected) => {
  expect(parseMomentOfDay(text, now)).toBe(expected);
});
