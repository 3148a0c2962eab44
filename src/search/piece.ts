/** A piece of the text that a recording showed, as the index takes it. */
import type { ShownLine } from "./shown-text.ts";
import { type Marks, maxBlocks, noMarks, Trigrams } from "./trigram.ts";

export interface Piece {
  /** Whole lines, as `packed` makes them, in UTF-8: `ends` are where its blocks end. */
  readonly lines: Uint8Array<ArrayBuffer>;
  readonly ends: readonly number[];
  readonly marks: Marks;
  /** The trigrams of all of it, each a word. */
  readonly words: string;
}

/**
 * What is read at least to look for a line, in characters: shorter blocks have more marks in all, longer ones are read for nothing. Two
 * of them are a page of the database.
 */
const maxBlockLength = 8100;

/** A line as it stands in a text of many: an object for each would cost more than the search. */
export function packed({ atMs, text }: ShownLine): string {
  return `${atMs} ${text}\n`;
}

/** The word of a trigram. */
export function word(trigram: number): string {
  return trigram.toString(36);
}

/** Makes pieces of lines: each is handed on when it is full, the last by `end`. */
export class PieceWriter {
  readonly #tell: (piece: Piece) => void;
  readonly #trigrams = new Trigrams();
  #marks = noMarks();
  #blocks: Buffer[] = [];
  #text = "";

  constructor(tell: (piece: Piece) => void) {
    this.#tell = tell;
  }

  add(line: ShownLine): void {
    const text = packed(line);
    if (this.#text.length + text.length > maxBlockLength && this.#text !== "") this.#endBlock();
    this.#trigrams.add(line.text, this.#marks, this.#blocks.length);
    this.#text += text;
  }

  /** What was added since the last piece is none. */
  discard(): void {
    this.#trigrams.take();
    this.#marks = noMarks();
    this.#blocks = [];
    this.#text = "";
  }

  end(): void {
    if (this.#text !== "") this.#endBlock();
    if (this.#blocks.length > 0) this.#endPiece();
  }

  #endBlock(): void {
    this.#blocks.push(Buffer.from(this.#text));
    this.#text = "";
    if (this.#blocks.length === maxBlocks) this.#endPiece();
  }

  #endPiece(): void {
    const ends: number[] = [];
    let length = 0;
    for (const block of this.#blocks) {
      length += block.length;
      ends.push(length);
    }
    // Not of Node's pool: it is handed to another thread.
    const lines = new Uint8Array(length);
    for (const [index, block] of this.#blocks.entries()) lines.set(block, ends[index - 1] ?? 0);
    this.#tell({ lines, ends, marks: this.#marks, words: this.#trigrams.take().map(word).join(" ") });
    this.#marks = noMarks();
    this.#blocks = [];
  }
}
