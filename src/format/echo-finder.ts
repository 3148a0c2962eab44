/**
 * The echo finder: finds the recording's own messages in what a program shows, as `journalctl -f` does. Recorded as text they
 * would be shown again with every quote escaped once more, and so on without end.
 */
import { crc32 } from "./crc32.ts";
import { type Echo, echoedLineBytes, echoedMessages, escapeLine } from "./echo.ts";
import { commonLength, KeptLine } from "./kept-line.ts";

/** The first place of `needle` in `bytes` at `from` or after; -1 when there is none. */
export type Search = (bytes: Uint8Array, needle: Uint8Array, from: number) => number;

export interface FoundEcho {
  /** Where it begins in the bytes that were looked through. */
  readonly at: number;
  readonly echo: Echo;
}

/** In more than this the recording's id is looked for as a whole, at 6 GB/s; in less each half, as a narrow window may break it. */
const smallBytes = 8192;
/** `{"ver":"2.3",`, without regard to whose message it is. */
const anchorBytes = 13;
/** What is looked for where a line goes on after something else came in between; a reference to less would be no gain. */
const needleBytes = 24;
/** How far it may go on after what came in between: the pieces that two programs show in turns are smaller. */
const reachBytes = 4096;
const mostTrails = 4;

/** Where a line may begin, or one that was begun may go on. */
interface Trail {
  readonly isEscaped: boolean;
  /** Undefined for a line's beginning. */
  readonly line: KeptLine | undefined;
  /** The line's, as long as it is the one that was meant. */
  readonly id: number;
  /** Bytes of it that were shown. */
  readonly offset: number;
  /** Up to where in the stream of all bytes it is looked for. */
  readonly until: number;
  /** Where to look next in these bytes; -1 for nowhere. */
  next: number;
}

export class EchoFinder {
  readonly #search: Search;
  /** The recording's id, whole and in halves. */
  readonly #rec: readonly [Uint8Array];
  readonly #halves: readonly [Uint8Array, Uint8Array];
  /** What all messages of the recording begin with; and escaped. */
  readonly #head: Uint8Array;
  readonly #escapedHead: Uint8Array;
  /** Newest first. */
  readonly #lines: KeptLine[] = [];
  /** Lines that were begun and may go on in what is shown next. */
  #begun: Trail[] = [];
  /** Bytes looked through before. */
  #passed = 0;
  #isAwake = false;

  constructor(rec: string, head: Uint8Array, search: Search) {
    this.#search = search;
    const id = new TextEncoder().encode(rec);
    const half = Math.floor(id.length / 2);
    this.#rec = [id];
    this.#halves = [id.subarray(0, half), id.subarray(half)];
    this.#head = head;
    this.#escapedHead = escapeLine(head);
  }

  /** False as long as the recording's id was not shown: then nothing is kept, and nothing can be found. */
  get isAwake(): boolean {
    return this.#isAwake;
  }

