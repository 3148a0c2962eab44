/** The lines that match a pattern. */
import { bounded, type Pattern } from "../catalog/pattern.ts";
import type { ShownLine } from "./shown-text.ts";
import { literalOf } from "./trigram.ts";

export interface Hit extends ShownLine {
  /** Where in the text the match begins and ends. */
  readonly from: number;
  readonly to: number;
}

/** What every line that matches has; empty where nothing is known. Nearly all that people look for has a plain word: only lines that have it are looked at. */
export function wordOf({ regexp }: Pattern): string {
  return regexp.flags === "" ? literalOf(regexp.source) : "";
}

/** Those of the packed lines that match, each with its first match. Throws REC_PATTERN where the pattern takes too long. */
export function hitsIn(pattern: Pattern, texts: readonly string[]): Hit[] {
  const { regexp } = pattern;
  const literal = wordOf(pattern);
  return bounded(pattern, () => texts.flatMap((text) => hitsOf(regexp, literal, text)));
}

/** `literal` is in every line that matches. */
function hitsOf(regexp: RegExp, literal: string, text: string): Hit[] {
  const hits: Hit[] = [];
  for (let from = 0; from < text.length; ) {
    const at = text.indexOf(literal, from);
    if (at === -1) break;
    if (at > from) from = text.lastIndexOf("\n", at - 1) + 1;
    const end = text.indexOf("\n", at);
    const blank = text.indexOf(" ", from);
    const line = text.slice(blank + 1, end);
    const match = regexp.exec(line);
    if (match !== null) {
      const atMs = Number(text.slice(from, blank));
      hits.push({ atMs, text: line, from: match.index, to: match.index + match[0].length });
    }
    from = end + 1;
  }
  return hits;
}
