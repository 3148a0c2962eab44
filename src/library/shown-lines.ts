/** Shown lines: what a recording said on its screen, to be searched. */
import type { Item } from "../format/item.ts";
import { type ShownLine, ShownText } from "../search/shown-text.ts";

/**
 * Every line that a recording showed, in the order in which they had come to stand: when output paused, when it scrolled away, when
 * the program wrote over it. So the lines of full-screen programs are there, too, and a line may come again. Rows that one line was
 * wrapped into are joined, up to 50. It is what `recctl search` looks through; the texts are free of control characters but may hold others that
 * reorder text on a terminal.
 *
 * Throws what `items` throw.
 *
 * @example
 * for await (const { atMs, text } of shownLines(await openRecording("session.jsonl"))) if (/denied/.test(text)) ...
 */
export async function* shownLines(
  items: Iterable<Item> | AsyncIterable<Item>,
): AsyncGenerator<ShownLine, void, undefined> {
  const lines: ShownLine[] = [];
  const text = new ShownText((line) => lines.push(line));
  for await (const item of items) {
    text.take(item);
    yield* lines.splice(0);
  }
  text.finish();
  yield* lines.splice(0);
}