  /** Looks for the id until it is there once: that is all that a session pays in which nobody looks at its log. */
  wakesBy(bytes: Uint8Array): boolean {
    const needles = bytes.length > smallBytes ? this.#rec : this.#halves;
    // Without closure or iterator: it is asked for whatever is read.
    for (let i = 0; i < needles.length; i++)
      if (this.#search(bytes, needles[i] as Uint8Array, 0) >= 0) this.#isAwake = true;
    return this.#isAwake;
  }

  /** A message was written; copies its line. */
  keep(id: number, line: Uint8Array): void {
    if (line.length > echoedLineBytes) return;
    const kept = this.#lines.length < echoedMessages ? new KeptLine() : (this.#lines.pop() as KeptLine);
    kept.set(id, line);
    this.#lines.unshift(kept);
  }

  /** The echoes in what is shown next, in order. Lines may be kept while it goes on. */
  *find(bytes: Uint8Array): Generator<FoundEcho> {
    const trails = [...this.#begun.map((trail) => ({ ...trail, next: 0 })), ...this.#beginnings(bytes)];
    let end = 0;
    for (let trail = earliest(trails); trail !== undefined; trail = earliest(trails)) {
      const { next: at, isEscaped, offset } = trail;
      const { line, length } = this.#longest(bytes, at, trail);
      const isAtEnd = at + length === bytes.length;
      const isPiece = length >= needleBytes || (isAtEnd && trail.line !== undefined);
      if (line === undefined || !isPiece) {
        trail.next = this.#look(bytes, trail, at + 1);
        continue;
      }
      const shown = bytes.subarray(at, at + length);
      end = at + length;
      if (trail.line !== undefined) trails.splice(trails.indexOf(trail), 1);
      this.#begin(trails, line, isEscaped, offset + length, end);
      for (const one of trails) if (one.next < end) one.next = this.#look(bytes, one, end);
      // A beginning counts only with all that this recording's messages have in common: it stays text, but may go on.
      const isEcho = length >= (trail.line === undefined ? this.#headOf(isEscaped).length : needleBytes);
      if (isEcho) yield { at, echo: { id: line.id, isEscaped, from: offset, length, sum: crc32(shown) } };
    }
    this.#beginCut(trails, bytes.subarray(end), bytes.length);
    this.#passed += bytes.length;
    this.#begun = trails.filter(({ line, until }) => line !== undefined && until > this.#passed);
  }

  #headOf(isEscaped: boolean): Uint8Array {
    return isEscaped ? this.#escapedHead : this.#head;
  }

  #beginnings(bytes: Uint8Array): Trail[] {
    return [false, true].map((isEscaped) => {
      const trail = { isEscaped, line: undefined, id: 0, offset: 0, until: Number.POSITIVE_INFINITY, next: 0 };
      return { ...trail, next: this.#look(bytes, trail, 0) };
    });
  }

  /** Of the line so much was shown, up to `end`: what is left of it may follow. */
  #begin(trails: Trail[], line: KeptLine, isEscaped: boolean, offset: number, end: number): void {
    if (offset === line.form(isEscaped).length) return;
    const begun = trails.filter((trail) => trail.line !== undefined);
    if (begun.length >= mostTrails) trails.splice(trails.indexOf(begun[0] as Trail), 1);
    trails.push({ isEscaped, line, id: line.id, offset, until: this.#passed + end + reachBytes, next: 0 });
  }

  /** The bytes may end inside the head of a line. */
  #beginCut(trails: Trail[], rest: Uint8Array, end: number): void {
    const line = this.#lines[0];
    if (line === undefined) return;
    for (const isEscaped of [false, true]) {
      const head = this.#headOf(isEscaped);
      for (let length = Math.min(head.length, rest.length); length > 0; length--) {
        if (commonLength(rest, rest.length - length, head, 0) < length) continue;
        this.#begin(trails, line, isEscaped, length, end);
        break;
      }
    }
  }

  /** The next place at `from` or after where the trail may go on. */
  #look(bytes: Uint8Array, { line, isEscaped, offset, until }: Trail, from: number): number {
    if (line === undefined) return this.#search(bytes, this.#headOf(isEscaped).subarray(0, anchorBytes), from);
    const needle = line.form(isEscaped).subarray(offset, offset + needleBytes);
    if (needle.length < needleBytes) return -1;
    return this.#search(bytes.subarray(0, Math.max(0, until - this.#passed)), needle, from);
  }

  /** The line of which most is at that place. Any that begins as the trail's does: a cut may stand before the id that tells them apart. */
  #longest(bytes: Uint8Array, at: number, trail: Trail): { line: KeptLine | undefined; length: number } {
    let best: KeptLine | undefined;
    let most = 0;
    const { isEscaped, offset } = trail;
    for (const line of this.#lines) {
      const form = line.form(isEscaped);
      if (trail.line !== undefined && line !== trail.line) {
        if (commonLength(form, 0, trail.line.form(isEscaped), 0) < offset) continue;
      }
      const length = commonLength(bytes, at, form, offset);
      if (length <= most) continue;
      best = line;
      most = length;
    }
    return { line: best, length: most };
  }
}

function earliest(trails: readonly Trail[]): Trail | undefined {
  let first: Trail | undefined;
  for (const trail of trails) {
    const isGone = trail.next < 0 || (trail.line !== undefined && trail.line.id !== trail.id);
    if (!isGone && (first === undefined || trail.next < first.next)) first = trail;
  }
  return first;
}
