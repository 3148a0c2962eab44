import { expect, test } from "vitest";
import { openProgress } from "./progress.ts";

/** Every [milliseconds, done] of a work of 200, and what was written after each. */
function written(steps: readonly (readonly [atMs: number, done: number])[], columns = 80, what = "indexing"): string[] {
  let nowMs = 0;
  let text = "";
  const progress = openProgress({ what, total: 200, columns, now: () => nowMs, write: (piece) => (text += piece) });
  return [...steps, null].map((step) => {
    text = "";
    if (step === null) progress.end();
    else {
      nowMs = step[0];
      progress.advance(step[1]);
    }
    return text;
  });
}

test("work that is over soon shows nothing", () => {
  expect(
    written([
      [100, 50],
      [499, 199],
    ]),
  ).toEqual(["", "", ""]);
});

test("a line with what is left of the time, redrawn ten times a second, and taken away", () => {
  const bar = (full: number) => `[${"#".repeat(full)}${".".repeat(40 - full)}]`;
  expect(
    written([
      [1000, 50],
      [1050, 60],
      [2000, 200],
    ]),
  ).toEqual([
    `\rindexing ${bar(10)}  25%  0:03 left\x1b[K`,
    "",
    `\rindexing ${bar(40)} 100%  0:00 left\x1b[K`,
    "\r\x1b[K",
  ]);
});

test.each([5, 20, 30, 200])("it fits into %i columns, and obeys no character of what it tells", (columns) => {
  for (const text of written(
    [
      [60_000, 1],
      [61_000, 2],
    ],
    columns,
    "\x1b[2Jx",
  )) {
    expect(text.replace(/^\r|\x1b\[K$/g, "")).not.toMatch(/[\x00-\x1f]/);
    expect(text.replaceAll(/^\r|\x1b\[K$/g, "").length).toBeLessThan(columns);
  }
});
