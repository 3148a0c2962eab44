/** The deck: the moment of a recording that is on the screen, from which it goes on item by item. */
import type { Emulator } from "../emulator/emulator.ts";
import type { Item } from "../format/item.ts";
import type { Place } from "./scan.ts";
import type { Position } from "./search.ts";
import { show } from "./timeline/timeline.ts";

export class Deck {
  readonly #now: () => number;
  readonly #onItem: () => void;
  #place: Place;
  #isFetching = false;
  #isAtEnd = false;
  #failure: unknown = null;
  #askedMs = 0;

  /** `onItem`: `next` gives more than it did. */
  constructor(place: Place, now: () => number, onItem: () => void) {
    this.#place = place;
    this.#now = now;
    this.#onItem = onItem;
  }

  get place(): Place {
    return this.#place;
  }

  get emulator(): Emulator {
    return this.#place.emulator;
  }

  get position(): Position {
    return { packets: this.#place.cursor.packets, offset: this.#place.offset };
  }

  /** Moment of the last packet of which anything is on the screen. */
  get atMs(): number {
    return momentOf(this.#place);
  }

  /** The item that comes next; null at the end, undefined when it is not there yet. Throws what reading it did. */
  get next(): Item | null | undefined {
    if (this.#failure !== null) throw this.#failure;
    const { ready } = this.#place.cursor;
    if (ready !== null) return ready;
    if (this.#isAtEnd) return null;
    this.#fetch();
    return undefined;
  }

  /** For how long it has not been there. */
  get waitedMs(): number {
    return this.#isFetching ? this.#now() - this.#askedMs : 0;
  }

  /** Shows what `next` gave. */
  pass(item: Item): void {
    const { cursor, emulator, offset } = this.#place;
    if (item.kind === "output") emulator.feed(item.bytes.subarray(offset));
    else show(emulator, item);
    cursor.pass();
    this.#place = { cursor, emulator, offset: 0 };
  }

  /** Another moment takes the place of this one. */
  load(place: Place): void {
    this.#place.cursor.close();
    this.#place = place;
    this.#isFetching = false;
    this.#isAtEnd = false;
  }

  close(): void {
    this.#place.cursor.close();
  }

  #fetch(): void {
    if (this.#isFetching) return;
    this.#isFetching = true;
    this.#askedMs = this.#now();
    const { cursor } = this.#place;
    const isOurs = (): boolean => this.#place.cursor === cursor;
    cursor.peek().then(
      (item) => {
        if (!isOurs()) return;
        this.#isFetching = false;
        this.#isAtEnd = item === null;
        this.#onItem();
      },
      (error: unknown) => {
        if (!isOurs()) return;
        this.#failure = error;
        this.#onItem();
      },
    );
  }
}

/** Moment of the last packet of which anything is on the screen. */
export function momentOf({ cursor, offset }: Place): number {
  const next = cursor.ready;
  return offset > 0 && next !== null && "atMs" in next ? next.atMs : cursor.atMs;
}
