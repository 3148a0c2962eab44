/** A chunk: small pieces of bytes collected to few large writes. */

/** A write of this size costs little beside the bytes it carries. */
const chunkBytes = 256 * 1024;

export class Chunk {
  #bytes = Buffer.allocUnsafe(chunkBytes);
  #length = 0;

  /** The full chunks that the bytes make; whoever takes one may keep it. */
  *add(bytes: Uint8Array): Generator<Uint8Array> {
    if (this.#length + bytes.length > chunkBytes) yield* this.take();
    if (bytes.length > chunkBytes) {
      yield bytes;
      return;
    }
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** What was collected so far, if anything. */
  *take(): Generator<Uint8Array> {
    if (this.#length === 0) return;
    const full = this.#bytes.subarray(0, this.#length);
    this.#bytes = Buffer.allocUnsafe(chunkBytes);
    this.#length = 0;
    yield full;
  }
}
