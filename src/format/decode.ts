/** Decoding of what is at hand: lines of messages to what happened in a recording. */
import { Decoder } from "./decoder.ts";
import type { Item } from "./item.ts";

/** What may be asked of a decoder. */
export interface DecodeOptions {
  /** Id of the recording that is meant: messages of others are passed over. Without it the first one met is decoded. */
  readonly rec?: string;
}

/**
 * What a recording holds, in order: a `head`, the packets, and in its place everything that is not as it should be.
 *
 * `lines` are messages, one JSON object each, with or without the newline that ends it: ours, and tlog's since version 1. Nothing
 * is held back: an item comes as soon as its line came, and memory is that of one line. What comes from a recording is data that
 * anybody may have written: escape it before a terminal shows it.
 *
 * It throws nothing of its own, whatever the lines are: one that cannot be used is an item of kind `bad` that names it ("line 12").
 *
 * @example
 * for await (const item of decode(text.split("\n"))) if (item.kind === "output") process.stdout.write(item.bytes);
 */
export async function* decode(
  lines: Iterable<string> | AsyncIterable<string>,
  options: DecodeOptions = {},
): AsyncGenerator<Item, void, undefined> {
  const { rec } = options;
  const decoder = new Decoder(rec === undefined ? {} : { rec });
  let count = 0;
  for await (const text of lines) yield* decoder.decode({ text, place: `line ${++count}`, isWhole: true });
  yield* decoder.finish();
}
