/** Held bytes: what has come so far of something that is not whole, in one piece: chunks may be as small as a byte. */

const nothing = Buffer.alloc(0);
/** More room is not kept for what comes next. */
const keptBytes = 64 * 1024;

export class HeldBytes {
  #room = nothing;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Valid until more is added. */
  get bytes(): Buffer {
    return this.#room.subarray(0, this.#length);
  }

  /** Copies the part. */
  add(part: Buffer): void {
    const length = this.#length + part.length;
    if (length > this.#room.length) {
      const larger = Buffer.allocUnsafe(Math.max(length, 2 * this.#room.length));
      this.#room.copy(larger, 0, 0, this.#length);
      this.#room = larger;
    }
    part.copy(this.#room, this.#length);
    this.#length = length;
  }

  drop(): void {
    if (this.#room.length > keptBytes) this.#room = nothing;
    this.#length = 0;
  }
}
