/** A line splitter: chunks of bytes to numbered lines, in bounded memory. */
import { HeldBytes } from "./held-bytes.ts";
import type { SourceLine, Splitter } from "./reader.ts";

const newline = 10;

/** A payload may be large, but a line beyond this is no message of any recorder; holding it would cost memory without bound. */
const defaultMaxLineBytes = 8 * 1024 * 1024;

export class LineSplitter implements Splitter {
  readonly #maxLineBytes: number;
  readonly #understand: (line: SourceLine) => SourceLine | null;
  /** The beginning of a line. */
  readonly #held = new HeldBytes();
  #isSkipping = false;
  #number: number;
  /** Bytes before the present chunk, and before the end of the last line. */
  #chunkOffset = 0;
  #lineEnd = 0;

  /**
   * `understand` makes of a medium's line the message line that is in it; null where there is none to speak of. `lines` is how
   * many came before what is pushed.
   */
  constructor(
    maxLineBytes = defaultMaxLineBytes,
    understand: (line: SourceLine) => SourceLine | null = (line) => line,
    lines = 0,
  ) {
    this.#maxLineBytes = maxLineBytes;
    this.#understand = understand;
    this.#number = lines;
  }

  /** Lines so far, those that came before included. */
  get lines(): number {
    return this.#number;
  }

  /** Bytes of the lines so far: where the next one begins, counted from the first that was pushed. */
  get lineEnd(): number {
    return this.#lineEnd;
  }

  /** The lines that end in the chunk. It may be reused when all of them were taken. */
  *push(chunk: Buffer): Generator<SourceLine> {
    let from = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, from)) {
      const line = this.#understand(this.#finish(chunk.subarray(from, end), true));
      from = end + 1;
      this.#lineEnd = this.#chunkOffset + from;
      if (line !== null) yield line;
    }
    this.#chunkOffset += chunk.length;
    if (from < chunk.length) this.#hold(chunk.subarray(from));
  }

  /** The line that the medium ended in, if there is one. */
  *end(): Generator<SourceLine> {
    if (this.#held.length === 0 && !this.#isSkipping) return;
    this.#lineEnd = this.#chunkOffset;
    const line = this.#understand(this.#finish(Buffer.alloc(0), false));
    if (line !== null) yield line;
  }

  /** What is told at the present place instead of a line; what was held of one is dropped. */
  trouble(reason: string): SourceLine {
    this.#held.drop();
    return { text: "", place: `line ${this.#number + 1}`, isWhole: true, trouble: reason };
  }

  /** Counts from line 1 again. */
  restart(): void {
    this.#held.drop();
    this.#isSkipping = false;
    this.#number = 0;
    this.#chunkOffset = 0;
    this.#lineEnd = 0;
  }

  #hold(part: Buffer): void {
    this.#skipWhenLongerBy(part.length);
    if (!this.#isSkipping) this.#held.add(part);
  }

  #finish(last: Buffer, isWhole: boolean): SourceLine {
    this.#skipWhenLongerBy(last.length);
    const place = `line ${this.#number + 1}`;
    if (this.#isSkipping) {
      this.#isSkipping = false;
      this.#number++;
      return { text: "", place, isWhole, trouble: `longer than ${this.#maxLineBytes} bytes` };
    }
    if (this.#held.length > 0) this.#held.add(last);
    const text = (this.#held.length > 0 ? this.#held.bytes : last).toString();
    this.#held.drop();
    this.#number++;
    return { text, place, isWhole };
  }

  #skipWhenLongerBy(bytes: number): void {
    if (this.#held.length + bytes <= this.#maxLineBytes) return;
    this.#held.drop();
    this.#isSkipping = true;
  }
}
