/**
 * A scan: looks for lines in what the screen showed. A line was shown when it stood on the screen at one of these moments: output
 * paused, a tenth of a second of the recording was over, or as much had come as could scroll a line away.
 */
import type { Emulator } from "../emulator/emulator.ts";
import type { Item } from "../format/item.ts";
import { screenLines } from "./screen-lines.ts";
import { type Moment, show } from "./timeline/timeline.ts";
import { Turn } from "./timeline/turn.ts";

/** A moment within a packet: so many bytes of the next one, which the cursor has not passed, are on the screen already. */
export interface Place extends Moment {
  readonly offset: number;
}

const lookMs = 100;
/** A recording that is followed and says nothing for this long has no more at present. */
const stallMs = 1000;
const lineFeed = 0x0a;

export class Scan {
  readonly #expression: RegExp;
  readonly #emulator: Emulator;
  readonly #place: Moment;
  readonly #turn = new Turn();
  #offset: number;
  #lookedMs: number;
  /** What matched on the screen at the last look. */
  #known: readonly Match[];
  #isLooked = true;
  #isOver = false;
  #isHit = false;

  /** `expression` has the flag g. What is on the screen at the beginning is no hit. */
  constructor(expression: RegExp, { emulator, cursor, offset }: Place) {
    this.#expression = expression;
    this.#emulator = emulator;
    this.#place = { emulator, cursor };
    this.#offset = offset;
    this.#lookedMs = cursor.atMs;
    this.#known = this.#matches();
  }

  get place(): Place {
    return { ...this.#place, offset: this.#offset };
  }

  /** Whether the last look found a line that had not stood there before. */
  get isHit(): boolean {
    return this.#isHit;
  }

  /** Whether nothing comes after the last look; its place cannot be gone on from. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Goes on until the screen has been looked at; false when there is no more to see, or the signal aborts. */
  async next(signal: AbortSignal): Promise<boolean> {
    const { cursor } = this.#place;
    let room = Math.max(1, this.#emulator.rows - 1);
    while (!this.#isOver && !signal.aborted) {
      if (this.#turn.isDue) await this.#turn.take();
      const item = cursor.ready ?? (await unlessStalled(cursor.peek()));
      this.#isOver = item === null;
      if (this.#isPause(item)) return this.#look();
      if (item === null) break;
      if (item.kind === "output") {
        room = this.#feed(item.bytes, room);
        if (room <= 0) return this.#look();
      } else {
        show(this.#emulator, item);
        cursor.pass();
      }
    }
    return false;
  }

  /** There is something new on the screen, and it stays for a while. */
  #isPause(item: Item | null): boolean {
    const isLate = item === null || ("atMs" in item && item.atMs - this.#lookedMs >= lookMs) || item.kind === "window";
    if (item !== null && "atMs" in item && isLate) this.#lookedMs = item.atMs;
    return isLate && !this.#isLooked;
  }

  /** As much of the bytes as fills the room, in rows; returns what is left of that. */
  #feed(bytes: Uint8Array, room: number): number {
    const step = 1 / this.#emulator.columns;
    let end = this.#offset;
    let left = room;
    while (end < bytes.length && left > 0) left -= bytes[end++] === lineFeed ? 1 : step;
    this.#emulator.feed(bytes.subarray(this.#offset, end));
    this.#isLooked = false;
    this.#offset = end;
    if (end < bytes.length) return left;
    this.#place.cursor.pass();
    this.#offset = 0;
    return left;
  }

  #look(): true {
    this.#isLooked = true;
    const before = this.#known;
    this.#known = this.#matches();
    this.#isHit = hasNew(this.#known, before);
    return true;
  }

  #matches(): Match[] {
    return screenLines(this.#emulator).flatMap((line) =>
      [...line.matchAll(this.#expression)]
        .filter(([text]) => text !== "")
        .map(({ index, 0: text }) => ({ line, upTo: line.slice(0, index + text.length) })),
    );
  }
}

interface Match {
  readonly line: string;
  /** The line up to the end of what matched. */
  readonly upTo: string;
}

/** A line that was only added to behind what matches in it is no new one; one that was scrolled is the same. */
function hasNew(matches: readonly Match[], before: readonly Match[]): boolean {
  const old = new Map<string, string[]>();
  for (const { line, upTo } of before) {
    const lines = old.get(upTo);
    if (lines === undefined) old.set(upTo, [line]);
    else lines.push(line);
  }
  const unknown = matches.filter(({ line, upTo }) => !takeOut(old.get(upTo), (other) => other === line));
  return unknown.some(
    ({ line, upTo }) => !takeOut(old.get(upTo), (other) => line.startsWith(other) || other.startsWith(line)),
  );
}

function takeOut(lines: string[] | undefined, isWanted: (line: string) => boolean): boolean {
  const index = lines?.findIndex(isWanted) ?? -1;
  if (index !== -1) lines?.splice(index, 1);
  return index !== -1;
}

async function unlessStalled(coming: Promise<Item | null>): Promise<Item | null> {
  let timer: NodeJS.Timeout | undefined;
  const stall = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), stallMs);
  });
  try {
    return await Promise.race([coming, stall]);
  } finally {
    clearTimeout(timer);
  }
}
