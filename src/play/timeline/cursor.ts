/** A cursor: a moment of a recording, from which it goes on item by item. */
import { type Item, isPacket } from "../../format/item.ts";
import type { Position } from "./keyframes.ts";
import type { TapeReader } from "./tape.ts";

export class Cursor {
  readonly #reader: TapeReader;
  #batch: readonly Item[] = [];
  #at = 0;
  #skip: number;
  #packets: number;
  #atMs: number;
  readonly #onClose: () => void;
  #isClosed = false;

  constructor(reader: TapeReader, { packets, atMs, skip }: Omit<Position, "place">, onClose: () => void) {
    this.#reader = reader;
    this.#onClose = onClose;
    this.#packets = packets;
    this.#atMs = atMs;
    this.#skip = skip;
  }

  /** How many packets (output, input, windows) were passed. */
  get packets(): number {
    return this.#packets;
  }

  /** Moment of the last packet that was passed. */
  get atMs(): number {
    return this.#atMs;
  }

  /** The next item, which is not passed; null at the end. Waits for it, also where a recording that is followed has no more yet. */
  async peek(): Promise<Item | null> {
    while (this.#at === this.#batch.length) {
      const batch = await this.#reader.read();
      if (batch === null) return null;
      this.#batch = batch;
      this.#at = Math.min(this.#skip, batch.length);
      this.#skip = 0;
    }
    return this.#batch[this.#at] as Item;
  }

  /** The next item if it is at hand, without waiting. */
  get ready(): Item | null {
    return this.#batch[this.#at] ?? null;
  }

  /** Passes the item that `peek` or `ready` gave. */
  pass(): void {
    const item = this.#batch[this.#at++];
    if (item === undefined || !isPacket(item)) return;
    this.#packets++;
    this.#atMs = item.atMs;
  }

  /** Passes the next item and gives it; null at the end. */
  async next(): Promise<Item | null> {
    const item = await this.peek();
    if (item !== null) this.pass();
    return item;
  }

  /** Ends what waits, with null, and lets go of the medium and of the moment's emulator. */
  close(): void {
    this.#reader.close();
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#onClose();
  }
}
