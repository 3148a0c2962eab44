/** A passage: the streams of a transfer, carried by the addon as long as nobody has to be told of each piece. */
import { type Flow, readBytes } from "./flow.ts";
import type { Native } from "./native.ts";
import type { PollSet } from "./poll-set.ts";

/** What may pass before it is told of. */
export interface Terms {
  /** Output is copied to here, from `place` on, and told of when it goes beyond `fullAt`. */
  readonly room: Uint8Array;
  readonly place: number;
  readonly fullAt: number;
  /** Told of, too, when it comes after this, of the relay's clock. */
  readonly dueMs: number;
}

/** Who says what may pass untold. */
export interface Judge {
  /** Undefined while each piece has to be told of. */
  readonly terms: Terms | undefined;
  /** Of what was `copied` and `length` bytes behind it that are held back: whether these go on unread. What `read` gives is recorded. */
  passes(copied: Uint8Array, length: number, atMs: number, read: () => Uint8Array): boolean;
  /** Told of what has gone on, as nothing had changed since the judge's last look. */
  pass(length: number, atMs: number): void;
}

export interface Passed {
  readonly atMs: number;
  readonly inBytes: number;
  /** What is to be told yet. */
  readonly output: Uint8Array;
}

/** The words of `struct passage` in native/passage.c. */
const word = { isBlocked: 2, inBytes: 3, start: 8, locked: 10, moved: 11, fresh: 12, cleared: 13, place: 14 } as const;
const words = 19;

export class Passage {
  readonly #native: Native;
  readonly #words = new Int32Array(words);
  readonly #input: Flow | undefined;
  readonly #output: Flow;
  readonly #judge: Judge;
  readonly #told: () => Uint8Array;

  /** `input`: of which nobody sees the bytes. `told`: what the judge's last look told. */
  constructor(native: Native, input: Flow | undefined, output: Flow, judge: Judge, told: () => Uint8Array) {
    this.#native = native;
    this.#input = input;
    this.#output = output;
    this.#judge = judge;
    this.#told = told;
  }

  get isOpen(): boolean {
    return this.#judge.terms !== undefined;
  }

  get outputFd(): number {
    return this.#output.from;
  }

  carries(flow: Flow): boolean {
    return flow === this.#output || (flow === this.#input && flow.isMoving);
  }

  /** Waits, and carries what comes, until one of `others` is ready or it is time; undefined when it is not to be carried here now. */
  carry(others: PollSet, waitMs: number, clock: () => number): Passed | undefined {
    const { terms } = this.#judge;
    if (terms === undefined || !this.#fill(terms, waitMs, clock())) return undefined;
    const words = this.#words;
    if (this.#native.pass(others.words, others.count, words, terms.room, this.#told()) < 0) return undefined;
    this.#input?.setBlocked(words[word.isBlocked] === 1);
    this.#output.hold(terms.room, words[word.start] ?? 0, words[word.start + 1] ?? 0);
    this.#output.to.locked = words[word.locked] ?? 0;
    this.#output.to.moved = words[word.moved] ?? 0;
    const atMs = clock();
    const output = terms.room.subarray(terms.place, words[word.place]);
    const fresh = words[word.fresh] ?? 0;
    const cleared = words[word.cleared] ?? 0;
    // Before a decision that may end the transfer, and tell how much it was.
    if (cleared > 0) this.#judge.pass(cleared, atMs);
    if (fresh > 0) this.#decide(output, fresh, atMs);
    return { atMs, inBytes: words[word.inBytes] ?? 0, output: fresh > 0 ? output.subarray(0, 0) : output };
  }

  #decide(copied: Uint8Array, fresh: number, atMs: number): void {
    const { to } = this.#output;
    const { moved } = to;
    const read = (): Uint8Array => {
      const bytes = to.takeMoved(fresh);
      this.#output.hold(bytes, 0, bytes.length);
      return bytes.subarray(moved);
    };
    if (this.#judge.passes(copied, fresh, atMs, read)) to.moved += fresh;
  }

  #fill({ room, place, fullAt, dueMs }: Terms, waitMs: number, nowMs: number): boolean {
    const output = this.#output;
    if (!output.isOpen) return false;
    const { to, held } = output;
    const { lock } = to;
    const isHeld = held.start < held.end;
    if (lock === undefined || (isHeld && held.buffer !== room)) return false;
    const input = this.#input?.isMoving && this.#input.isOpen ? this.#input : undefined;
    const dueUs = Math.max(0, (dueMs - nowMs) * 1000);
    this.#words.set([input?.from ?? -1, input?.to.fd ?? -1, input?.isBlocked ? 1 : 0, 0]);
    this.#words.set([output.from, to.fd, lock.read, lock.write], 4);
    this.#words.set([isHeld ? held.start : 0, isHeld ? held.end : 0, to.locked, to.moved, 0, 0], word.start);
    this.#words.set([place, readBytes, fullAt, waitMs, dueUs], word.place);
    return true;
  }
}
