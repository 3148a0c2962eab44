/** A message file: the tape of a recording in a regular file, each line of which is a message. */
import { type BigIntStats, close, constants, fstat, open, read } from "node:fs";
import { promisify } from "node:util";
import { RecError, systemReason } from "./errors.ts";
import { Decoder } from "./format/decoder.ts";
import type { Item } from "./format/item.ts";
import type { Place, Tape, TapeReader } from "./play/timeline/tape.ts";
import { Turn } from "./play/timeline/turn.ts";
import { hasMessageLines, maxHeadBytes } from "./reader/detect.ts";
import { LineSplitter } from "./reader/line-splitter.ts";
import type { SourceLine } from "./reader/reader.ts";
import type { Selection } from "./reader/selection.ts";

const openFile = promisify(open);
const closeFile = promisify(close);
const readFile = promisify(read);
const statFile = promisify(fstat) as (fd: number, options: { bigint: true }) => Promise<BigIntStats>;

const chunkBytes = 256 * 1024;

/** Reads what the file held when it was opened: what is added later is not in it. */
export class MessageFile implements Tape {
  readonly #name: string;
  readonly #fd: number;
  readonly #selection: Selection;
  readonly stats: BigIntStats;
  /** What the last reader that was closed had read into: each would leave its own for the garbage collector. */
  #spare: Buffer | null = null;

  private constructor(name: string, fd: number, stats: BigIntStats, selection: Selection) {
    this.#name = name;
    this.#fd = fd;
    this.stats = stats;
    this.#selection = selection;
  }

  /**
   * Opens the file; null where it is none that can be read at any place: a pipe, or another format than lines of messages. Throws
   * REC_FILE_READ. The selection says which recording of the file is meant; it may be shared with others who read the same file.
   */
  static async open(path: string, selection: Selection): Promise<MessageFile | null> {
    try {
      const fd = await openFile(path, constants.O_RDONLY | constants.O_NONBLOCK);
      const stats = await statFile(fd, { bigint: true });
      const file = new MessageFile(path, fd, stats, selection);
      if (stats.isFile() && hasMessageLines(await file.bytesAt(0, maxHeadBytes))) return file;
      await file.close();
      return null;
    } catch (cause) {
      throw cause instanceof RecError
        ? cause
        : new RecError("REC_FILE_READ", { path, why: systemReason(cause) }, cause);
    }
  }

  get length(): number {
    return Number(this.stats.size);
  }

  /** Whether nothing was written to the file, nor of what the system keeps of it, since it was opened. */
  async isUnchanged(): Promise<boolean> {
    const { size, mtimeNs, ctimeNs } = await statFile(this.#fd, { bigint: true });
    return size === this.stats.size && mtimeNs === this.stats.mtimeNs && ctimeNs === this.stats.ctimeNs;
  }

  open(place?: Place): TapeReader {
    return new MessageFileReader(this, this.#selection, place);
  }

  shareBefore({ offset }: Place): number {
    return this.length === 0 ? 1 : Math.min(1, offset / this.length);
  }

  /** The bytes from that offset on, up to so many; fewer only at the end; in a buffer that is long enough, if one is given. Throws REC_FILE_READ. */
  async bytesAt(offset: number, bytes: number, into?: Buffer): Promise<Buffer> {
    const wanted = Math.max(0, Math.min(bytes, this.length - offset));
    const chunk = into?.subarray(0, wanted) ?? Buffer.allocUnsafe(wanted);
    let length = 0;
    try {
      while (length < chunk.length) {
        const { bytesRead } = await readFile(this.#fd, chunk, length, chunk.length - length, offset + length);
        // The file was cut short: what is missing is told as the missing end of the recording.
        if (bytesRead === 0) break;
        length += bytesRead;
      }
    } catch (cause) {
      throw new RecError("REC_FILE_READ", { path: this.#name, why: systemReason(cause) }, cause);
    }
    return chunk.subarray(0, length);
  }

  /** What a reader reads into; taken back when it is closed. */
  takeChunk(): Buffer {
    const chunk = this.#spare ?? Buffer.allocUnsafe(chunkBytes);
    this.#spare = null;
    return chunk;
  }

  giveChunk(chunk: Buffer): void {
    this.#spare = chunk;
  }

  /** Its readers are closed by who opened them, before. */
  async close(): Promise<void> {
    await closeFile(this.#fd);
  }
}

class MessageFileReader implements TapeReader {
  readonly isWaiting = false;
  readonly #file: MessageFile;
  readonly #selection: Selection;
  readonly #decoder: Decoder;
  readonly #splitter: LineSplitter;
  readonly #turn = new Turn();
  readonly #from: number;
  /** Of the next chunk. */
  #offset: number;
  #lines: Iterator<SourceLine> = [][Symbol.iterator]();
  /** Null while it is read into, and when it was given back. */
  #chunk: Buffer | null;
  #isAtEnd = false;
  #isFinished = false;

  constructor(file: MessageFile, selection: Selection, place: Place = { offset: 0 }) {
    this.#file = file;
    this.#selection = selection;
    this.#decoder = new Decoder(place.decoder === undefined ? {} : { state: place.decoder });
    this.#splitter = new LineSplitter(undefined, undefined, place.lines);
    this.#chunk = file.takeChunk();
    this.#from = place.offset;
    this.#offset = place.offset;
  }

  async read(): Promise<readonly Item[] | null> {
    while (!this.#isFinished) {
      const next = this.#lines.next();
      if (next.done !== true) {
        const items = this.#decode(next.value);
        if (items.length > 0) return items;
        // Any number of lines that are none of the recording's may follow.
        if (this.#turn.isDue) await this.#turn.take();
      } else if (this.#isAtEnd) {
        this.#isFinished = true;
        return this.#decoder.finish();
      } else {
        await this.#readOn();
      }
    }
    return null;
  }

  place(): Place {
    return { offset: this.#from + this.#splitter.lineEnd, lines: this.#splitter.lines, decoder: this.#decoder.state };
  }

  close(): void {
    this.#isFinished = true;
    if (this.#chunk !== null) this.#file.giveChunk(this.#chunk);
    this.#chunk = null;
  }

  async #readOn(): Promise<void> {
    // Every line of the last chunk was taken.
    const into = this.#chunk ?? this.#file.takeChunk();
    this.#chunk = null;
    const chunk = await this.#file.bytesAt(this.#offset, chunkBytes, into);
    if (this.#isFinished) {
      this.#file.giveChunk(into);
      return;
    }
    this.#chunk = into;
    this.#offset += chunk.length;
    this.#isAtEnd = chunk.length === 0;
    this.#lines = this.#isAtEnd ? this.#splitter.end() : this.#splitter.push(chunk);
  }

  #decode(line: SourceLine): Item[] {
    if (line.trouble !== undefined) return [{ kind: "bad", place: line.place, reason: line.trouble }];
    return this.#selection.admits(line) ? this.#decoder.decode(line) : [];
  }
}
