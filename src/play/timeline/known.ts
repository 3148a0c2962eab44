/** What is known of a recording: its length, marks and keyframes, and everything in it that is no packet. */
import type { HeadItem, Item } from "../../format/item.ts";
import { type Keyframe, Keyframes } from "./keyframes.ts";
import { type Mark, Marks } from "./mark.ts";

/** All of it as plain data, but for the bytes of the keyframes. */
export interface KnownContents {
  readonly lengthMs: number;
  readonly packets: number;
  readonly notes: readonly Item[];
  readonly marks: readonly Mark[];
  readonly frames: readonly Keyframe[];
}

/** A recording with more that is wrong is not kept. */
const maxNotes = 2000;

export class Known {
  readonly keyframes: Keyframes;
  readonly marks: Marks;
  /** Moment of the last packet. */
  lengthMs: number;
  /** How many packets there are. */
  packets: number;
  head: HeadItem | null = null;
  readonly #notes: Item[] = [];

  constructor(contents?: KnownContents) {
    this.lengthMs = contents?.lengthMs ?? 0;
    this.packets = contents?.packets ?? 0;
    this.marks = new Marks(contents?.marks);
    this.keyframes = new Keyframes(contents?.frames);
    for (const item of contents?.notes ?? []) this.note(item);
  }

  /** The first of the items that are no packets. */
  get notes(): readonly Item[] {
    return this.#notes;
  }

  /** Takes notice of an item that is no packet. */
  note(item: Item): void {
    if (item.kind === "head") this.head = item;
    if (this.#notes.length <= maxNotes) this.#notes.push(item);
  }

  /** Null when there is too much to keep it. */
  contents(): KnownContents | null {
    if (this.#notes.length > maxNotes) return null;
    const { lengthMs, packets, marks, keyframes } = this;
    return { lengthMs, packets, notes: this.#notes, marks: marks.list, frames: keyframes.list };
  }
}
