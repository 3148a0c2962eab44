/** Indexing: shows a recording to an emulator from its beginning, and takes keyframes and marks on the way. */
import { monotonicMs } from "../../clock.ts";
import { Emulator } from "../../emulator/emulator.ts";
import { type Item, isPacket } from "../../format/item.ts";
import type { Known } from "./known.ts";
import type { Place } from "./tape.ts";
import type { Turn } from "./turn.ts";

/** Between keyframes: so much is shown in some 20 ms, a fifth of what a seek may take. */
export const defaultFrameBytes = 256 * 1024;
/** Hostile output, or large windows, take longer for fewer bytes. */
const frameMs = 25;
/** Shown without a look at the clock. */
const sliceBytes = 32 * 1024;

export interface IndexingOptions {
  /** Grows by what is taken. */
  readonly known: Known;
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

  constructor(options: IndexingOptions) {
    const { known } = options;
    this.#options = options;
    this.#emulator.listen((event) => known.marks.hear(event, known.lengthMs));
  }

  /** Takes the batch that is at the place. */
  async take(batch: readonly Item[], place: Place): Promise<void> {
    const { known, note } = this.#options;
    for (const [number, item] of batch.entries()) {
      known.marks.take(item);
      if (isPacket(item)) {
        known.packets++;
        known.lengthMs = item.atMs;
      } else {
        known.note(item);
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
      const startedMs = monotonicMs();
      this.#emulator.feed(slice);
      this.#spentMs += monotonicMs() - startedMs;
      this.#bytes += slice.length;
      if (turn.isDue) await turn.take();
    }
  }

  #resize(columns: number, rows: number): void {
    const startedMs = monotonicMs();
    this.#emulator.resize(columns, rows);
    this.#spentMs += monotonicMs() - startedMs;
  }

  get #isFrameDue(): boolean {
    const { frameBytes, known } = this.#options;
    const { spacing } = known.keyframes;
    return this.#bytes >= frameBytes * spacing || this.#spentMs >= frameMs * spacing;
  }

  #takeFrame(place: Place, skip: number): void {
    const { lengthMs: atMs, packets, keyframes } = this.#options.known;
    keyframes.add({ atMs, packets, place, skip }, this.#emulator.snapshot());
    this.#bytes = 0;
    this.#spentMs = 0;
  }
}
