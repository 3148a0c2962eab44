/** A line splitter: chunks of bytes to numbered lines, in bounded memory. */
import type { SourceLine } from "./reader.ts";

const newline = 10;

/** A payload may be large, but a line beyond this is no message of any recorder; holding it would cost memory without bound. */
const defaultMaxLineBytes = 64 * 1024 * 1024;

export class LineSplitter {
  readonly #maxLineBytes: number;
  #parts: Buffer[] = [];
  #heldBytes = 0;
  #isSkipping = false;
  #number = 0;

  constructor(maxLineBytes = defaultMaxLineBytes) {
    this.#maxLineBytes = maxLineBytes;
  }

  /** The lines that end in the chunk. It may be reused when all of them were taken. */
  *push(chunk: Buffer): Generator<SourceLine> {
    let from = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, from)) {
      yield this.#finish(chunk.subarray(from, end), true);
      from = end + 1;
    }
    if (from < chunk.length) this.#hold(chunk.subarray(from));
  }

  /** The line that the medium ended in, if there is one. */
  *end(): Generator<SourceLine> {
    if (this.#heldBytes > 0 || this.#isSkipping) yield this.#finish(Buffer.alloc(0), false);
  }

  /** What is told at the present place instead of a line; what was held of one is dropped. */
  trouble(reason: string): SourceLine {
    this.#drop();
    return { text: "", place: `line ${this.#number + 1}`, isWhole: true, trouble: reason };
  }

  /** Counts from line 1 again. */
  restart(): void {
    this.#drop();
    this.#isSkipping = false;
    this.#number = 0;
  }

  #hold(part: Buffer): void {
    this.#skipWhenLongerBy(part.length);
    if (this.#isSkipping) return;
    this.#parts.push(Buffer.from(part));
    this.#heldBytes += part.length;
  }

  #finish(last: Buffer, isWhole: boolean): SourceLine {
    this.#skipWhenLongerBy(last.length);
    const place = `line ${this.#number + 1}`;
    if (this.#isSkipping) {
      this.#isSkipping = false;
      this.#number++;
      return { text: "", place, isWhole, trouble: `longer than ${this.#maxLineBytes} bytes` };
    }
    const text = this.#parts.length === 0 ? last.toString() : Buffer.concat([...this.#parts, last]).toString();
    this.#drop();
    this.#number++;
    return { text, place, isWhole };
  }

  #skipWhenLongerBy(bytes: number): void {
    if (this.#heldBytes + bytes <= this.#maxLineBytes) return;
    this.#drop();
    this.#isSkipping = true;
  }

  #drop(): void {
    this.#parts = [];
    this.#heldBytes = 0;
  }
}
