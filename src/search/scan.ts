/** The lines that match a pattern. */
import { bounded, type Pattern } from "../catalog/pattern.ts";
import type { ShownLine } from "./shown-text.ts";
import { literalOf } from "./trigram.ts";

export interface Hit extends ShownLine {
  /** Where in the text the match begins and ends. */
  readonly from: number;
  readonly to: number;
}

const lineFeed = 0x0a;
const blank = 0x20;

/** Those of the packed lines, in UTF-8, that match, each with its first match. Throws REC_PATTERN where the pattern takes too long. */
export function hitsIn(pattern: Pattern, texts: readonly Buffer[]): Hit[] {
  const { regexp } = pattern;
  // Nearly all that people look for has a plain word: only lines that have it are looked at.
  const literal = regexp.flags === "" ? literalOf(regexp.source) : "";
  return bounded(pattern, () => texts.flatMap((lines) => hitsOf(regexp, literal, lines)));
}

/** `literal` is in every line that matches. */
function hitsOf(regexp: RegExp, literal: string, lines: Buffer): Hit[] {
  const hits: Hit[] = [];
  for (let from = 0; from < lines.length; ) {
    const at = literal === "" ? from : lines.indexOf(literal, from);
    if (at === -1) break;
    if (at > from) from = lines.lastIndexOf(lineFeed, at - 1) + 1;
    const end = lines.indexOf(lineFeed, at);
    const textAt = lines.indexOf(blank, from) + 1;
    const text = lines.toString("utf8", textAt, end);
    const match = regexp.exec(text);
    if (match !== null) {
      const atMs = Number(lines.toString("latin1", from, textAt - 1));
      hits.push({ atMs, text, from: match.index, to: match.index + match[0].length });
    }
    from = end + 1;
  }
  return hits;
}
