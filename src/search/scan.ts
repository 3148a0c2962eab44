/** The lines that match a pattern. */
import { bounded, type Pattern } from "../catalog/pattern.ts";
import type { ShownLine } from "./shown-text.ts";

export interface Hit extends ShownLine {
  /** Where in the text the match begins and ends. */
  readonly from: number;
  readonly to: number;
}

/** A line as it stands in a text of many: an object for each would cost more than the search. */
export function packed({ atMs, text }: ShownLine): string {
  return `${atMs} ${text}\n`;
}

/** Those of the packed lines that match, each with its first match. Throws REC_PATTERN where the pattern takes too long. */
export function hitsIn(pattern: Pattern, lines: string): Hit[] {
  const { source, regexp } = pattern;
  // Nearly all that people look for is a plain word: only lines that have it are looked at.
  const literal = regexp.flags === "" && /^[^\\^$.*+?()[\]{}|]+$/.test(source) ? source : "";
  return bounded(pattern, () => {
    const hits: Hit[] = [];
    for (let from = 0; from < lines.length; ) {
      const at = lines.indexOf(literal, from);
      if (at === -1) break;
      if (at > from) from = lines.lastIndexOf("\n", at - 1) + 1;
      const end = lines.indexOf("\n", at);
      const blank = lines.indexOf(" ", from);
      const text = lines.slice(blank + 1, end);
      const match = regexp.exec(text);
      if (match !== null) {
        const atMs = Number(lines.slice(from, blank));
        hits.push({ atMs, text, from: match.index, to: match.index + match[0].length });
      }
      from = end + 1;
    }
    return hits;
  });
}
