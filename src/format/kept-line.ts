/** A kept line: a message that was written, in the forms in which it may be shown. */
import { escapeLine } from "./echo.ts";

export class KeptLine {
  #id = 0;
  /** Used again for a later message: garbage of this size costs a session megabytes. */
  #buffer = new Uint8Array(0);
  #length = 0;
  #escaped: Uint8Array | undefined;

  get id(): number {
    return this.#id;
  }

  /** Copies `line` without its line feed. */
  set(id: number, line: Uint8Array): void {
    this.#id = id;
    this.#escaped = undefined;
    this.#length = line.length - 1;
    if (this.#buffer.length < this.#length) this.#buffer = new Uint8Array(this.#length);
    this.#buffer.set(line.subarray(0, this.#length));
  }

  form(isEscaped: boolean): Uint8Array {
    const plain = this.#buffer.subarray(0, this.#length);
    if (!isEscaped) return plain;
    this.#escaped ??= escapeLine(plain);
    return this.#escaped;
  }
}

/** How many bytes from there on are the same. */
export function commonLength(one: Uint8Array, from: number, other: Uint8Array, otherFrom: number): number {
  const most = Math.min(one.length - from, other.length - otherFrom);
  let length = 0;
  while (length < most && one[from + length] === other[otherFrom + length]) length++;
  return length;
}
