/** gzip: compressed bytes to what they were, as far as they are whole. sudo compresses its logs so. */
import { createGunzip } from "node:zlib";
import { Damage } from "./bytes.ts";

/** A hostile file swells a thousand times: so few bytes of it are taken at once that some MiB are held at most. */
const stepBytes = 4096;

export function isGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b;
}

/** Throws Damage after the last byte that could be made out. */
export async function* gunzipped(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip();
  let found: Uint8Array[] = [];
  let failure: Error | null = null;
  const closed = new Promise<void>((resolve) => gunzip.once("close", resolve));
  gunzip.on("data", (bytes: Uint8Array) => found.push(bytes));
  gunzip.on("error", (error) => {
    failure = error;
  });
  const taken = (): Uint8Array[] => {
    const all = found;
    found = [];
    return all;
  };
  try {
    for await (const chunk of chunks) {
      for (let from = 0; from < chunk.length && !gunzip.destroyed; from += stepBytes) {
        const written = new Promise<void>((resolve) => {
          gunzip.write(chunk.subarray(from, from + stepBytes), () => resolve());
        });
        // What failed may never answer.
        await Promise.race([written, closed]);
        yield* taken();
      }
    }
    if (!gunzip.destroyed) gunzip.end();
    await closed;
    yield* taken();
    if (failure !== null) throw new Damage("its compressed data is spoilt or cut off");
  } finally {
    gunzip.destroy();
  }
}
