/** The mark that the keys go to: of all that the timeline has, those worth a stop. */
import type { Direction } from "./controls.ts";
import { formatMoment } from "./time.ts";
import type { Mark, MarkKind } from "./timeline/mark.ts";

/** What each is called; bells, titles and the rest are too many to stop at. */
const names: Partial<Record<MarkKind, string>> = {
  idle: "pause before this",
  resize: "new size",
  alternate: "full screen",
  prompt: "prompt",
  gap: "gap",
  lost: "dropped",
  bad: "unusable",
  inexact: "inexact",
};

/** The nearest before the moment, or after it; null when there is none. */
export function nearestMark(marks: readonly Mark[], atMs: number, direction: Direction): Mark | null {
  const isWanted = ({ kind, atMs: markMs }: Mark): boolean =>
    names[kind] !== undefined && (direction === 1 ? markMs > atMs : markMs < atMs);
  return (direction === 1 ? marks.find(isWanted) : marks.findLast(isWanted)) ?? null;
}

/** In words; may hold what a program wrote. */
export function markText({ kind, atMs, text }: Mark): string {
  return `${formatMoment(atMs)} ${names[kind] ?? kind}${text === "" ? "" : `: ${text}`}`;
}

const missing: ReadonlySet<MarkKind> = new Set(["gap", "lost", "bad"]);

/** How many places of the recording are not as they should be. */
export function countGaps(marks: readonly Mark[]): number {
  let count = 0;
  for (const { kind } of marks) if (missing.has(kind)) count++;
  return count;
}
