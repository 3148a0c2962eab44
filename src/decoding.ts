/** Decoding: what passed the sieve, to the items of the one recording that is meant. */
import { Decoder } from "./format/decoder.ts";
import type { BadItem, Item } from "./format/item.ts";
import type { SourceLine } from "./reader/reader.ts";
import type { ForeignMessage } from "./reader/sift.ts";

export type Sifted = SourceLine | ForeignMessage;

/** The items of what passed the sieve, one batch a message; ends at the medium's end, or when `isOver`. */
export async function* decoded(lines: AsyncIterable<Sifted>, isOver: () => boolean): AsyncGenerator<Iterable<Item>> {
  const decoder = new Decoder();
  for await (const line of lines) {
    const bad = badItem(line);
    yield bad === null ? decoder.decode(line as SourceLine) : [bad];
    if (isOver()) break;
  }
  yield decoder.finish();
}

/** What stands in the place of a message that cannot be one; null for what may be. */
export function badItem(line: Sifted): BadItem | null {
  if ("foreign" in line) return { kind: "bad", place: line.place, reason: `foreign: ${line.foreign}` };
  return line.trouble === undefined ? null : { kind: "bad", place: line.place, reason: line.trouble };
}
