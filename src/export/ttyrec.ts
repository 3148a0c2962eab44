/** ttyrec: frames of what was shown, each under seconds, microseconds and length, 32 bits little-endian. */
import type { Item } from "../format/item.ts";
import { Chunk } from "./chunk.ts";
import type { FileNotice } from "./notice.ts";

const headerBytes = 12;
const greatestSeconds = 2 ** 32 - 1;

export async function* exportTtyrec(
  batches: AsyncIterable<Iterable<Item>>,
  notice: FileNotice,
): AsyncGenerator<Uint8Array> {
  const chunk = new Chunk();
  const leftOut = new Set<string>();
  let startedMs: number | null = null;
  for await (const batch of batches) {
    for (const item of batch) {
      if (item.kind === "head") startedMs = item.startedMs;
      if (item.kind === "input") leftOut.add("what was typed");
      if (item.kind === "window") leftOut.add("the size of the terminal");
      if (item.kind !== "output") continue;
      yield* chunk.add(header((startedMs ?? 0) + item.atMs, item.bytes.length));
      yield* chunk.add(item.bytes);
    }
  }
  yield* chunk.take();
  if (leftOut.size > 0) notice(`ttyrec has no place for ${[...leftOut].join(" and ")}: left out`);
  if (startedMs === null) notice("when it began is not known: its times count from 1970");
}

function header(atMs: number, length: number): Uint8Array {
  const bytes = Buffer.alloc(headerBytes);
  const seconds = Math.floor(atMs / 1000);
  bytes.writeUInt32LE(Math.min(seconds, greatestSeconds), 0);
  bytes.writeUInt32LE(Math.round((atMs - seconds * 1000) * 1000), 4);
  bytes.writeUInt32LE(length, 8);
  return bytes;
}
