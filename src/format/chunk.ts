/** A chunk: the payload of the message being collected, with its budget of bytes. */
import { type Budget, type CopyText, newBudget } from "./copy-text.ts";
import { byteDigits, decimalDigits, putByteDecimal, putDecimal } from "./decimal.ts";
import { escapedBytes, putEscaped } from "./escape.ts";
import type { Side } from "./side.ts";

const delayMark = 0x2b;
const comma = 0x2c;
const slash = 0x2f;
const zero = 0x30;

/**
 * Collects characters and windows until the budget is used up. Nothing is ever written in part: what does not fit,
 * with the records it needs in `timing`, is refused as a whole. One run of like characters is open at a time, whatever
 * its direction, so the order in which input and output came is kept inside a millisecond too.
 */
export class Chunk {
  readonly timing: Uint8Array;
  timingLength = 0;
  /** Recording time of the first thing in it. */
  posMs = 0;
  /** Recording time of the last thing ever written; never decreases. */
  lastMs = 0;
  isEmpty = true;

  readonly #payloadBytes: number;
  readonly #copyText: CopyText;
  readonly #budget: Budget = newBudget();
  #leftBytes: number;
  /** Record of the last known window, repeated at the head of every chunk. */
  #window = new Uint8Array(0);
  #run: Side | undefined;
  #runIsText = false;
  /** Characters, or placeholders, of the open run. */
  #runCount = 0;
  #runBytes = 0;
  /** The count of characters, and of bytes, that will take one digit more. */
  #runWidensAt = 10;
  #runBytesWidenAt = 10;

  constructor(payloadBytes: number, copyText: CopyText) {
    this.#copyText = copyText;
    this.#payloadBytes = payloadBytes;
    this.#leftBytes = payloadBytes;
    this.timing = new Uint8Array(payloadBytes);
  }

  /** Bytes of the payload that nothing has taken yet. */
  get leftBytes(): number {
    return this.#leftBytes;
  }

