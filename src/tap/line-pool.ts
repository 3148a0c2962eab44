/** A pool of buffers for the lines of messages: what V8 would otherwise collect only after tens of megabytes. */

/** More than wait in a session whose writers keep up. */
const keptBuffers = 4;
/** Less is V8's own, or not worth it. */
const leastFreedBytes = 1024;

export class LinePool {
  readonly #capacity: number;
  readonly #free: Uint8Array[] = [];
  /** What was taken last, and, given back, is freed when the next is taken: who sent it looks at it once more. */
  #newest: ArrayBufferLike | undefined;
  #isNewestGiven = false;

  /** `capacity`: bytes of the largest lines that are usual; larger ones are not pooled. */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Bytes of that length, with any content. A short line gets its own, or many of them in a queue would hold a buffer each. */
  take(length: number): Uint8Array {
    if (this.#isNewestGiven) free(this.#newest);
    this.#isNewestGiven = false;
    const line = this.#lineOf(length);
    this.#newest = line.buffer;
    return line;
  }

  /** Nobody but who took it reads the line any more, and he before he takes the next: what is not kept for that is freed, not left to V8. */
  give(line: Uint8Array): void {
    const { buffer } = line;
    if (buffer.byteLength === this.#capacity && this.#free.length < keptBuffers)
      this.#free.push(new Uint8Array(buffer));
    else if (buffer === this.#newest) this.#isNewestGiven = true;
    else free(buffer);
  }

  #lineOf(length: number): Uint8Array {
    if (length > this.#capacity || length < this.#capacity / 2) return new Uint8Array(length);
    const buffer = this.#free.pop() ?? new Uint8Array(this.#capacity);
    return buffer.subarray(0, length);
  }
}

function free(buffer: ArrayBufferLike | undefined): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength >= leastFreedBytes) buffer.transfer(0);
}
