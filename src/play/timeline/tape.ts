/** A tape: the items of a recording in their order, which can be had again from any place. */
import type { DecoderState } from "../../format/decoder.ts";
import type { Item } from "../../format/item.ts";

/** Where a reader of a tape can begin: between two batches. Plain data, so that it can be kept. */
export interface Place {
  /** In bytes of the medium. */
  readonly offset: number;
  /** Lines before it, and what the decoder knows of them, where the medium has lines that must be decoded again. */
  readonly lines?: number;
  readonly decoder?: DecoderState;
}

export interface TapeReader {
  /** The items of the next message; null at the end. Waits while there may be more. Throws RecError for what cannot be read. */
  read(): Promise<readonly Item[] | null>;
  /** Whether a `read` waits for the medium to grow, and not only for the disk. */
  readonly isWaiting: boolean;
  /** Where the next `read` goes on. */
  place(): Place;
  /** Ends a `read` that waits, with null. */
  close(): void;
}

export interface Tape {
  /** A reader from the beginning, or from a place that another one was at. */
  open(place?: Place): TapeReader;
  /** How much of the medium is before that place, 0 to 1. Not more than 1 while it still grows. */
  shareBefore(place: Place): number;
}
