/** Indexing: shows a recording to an emulator from its beginning, and takes keyframes and marks on the way. */
import { Emulator } from "../../emulator/emulator.ts";
import type { HeadItem, Item } from "../../format/item.ts";
import type { Keyframes } from "./keyframes.ts";
import type { Marks } from "./mark.ts";
import type { Place } from "./tape.ts";
import type { Turn } from "./turn.ts";

/** Between keyframes: so much is shown in some 20 ms, a fifth of what a seek may take. */
export const defaultFrameBytes = 256 * 1024;
/** Hostile output, or large windows, take longer for fewer bytes. */
const frameMs = 25;
/** Shown without a look at the clock. */
const sliceBytes = 32 * 1024;

export interface IndexingOptions {
  readonly keyframes: Keyframes;
  readonly marks: Marks;
  readonly turn: Turn;
  /** Hears of every item that is no packet. */
  readonly note: (item: Item) => void;
  /** So much output is between keyframes, about. */
  readonly frameBytes: number;
}

export class Indexing {
  readonly #options: IndexingOptions;
  readonly #emulator = Emulator.open();
  #bytes = 0;
  #spentMs = 0;
  #lengthMs = 0;
  #packets = 0;
  #head: HeadItem | null = null;

  constructor(options: IndexingOptions) {
    this.#options = options;
    this.#emulator.listen((event) => options.marks.hear(event, this.#lengthMs));
  }

  /** Moment of the last packet so far. */
  get lengthMs(): number {
    return this.#lengthMs;
  }

  /** Packets so far. */
  get packets(): number {
    return this.#packets;
  }

  get head(): HeadItem | null {
    return this.#head;
  }

  /** Takes the batch that is at the place. */
  async take(batch: readonly Item[], place: Place): Promise<void> {
    const { marks, note } = this.#options;
    for (const [number, item] of batch.entries()) {
      marks.take(item);
      if (item.kind === "output" || item.kind === "window" || item.kind === "input") {
        this.#packets++;
        this.#lengthMs = item.atMs;
      } else {
        if (item.kind === "head") this.#head = item;
        note(item);
      }
      if (item.kind === "output") await this.#show(item.bytes);
      else if (item.kind === "window") this.#resize(item.columns, item.rows);
      if (this.#isFrameDue && this.#emulator.isWhole) this.#takeFrame(place, number + 1);
    }
  }

  async #show(bytes: Uint8Array): Promise<void> {
    const { turn } = this.#options;
    for (let from = 0; from < bytes.length; from += sliceBytes) {
      const slice = bytes.subarray(from, from + sliceBytes);
      const startedMs = performance.now();
      this.#emulator.feed(slice);
      this.#spentMs += performance.now() - startedMs;
      this.#bytes += slice.length;
      if (turn.isDue) await turn.take();
    }
  }

  #resize(columns: number, rows: number): void {
    const startedMs = performance.now();
    this.#emulator.resize(columns, rows);
    this.#spentMs += performance.now() - startedMs;
  }

  get #isFrameDue(): boolean {
    const { frameBytes, keyframes } = this.#options;
    const { spacing } = keyframes;
    return this.#bytes >= frameBytes * spacing || this.#spentMs >= frameMs * spacing;
  }

  #takeFrame(place: Place, skip: number): void {
    const position = { atMs: this.#lengthMs, packets: this.#packets, place, skip };
    this.#options.keyframes.add(position, this.#emulator.snapshot());
    this.#bytes = 0;
    this.#spentMs = 0;
  }
}
