/** The text format: what the screen said, line by line, without anything that a terminal would obey. */
import type { Item } from "../format/item.ts";
import { Chunk } from "./chunk.ts";
import { Screen } from "./screen.ts";

/** Fed to the emulator before it is waited for: enough that its turns of 12 ms are full. */
const backlogBytes = 256 * 1024;

export async function* exportText(
  batches: AsyncIterable<Iterable<Item>>,
  isPrompt: boolean,
): AsyncGenerator<Uint8Array> {
  const screen = await Screen.open();
  const chunk = new Chunk();
  let fedBytes = 0;
  for await (const batch of batches) {
    for (const item of batch) {
      if (item.kind === "window") {
        await screen.resize(item.columns, item.rows);
        yield* chunk.add(screen.takeText());
      } else if (item.kind === "output") {
        screen.feed(item.bytes);
        fedBytes += item.bytes.length;
      }
      if (fedBytes < backlogBytes) continue;
      fedBytes = 0;
      await screen.settled();
      yield* chunk.add(screen.takeText());
    }
    if (!isPrompt) continue;
    await screen.settled();
    yield* chunk.add(screen.takeText());
    yield* chunk.take();
  }
  await screen.settled();
  screen.finish();
  yield* chunk.add(screen.takeText());
  yield* chunk.take();
}
