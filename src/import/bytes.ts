/** Bytes: a stream, taken in pieces as large as an importer wants them, with one chunk in memory. */
import { LineSplitter } from "../reader/line-splitter.ts";
import type { SourceLine } from "../reader/reader.ts";

/** What a stream throws when it cannot go on though nothing failed: compressed data that is cut off or spoilt. */
export class Damage extends Error {}

const newline = 10;

export class Bytes {
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #release: () => Promise<void>;
  #rest: Buffer = Buffer.alloc(0);
  #takenBytes = 0;
  #damage: string | null = null;

  /** `release` lets go of what is behind the chunks, also where none was ever taken. */
  constructor(chunks: AsyncIterable<Uint8Array>, release: () => Promise<void> = async () => {}) {
    this.#chunks = chunks[Symbol.asyncIterator]();
    this.#release = release;
  }

  /** How many were taken. */
  get takenBytes(): number {
    return this.#takenBytes;
  }

  /** Why the stream ended before its end, in words. */
  get damage(): string | null {
    return this.#damage;
  }

  /** One piece of at most `most` bytes; null at the end. */
  async next(most = Number.POSITIVE_INFINITY): Promise<Buffer | null> {
    if (!(await this.#fill())) return null;
    const piece = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(piece.length);
    this.#takenBytes += piece.length;
    return piece;
  }

  /** So many bytes, fewer at the end. */
  async exactly(count: number): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for (let left = count; left > 0; ) {
      const piece = await this.next(left);
      if (piece === null) break;
      pieces.push(piece);
      left -= piece.length;
    }
    return pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces);
  }

  /** A line with its newline; what is longer than `most` bytes, or the rest at the end, comes without. */
  async line(most: number): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for (let left = most; left > 0 && (await this.#fill()); ) {
      const end = this.#rest.indexOf(newline);
      const piece = await this.next(end === -1 ? left : Math.min(left, end + 1));
      if (piece === null) break;
      pieces.push(piece);
      left -= piece.length;
      if (piece.at(-1) === newline) break;
    }
    return Buffer.concat(pieces);
  }

  /** All that is left, line by line; a line longer than `most` bytes is told as trouble. */
  async *lines(most: number): AsyncGenerator<SourceLine> {
    const splitter = new LineSplitter(most);
    for (let chunk = await this.next(); chunk !== null; chunk = await this.next()) yield* splitter.push(chunk);
    yield* splitter.end();
  }

  /** Lets go of what is behind it. */
  async close(): Promise<void> {
    this.#rest = Buffer.alloc(0);
    await this.#chunks.return?.();
    await this.#release();
  }

  /** False at the end. */
  async #fill(): Promise<boolean> {
    while (this.#rest.length === 0) {
      const chunk = await this.#read();
      if (chunk === null) return false;
      this.#rest = chunk;
    }
    return true;
  }

  async #read(): Promise<Buffer | null> {
    if (this.#damage !== null) return null;
    try {
      const { done, value } = await this.#chunks.next();
      return done === true ? null : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    } catch (error) {
      if (!(error instanceof Damage)) throw error;
      this.#damage = error.message;
      return null;
    }
  }
}