  /** Copies whole characters into the open run as long as they belong there and fit; gives the first byte not taken. */
  takeText(side: Side, bytes: Uint8Array, from: number, end: number, ms: number): number {
    if (this.#run !== side || !this.#runIsText || ms > this.lastMs) return from;
    const budget = this.#budget;
    budget[0] = side.txtLength;
    budget[1] = this.#leftBytes;
    budget[2] = this.#runWidensAt - 1 - this.#runCount;
    budget[3] = this.#runWidensAt;
    const at = this.#copyText(bytes, from, end, side.txt, budget);
    side.txtLength = budget[0];
    this.#leftBytes = budget[1];
    this.#runWidensAt = budget[3];
    this.#runCount = budget[3] - 1 - budget[2];
    side.rawBytes += at - from;
    return at;
  }

  /** Writes the character of `length` bytes at `bytes[from]`; false when it does not fit. */
  putText(side: Side, bytes: Uint8Array, from: number, length: number, ms: number): boolean {
    const first = bytes[from] as number;
    const size = length === 1 ? (escapedBytes[first] as number) : length;
    const isOpen = this.#isOpen(side, true, ms);
    const cost = size + (isOpen ? this.#widening() : this.#leadBytes(ms) + 2);
    if (cost > this.#leftBytes) return false;
    this.#leftBytes -= cost;
    if (!isOpen) this.#open(side, true, ms);
    if (length === 1) side.txtLength = putEscaped(side.txt, side.txtLength, first);
    else for (let place = 0; place < length; place++) side.txt[side.txtLength++] = bytes[from + place] as number;
    this.#count();
    side.rawBytes += length;
    return true;
  }

  /** Writes `length` bytes that are no character, as one placeholder; false when they do not fit. */
  putBinary(side: Side, bytes: Uint8Array, from: number, length: number, ms: number): boolean {
    const isOpen = this.#isOpen(side, false, ms);
    const commas = length - (side.binLength === 0 ? 1 : 0);
    let cost = 3 + commas + (isOpen ? this.#widening() : this.#leadBytes(ms) + 4);
    if (isOpen && this.#runBytes + length >= this.#runBytesWidenAt) cost++;
    for (let place = 0; place < length; place++) cost += byteDigits(bytes[from + place] as number);
    if (cost > this.#leftBytes) return false;
    this.#leftBytes -= cost;
    if (!isOpen) this.#open(side, false, ms);
    const { txt, txtLength, bin } = side;
    // U+FFFD stands in the text for each sequence of bytes that is no character.
    txt[txtLength] = 0xef;
    txt[txtLength + 1] = 0xbf;
    txt[txtLength + 2] = 0xbd;
    side.txtLength = txtLength + 3;
    let to = side.binLength;
    for (let place = 0; place < length; place++) {
      if (to > 0) bin[to++] = comma;
      to = putByteDecimal(bin, to, bytes[from + place] as number);
    }
    side.binLength = to;
    this.#runBytes += length;
    if (this.#runBytes >= this.#runBytesWidenAt) this.#runBytesWidenAt *= 10;
    this.#count();
    side.rawBytes += length;
    return true;
  }

  /** Writes a window unless it is the one already known; false when it does not fit. */
  putWindow(columns: number, rows: number, ms: number): boolean {
    const window = new TextEncoder().encode(`=${columns}x${rows}`);
    if (isEqual(window, this.#window)) return true;
    const cost = window.length + (this.isEmpty ? 0 : this.#leadBytes(ms));
    if (cost > this.#leftBytes) return false;
    this.#leftBytes -= cost;
    this.#closeRun();
    if (this.isEmpty) this.#window = new Uint8Array(0);
    this.#lead(ms);
    this.#window = window;
    this.#putWindowRecord();
    return true;
  }

  /** Writes the place of a reference of `size` bytes, which stands beside the payload but is counted in it; false when it does not fit. */
  putEcho(side: Side, size: number, length: number, ms: number): boolean {
    const cost = this.#leadBytes(ms) + 3 + size;
    if (cost > this.#leftBytes) return false;
    this.#leftBytes -= cost;
    this.#closeRun();
    this.#lead(ms);
    // A record of nothing, which tlog's reader passes over.
    this.timing[this.timingLength++] = side.textMark;
    this.timing[this.timingLength++] = zero;
    side.rawBytes += length;
    return true;
  }

  /** Makes a message of it though nothing was written: what it has to tell stands beside the payload. */
  touch(ms: number): void {
    if (this.isEmpty) this.#lead(ms);
  }

  /** Writes the record of the open run: the chunk can be made a line. */
  close(): void {
    this.#closeRun();
  }

  /** Begins a new chunk. */
  clear(): void {
    this.timingLength = 0;
    this.#leftBytes = this.#payloadBytes;
    this.isEmpty = true;
  }

  #isOpen(side: Side, isText: boolean, ms: number): boolean {
    return this.#run === side && this.#runIsText === isText && ms <= this.lastMs;
  }

  /** What the open run's record grows by with one more character. */
  #widening(): number {
    return this.#runCount + 1 === this.#runWidensAt ? 1 : 0;
  }

  #count(): void {
    this.#runCount++;
    if (this.#runCount === this.#runWidensAt) this.#runWidensAt *= 10;
  }

  /** What must stand before something of that time: the window at the head of a chunk, the delay elsewhere. */
  #leadBytes(ms: number): number {
    if (this.isEmpty) return this.#window.length;
    return ms > this.lastMs ? 1 + decimalDigits(ms - this.lastMs) : 0;
  }

  #lead(ms: number): void {
    if (this.isEmpty) {
      this.isEmpty = false;
      this.lastMs = Math.max(ms, this.lastMs);
      this.posMs = this.lastMs;
      this.#putWindowRecord();
    } else if (ms > this.lastMs) {
      this.timing[this.timingLength++] = delayMark;
      this.timingLength = putDecimal(this.timing, this.timingLength, ms - this.lastMs);
      this.lastMs = ms;
    }
  }

  #putWindowRecord(): void {
    this.timing.set(this.#window, this.timingLength);
    this.timingLength += this.#window.length;
  }

  #open(side: Side, isText: boolean, ms: number): void {
    this.#closeRun();
    this.#lead(ms);
    this.#run = side;
    this.#runIsText = isText;
    this.#runCount = 0;
    this.#runBytes = 0;
    this.#runWidensAt = 10;
    this.#runBytesWidenAt = 10;
  }

  #closeRun(): void {
    const side = this.#run;
    if (side === undefined) return;
    this.#run = undefined;
    this.timing[this.timingLength++] = this.#runIsText ? side.textMark : side.binaryMark;
    this.timingLength = putDecimal(this.timing, this.timingLength, this.#runCount);
    if (this.#runIsText) return;
    this.timing[this.timingLength++] = slash;
    this.timingLength = putDecimal(this.timing, this.timingLength, this.#runBytes);
  }
}

function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, place) => byte === other[place]);
}
