/** The raw formats: every byte that was shown, or every byte that was typed, and nothing else. */
import type { Item } from "../format/item.ts";
import { Chunk } from "./chunk.ts";

export function exportOutput(batches: AsyncIterable<Iterable<Item>>, isPrompt: boolean): AsyncIterable<Uint8Array> {
  return bytesOf("output", batches, isPrompt);
}

export function exportInput(batches: AsyncIterable<Iterable<Item>>, isPrompt: boolean): AsyncIterable<Uint8Array> {
  return bytesOf("input", batches, isPrompt);
}

async function* bytesOf(
  kind: "output" | "input",
  batches: AsyncIterable<Iterable<Item>>,
  isPrompt: boolean,
): AsyncGenerator<Uint8Array> {
  const chunk = new Chunk();
  for await (const batch of batches) {
    for (const item of batch) {
      if (item.kind === kind) yield* chunk.add(item.bytes);
    }
    if (isPrompt) yield* chunk.take();
  }
  yield* chunk.take();
}
