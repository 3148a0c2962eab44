/** What `git upload-pack` writes: lines that its client acts on or shows, and the pack, which it keeps. */

/** Hexadecimal digits before each line that tell its length, themselves included; 0 to 2 are marks without a line: gitprotocol-common(5). */
const headDigits = 4;
const greatestMark = 2;
/** The first byte of a line with a piece of the pack. What is shown has another: 2 or 3, or a letter. */
const packBand = 1;
/** How a pack begins. */
const signature = Buffer.from("PACK");

export class PackLines {
  #digits = 0;
  #length = 0;
  /** What is still to come of a line. */
  #left = 0;
  #isPack = false;
  /** How much of the signature has come. */
  #signed = 0;
  /** False after anything that git does not write: nothing is taken for a pack then. */
  #isGit = true;

  /** Tells of each run of the next bytes whether it is the pack's. */
  split(bytes: Uint8Array, take: (run: Uint8Array, isPack: boolean) => void): void {
    let from = 0;
    let isPack = false;
    for (let at = 0; at < bytes.length; ) {
      const end = this.#isGit ? this.#piece(bytes, at) : bytes.length;
      if (this.#isPack !== isPack) {
        if (at > from) take(bytes.subarray(from, at), isPack);
        [from, isPack] = [at, this.#isPack];
      }
      at = end;
    }
    if (bytes.length > from) take(bytes.subarray(from), isPack);
  }

  /** Where the piece of one line that begins at `at` ends; sets whether it is the pack's. */
  #piece(bytes: Uint8Array, at: number): number {
    let next = at;
    if (this.#left === 0) {
      this.#isPack = false;
      next = this.#readHead(bytes, at);
      if (!this.#isGit) return bytes.length;
      if (this.#left === 0) return next;
      this.#isPack = bytes[next] === packBand;
    }
    const isFirst = next > at || this.#digits === headDigits;
    const end = Math.min(bytes.length, next + this.#left);
    this.#digits = 0;
    this.#left -= end - next;
    if (this.#isPack && !this.#isSigned(bytes, isFirst ? next + 1 : next, end)) return this.#stop(bytes);
    return end;
  }

  /** Where the line begins, of which at least a byte is there, or what follows a mark or half a head. */
  #readHead(bytes: Uint8Array, at: number): number {
    let next = at;
    for (; this.#digits < headDigits && next < bytes.length; next++, this.#digits++) {
      const digit = Number.parseInt(String.fromCharCode(bytes[next] as number), 16);
      if (Number.isNaN(digit)) return this.#stop(bytes);
      this.#length = this.#length * 16 + digit;
    }
    if (this.#digits < headDigits) return next;
    const length = this.#length;
    if (length > headDigits && next === bytes.length) return next;
    if (length > greatestMark && length < headDigits) return this.#stop(bytes);
    this.#length = 0;
    if (length <= headDigits) this.#digits = 0;
    this.#left = Math.max(0, length - headDigits);
    return next;
  }

  #isSigned(bytes: Uint8Array, from: number, end: number): boolean {
    for (let at = from; at < end && this.#signed < signature.length; at++, this.#signed++) {
      if (bytes[at] !== signature[this.#signed]) return false;
    }
    return true;
  }

  /** What comes is not told in full: nothing is taken for a pack any more. */
  stop(): void {
    this.#isGit = false;
    this.#isPack = false;
  }

  #stop(bytes: Uint8Array): number {
    this.stop();
    return bytes.length;
  }
}
