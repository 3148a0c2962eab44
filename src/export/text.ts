/** The text format: what the screen said, line by line, without anything that a terminal would obey. */
import type { Item } from "../format/item.ts";
import { Chunk } from "./chunk.ts";
import type { FileNotice } from "./notice.ts";
import { Screen } from "./screen.ts";

export async function* exportText(
  batches: AsyncIterable<Iterable<Item>>,
  isPrompt: boolean,
  notice: FileNotice,
): AsyncGenerator<Uint8Array> {
  const screen = new Screen();
  const chunk = new Chunk();
  let divertedMs: number | null = null;
  for await (const batch of batches) {
    for (const item of batch) {
      if (item.kind === "window") screen.resize(item.columns, item.rows);
      else if (item.kind === "output") screen.feed(item.bytes);
      else continue;
      if (screen.isDiverted) divertedMs ??= item.atMs;
      yield* chunk.add(screen.takeText());
    }
    if (isPrompt) yield* chunk.take();
  }
  screen.finish();
  yield* chunk.add(screen.takeText());
  yield* chunk.take();
  if (divertedMs !== null) notice(`${divertedNotice} ${divertedMs / 1000} s on`);
}

const divertedNotice =
  "drawing the screen is too much work for so little output: the text is that of the output, in the order in which it came, from";
