/** The timeline of a recording: its length, its marks, and the screen of any of its moments. */
import { monotonicMs } from "../../clock.ts";
import { Emulator } from "../../emulator/emulator.ts";
import type { HeadItem, Item } from "../../format/item.ts";
import { Cursor } from "./cursor.ts";
import { defaultFrameBytes, Indexing } from "./indexing.ts";
import { type Keyframe, openKeyframe, type Position } from "./keyframes.ts";
import { Known, type KnownContents } from "./known.ts";
import type { Mark } from "./mark.ts";
import type { Place, Tape, TapeReader } from "./tape.ts";
import { Turn } from "./turn.ts";

/** A moment: after every packet up to that time, or after so many packets. Infinity is the end. */
export type Target = { readonly atMs: number } | { readonly packets: number };

export interface Moment {
  /** The screen of that moment, until the cursor is closed. Whoever asked feeds it with what the cursor passes. */
  readonly emulator: Emulator;
  /** Stands behind everything that the screen shows. */
  readonly cursor: Cursor;
}

export interface TimelineOptions {
  /** Hears, while the timeline is built, of every item that is no packet: the recording's head, its end, what is missing. */
  readonly note?: (item: Item) => void;
  /** So much output is between keyframes, about; 256 KiB where nothing is said. */
  readonly frameBytes?: number;
  /** What a timeline of the same recording knew when it was complete: then nothing is left to build. */
  readonly contents?: KnownContents;
}

/** A recording that is followed says nothing for this long: it has no more at present. */
const stallMs = 50;

export class Timeline {
  readonly #tape: Tape;
  readonly #known: Known;
  readonly #note: (item: Item) => void;
  readonly #turn = new Turn();
  readonly #indexing: Indexing;
  #place: Place = { offset: 0 };
  #isComplete: boolean;
  /** Complete because the medium came to its end. */
  #isWhole = false;
  /** When the wait for the medium began; null while there is something to do. */
  #waitingSinceMs: number | null = null;
  #isClosed = false;
  #reader: ReturnType<Tape["open"]> | null = null;
  #wake = Promise.withResolvers<void>();

  constructor(tape: Tape, options: TimelineOptions = {}) {
    const { note = () => {}, frameBytes = defaultFrameBytes, contents } = options;
    this.#tape = tape;
    this.#note = note;
    this.#known = new Known(contents);
    this.#isComplete = contents !== undefined;
    this.#indexing = new Indexing({ known: this.#known, turn: this.#turn, note, frameBytes });
  }

  /** Moment of the last packet that is known. */
  get lengthMs(): number {
    return this.#known.lengthMs;
  }

  /** How many packets are known. */
  get packets(): number {
    return this.#known.packets;
  }

  /** What the recording tells of itself; null before its first message was read. */
  get head(): HeadItem | null {
    return this.#known.head;
  }

  /** Whether all of the recording is known. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** How much of the medium is known, 0 to 1. */
  get progressRatio(): number {
    return this.#isComplete ? 1 : this.#tape.shareBefore(this.#place);
  }

  /** Marks so far, in the order of time. The array grows. */
  get marks(): readonly Mark[] {
    return this.#known.marks.list;
  }

  /**
   * Reads the recording to its end, beside everything else that the program does; a recording that is followed until `close`.
   * Throws RecError for what cannot be read: what is known until there stays.
   */
  async build(): Promise<void> {
    if (this.#isComplete) {
      for (const item of this.#known.notes) this.#note(item);
      return;
    }
    const reader = this.#tape.open();
    this.#reader = reader;
    try {
      while (!this.#isClosed) {
        const place = reader.place();
        this.#place = place;
        this.#waitingSinceMs = monotonicMs();
        const batch = await reader.read();
        this.#waitingSinceMs = null;
        if (batch === null) break;
        await this.#indexing.take(batch, place);
        if (this.#turn.isDue) await this.#turnOver();
      }
      this.#isWhole = !this.#isClosed;
    } finally {
      this.#isComplete = true;
      this.#wake.resolve();
      reader.close();
    }
  }

  /** All that is known, for another timeline of the same recording; null before it is complete, or when it is too much. */
  contents(): KnownContents | null {
    return this.#isWhole ? this.#known.contents() : null;
  }

  /** The beginning: an empty screen before everything. */
  start(): Moment {
    return moment(Emulator.open(), this.#tape.open(), { packets: 0, atMs: 0, skip: 0 });
  }

  /**
   * The moment that is meant, or the last one of a shorter recording. What is not known yet is waited for, but what a
   * recording that is followed does not have yet is not. Null when the signal aborts.
   */
  async seek(target: Target, signal?: AbortSignal): Promise<Moment | null> {
    // The first packet beyond shows that all before it are known.
    await this.until(() => isBeyond(target, this.packets, this.lengthMs), signal);
    if (signal?.aborted) return null;
    const known = this.packets;
    const frame = this.#known.keyframes.last((candidate) => !isBeyond(target, candidate.packets, candidate.atMs));
    const found = frame === null ? this.start() : this.#momentOf(frame);
    const { cursor, emulator } = found;
    while (cursor.packets < known) {
      const item = await cursor.peek();
      if (item === null) break;
      if ("atMs" in item && isBeyond(target, cursor.packets + 1, item.atMs)) break;
      show(emulator, item);
      cursor.pass();
      if (this.#turn.isDue) await this.#turn.take();
      if (!signal?.aborted) continue;
      cursor.close();
      return null;
    }
    return found;
  }

  /** Resolved when it is so, or when there is no more to know at present, or the signal aborts. */
  async until(isSo: () => boolean, signal?: AbortSignal): Promise<void> {
    while (!this.#isComplete && !this.#isClosed && !signal?.aborted) {
      if (isSo() || this.#hasStalled) return;
      await Promise.race([this.#wake.promise, new Promise((resolve) => setTimeout(resolve, stallMs))]);
    }
  }

  /** Ends `build`, and what waits for it. */
  close(): void {
    this.#isClosed = true;
    this.#reader?.close();
    this.#wake.resolve();
  }

  #momentOf(frame: Keyframe): Moment {
    const { snapshot, place } = openKeyframe(frame);
    return moment(Emulator.restore(snapshot), this.#tape.open(place), frame);
  }

  get #hasStalled(): boolean {
    if (this.#waitingSinceMs === null || this.#reader?.isWaiting !== true) return false;
    return monotonicMs() - this.#waitingSinceMs >= stallMs;
  }

  async #turnOver(): Promise<void> {
    this.#wake.resolve();
    this.#wake = Promise.withResolvers();
    await this.#turn.take();
  }
}

function moment(emulator: Emulator, reader: TapeReader, position: Omit<Position, "place">): Moment {
  return { emulator, cursor: new Cursor(reader, position, () => emulator.close()) };
}

/** Whether a packet, the one that makes so many, comes after the moment. */
function isBeyond(target: Target, packets: number, atMs: number): boolean {
  return "atMs" in target ? atMs > target.atMs : packets > target.packets;
}

/** Shows what the item changes on a screen; of most that is nothing. */
export function show(emulator: Emulator, item: Item): void {
  if (item.kind === "output") emulator.feed(item.bytes);
  else if (item.kind === "window") emulator.resize(item.columns, item.rows);
}
