/** The lines that match a pattern. */
import { bounded, type Pattern } from "../catalog/pattern.ts";
import type { ShownLine } from "./shown-text.ts";

export interface Hit extends ShownLine {
  /** Where in the text the match begins and ends. */
  readonly from: number;
  readonly to: number;
}

/** Those of the lines that match, each with its first match. Throws REC_PATTERN where the pattern takes too long. */
export function hitsIn(pattern: Pattern, lines: readonly ShownLine[]): Hit[] {
  return bounded(pattern, () =>
    lines.flatMap(({ atMs, text }) => {
      const match = pattern.regexp.exec(text);
      return match === null ? [] : [{ atMs, text, from: match.index, to: match.index + match[0].length }];
    }),
  );
}
