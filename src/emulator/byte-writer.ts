/** A byte writer: numbers and texts, one after the other, to as few bytes as they need. */

const encoder = new TextEncoder();

export class ByteWriter {
  #bytes = new Uint8Array(64 * 1024);
  #length = 0;

  /** A whole number from 0 to 2^32 - 1, in 7 bits a byte, lowest first. */
  number(value: number): void {
    this.#reserve(5);
    let left = value >>> 0;
    for (; left > 127; left >>>= 7) this.#bytes[this.#length++] = (left & 127) | 128;
    this.#bytes[this.#length++] = left;
  }

  /** `length` of what `byteAt` gives. */
  bytes(length: number, byteAt: (place: number) => number): void {
    this.#reserve(length);
    for (let place = 0; place < length; place++) this.#bytes[this.#length++] = byteAt(place);
  }

  text(text: string): void {
    const bytes = encoder.encode(text);
    this.number(bytes.length);
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** A copy of what was written. */
  take(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length + bytes));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}
