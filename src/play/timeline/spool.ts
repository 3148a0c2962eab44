/** A spool: a tape of what comes but once, from a journal or a pipe, in a temporary file without a name. */
import { closeSync, constants, openSync, readSync, unlinkSync, writeSync } from "node:fs";
import { join } from "node:path";
import { RecError, systemReason } from "../../errors.ts";
import type { Item } from "../../format/item.ts";
import { decodeItems, encodeItems } from "./item-codec.ts";
import type { Place, Tape, TapeReader } from "./tape.ts";

/** Read at once; a longer batch is read whole. */
const chunkBytes = 256 * 1024;
/** Before each batch: how many bytes it has. */
const lengthBytes = 4;

/** Takes as much of the disk as the recording's output does, about, until it is closed. */
export class Spool implements Tape {
  readonly #folder: string;
  readonly #fd: number;
  #length = 0;
  #isEnded = false;
  #failure: unknown = null;
  #isClosed = false;
  #change = Promise.withResolvers<void>();

  /** `folder` is one for large temporary files. Throws REC_FILE_WRITE. */
  constructor(folder: string) {
    this.#folder = folder;
    const path = join(folder, `rec-play-${process.pid}-${crypto.randomUUID()}`);
    try {
      this.#fd = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, 0o600);
      unlinkSync(path);
    } catch (cause) {
      throw this.#wrong(cause);
    }
  }

  /** Takes all that comes; resolved at its end. What it throws, readers throw too. */
  async fill(batches: AsyncIterable<Iterable<Item>>): Promise<void> {
    try {
      for await (const batch of batches) {
        if (this.#isClosed) return;
        this.#append(encodeItems(batch));
      }
    } catch (cause) {
      this.#failure = cause;
      throw cause;
    } finally {
      this.#isEnded = true;
      this.wake();
    }
  }

  open(place: Place = { offset: 0 }): TapeReader {
    return new SpoolReader(this, place.offset);
  }

  /** How much is still to come is not known. */
  shareBefore(): number {
    return 0;
  }

  /** Ends its readers. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    closeSync(this.#fd);
    this.wake();
  }

  /** Whether there is nothing after that offset, nor will be. Throws what the medium threw. */
  isOver(offset: number): boolean {
    if (this.#isClosed) return true;
    if (offset < this.#length || !this.#isEnded) return false;
    if (this.#failure !== null) throw this.#failure;
    return true;
  }

  /** Resolved when there is more or nothing more, or by `wake`. */
  async change(): Promise<void> {
    await this.#change.promise;
  }

  /** Lets everyone who waits look again. */
  wake(): void {
    this.#change.resolve();
    this.#change = Promise.withResolvers();
  }

  /** Up to so many bytes from that offset on; none at the end of what there is. */
  read(offset: number, bytes: number): Buffer {
    const chunk = Buffer.allocUnsafe(Math.min(bytes, this.#length - offset));
    let length = 0;
    while (length < chunk.length) {
      const count = readSync(this.#fd, chunk, length, chunk.length - length, offset + length);
      if (count === 0) break;
      length += count;
    }
    return chunk.subarray(0, length);
  }

  /** Written at once: into the page cache, as long as the disk has room. */
  #append(batch: Buffer): void {
    if (batch.length === 0) return;
    const bytes = Buffer.allocUnsafe(lengthBytes + batch.length);
    bytes.writeUInt32LE(batch.length);
    batch.copy(bytes, lengthBytes);
    try {
      for (let from = 0; from < bytes.length; ) {
        from += writeSync(this.#fd, bytes, from, bytes.length - from, this.#length + from);
      }
    } catch (cause) {
      throw this.#wrong(cause);
    }
    this.#length += bytes.length;
    this.wake();
  }

  #wrong(cause: unknown): RecError {
    const path = `a temporary file in ${this.#folder}`;
    return new RecError("REC_FILE_WRITE", { path, why: systemReason(cause) }, cause);
  }
}

class SpoolReader implements TapeReader {
  readonly #spool: Spool;
  /** Of the next batch. */
  #offset: number;
  /** What was read from there on. */
  #chunk: Buffer = Buffer.alloc(0);
  #isClosed = false;
  isWaiting = false;

  constructor(spool: Spool, offset: number) {
    this.#spool = spool;
    this.#offset = offset;
  }

  async read(): Promise<readonly Item[] | null> {
    while (!this.#isClosed && !this.#spool.isOver(this.#offset)) {
      const batch = this.#next();
      if (batch !== null) return batch;
      this.isWaiting = true;
      await this.#spool.change();
      this.isWaiting = false;
    }
    return null;
  }

  place(): Place {
    return { offset: this.#offset };
  }

  close(): void {
    this.#isClosed = true;
    this.#spool.wake();
  }

  #next(): Item[] | null {
    // Once for its length, and where the batch is longer than a chunk once more.
    if (!this.#isWhole()) this.#chunk = this.#spool.read(this.#offset, chunkBytes);
    if (!this.#isWhole()) this.#chunk = this.#spool.read(this.#offset, this.#batchLength() ?? 0);
    if (!this.#isWhole()) return null;
    const length = this.#batchLength() ?? 0;
    const items = decodeItems(this.#chunk.subarray(lengthBytes, length));
    this.#chunk = this.#chunk.subarray(length);
    this.#offset += length;
    return items;
  }

  #isWhole(): boolean {
    const length = this.#batchLength();
    return length !== null && this.#chunk.length >= length;
  }

  /** Of the next batch with its length; null when it was not read. */
  #batchLength(): number | null {
    return this.#chunk.length < lengthBytes ? null : lengthBytes + this.#chunk.readUInt32LE();
  }
}
