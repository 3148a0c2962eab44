/** Pages: text for standard output, written in pieces while the next one is made. */
import { monotonicMs } from "../clock.ts";

/** Two of them are all that is held, but for a text that is longer. */
const pageBytes = 64 * 1024;
/** UTF-8 takes no more for a unit of a string. */
const maxBytesOfUnit = 3;

export class Pages {
  readonly #write: (bytes: Uint8Array) => Promise<void>;
  /** A string that grew by hits would hold on to the text around each. */
  #page = Buffer.allocUnsafeSlow(pageBytes);
  #next = Buffer.allocUnsafeSlow(pageBytes);
  #length = 0;
  #writing: Promise<void> | undefined;
  #writtenMs = Number.NEGATIVE_INFINITY;

  /** One write at a time is asked for. */
  constructor(write: (bytes: Uint8Array) => Promise<void>) {
    this.#write = write;
  }

  /** How long nothing was written that could have been; 0 where there is nothing to write. */
  get waitingMs(): number {
    return this.#length === 0 ? 0 : monotonicMs() - this.#writtenMs;
  }

  /** Nothing when more may come at once, else resolved when it may. Throws what an earlier write threw. */
  add(text: string): Promise<void> | undefined {
    if (this.#length + text.length * maxBytesOfUnit > pageBytes) return this.#addToNext(text);
    this.#length += this.#page.write(text, this.#length);
    return undefined;
  }

  async #addToNext(text: string): Promise<void> {
    await this.turn();
    if (text.length * maxBytesOfUnit <= pageBytes) this.#length = this.#page.write(text);
    else await this.#begin(Buffer.from(text));
  }

  /** Begins to write what there is, when all before it is written. */
  async turn(): Promise<void> {
    if (this.#length === 0) return;
    const page = this.#page;
    await this.#begin(page.subarray(0, this.#length));
    this.#page = this.#next;
    this.#next = page;
    this.#length = 0;
  }

  /** Writes all that there is. */
  async end(): Promise<void> {
    await this.turn();
    await this.#writing;
  }

  async #begin(bytes: Uint8Array): Promise<void> {
    await this.#writing;
    this.#writing = this.#write(bytes);
    // Who comes next is told.
    this.#writing.catch(() => {});
    this.#writtenMs = monotonicMs();
  }
}
