/** The text format: what the screen said, line by line, without anything that a terminal would obey. */
import type { Item } from "../format/item.ts";
import { Chunk } from "./chunk.ts";
import { Screen } from "./screen.ts";

export async function* exportText(
  batches: AsyncIterable<Iterable<Item>>,
  isPrompt: boolean,
): AsyncGenerator<Uint8Array> {
  const screen = new Screen();
  const chunk = new Chunk();
  for await (const batch of batches) {
    for (const item of batch) {
      if (item.kind === "window") screen.resize(item.columns, item.rows);
      else if (item.kind === "output") screen.feed(item.bytes);
      else continue;
      yield* chunk.add(screen.takeText());
    }
    if (isPrompt) yield* chunk.take();
  }
  screen.finish();
  yield* chunk.add(screen.takeText());
  yield* chunk.take();
}
