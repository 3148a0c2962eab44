/** A flow: one direction of a live session, from a descriptor to a sink, handed to the tap on its way. */
import type { Native } from "./native.ts";
import type { Sink } from "./sink.ts";
import { again, interrupted } from "./system.ts";

/** What one read may bring: a pty gives 4095 bytes at most, a pipe up to this. */
export const readBytes = 65_536;
/** Most that the kernel moves at once: what a pipe holds, unless somebody has enlarged it. */
const moveBytes = 1 << 20;

export interface FlowOptions {
  readonly from: number;
  readonly to: Sink;
  /** Which of the tap's streams the bytes are. */
  readonly kind: "input" | "output";
  /** Nobody has to see the bytes, only how many: the kernel moves them, where it can. */
  readonly isUnseen?: boolean;
  /** Close the sink when the source ended: half-close of pipes. A terminal is never closed. */
  readonly closesSink: boolean;
}

interface Room {
  readonly buffer: Uint8Array;
  readonly place: () => number;
}

export class Flow {
  readonly from: number;
  readonly to: Sink;
  readonly kind: "input" | "output";
  readonly #closesSink: boolean;
  readonly #native: Native;
  /** Where the next read puts its bytes. */
  #room: Room = { buffer: Buffer.allocUnsafeSlow(readBytes), place: () => 0 };
  /** What was read and has not gone on yet: from start to end of the buffer. */
  #buffer = this.#room.buffer;
  #start = 0;
  #end = 0;
  /** What the last read gave: most bring as much as the one before, and so need no new view. */
  #view = this.#buffer.subarray(0, 0);
  /** Place in the poll set of this turn, -1 when not in it; the relay's. */
  slot = -1;
  #isSourceOpen = true;
  #isSinkOpen = true;
  #isMoving: boolean;
  /** The kernel moved nothing, since the sink was full. */
  #isBlocked = false;

  constructor(native: Native, options: FlowOptions) {
    this.#native = native;
    this.from = options.from;
    this.to = options.to;
    this.kind = options.kind;
    this.#closesSink = options.closesSink;
    this.#isMoving = options.isUnseen === true;
  }

  /** Reads only when all that came before has gone on: so a slow sink slows the source, as without us. */
  get wantsRead(): boolean {
    return this.#isSourceOpen && this.#start === this.#end && !this.#isBlocked && this.to.moved === 0;
  }

  get wantsWrite(): boolean {
    return this.#isSinkOpen && (this.#start < this.#end || this.#isBlocked || this.to.moved > 0);
  }

  get isFinished(): boolean {
    return !this.#isSourceOpen && !this.wantsWrite;
  }

  get isSourceOpen(): boolean {
    return this.#isSourceOpen;
  }

  get isOpen(): boolean {
    return this.#isSourceOpen && this.#isSinkOpen;
  }

  /** What was read and has not gone on. */
  get held(): { readonly buffer: Uint8Array; readonly start: number; readonly end: number } {
    return { buffer: this.#buffer, start: this.#start, end: this.#end };
  }

  /** What somebody else has read in its place. */
  hold(buffer: Uint8Array, start: number, end: number): void {
    this.#buffer = buffer;
    this.#start = start;
    this.#end = end;
  }

  get isBlocked(): boolean {
    return this.#isBlocked;
  }

  setBlocked(isBlocked: boolean): void {
    this.#isBlocked = isBlocked;
  }

  /** True as long as `move` is to be called and not `read`. */
  get isMoving(): boolean {
    return this.#isMoving;
  }

  /** How many bytes went on from the source to the sink; 0 when none can now, or no more come. */
  move(): number {
    const count = this.#native.splice(this.from, this.to.fd, moveBytes);
    if (count > 0) return count;
    if (count === 0) this.endSource();
    else if (count === again) this.#isBlocked = true;
    // What cannot be moved is carried; and what went wrong, reading or writing tells.
    else if (count !== interrupted) this.#isMoving = false;
    return 0;
  }

  /** The next reads go into `buffer`, from where `place` tells on: so what they bring stays valid for longer. */
  readInto(buffer: Uint8Array, place: () => number): void {
    this.#room = { buffer, place };
  }

  /** The bytes that one read brought, valid until the next; undefined when there are none now or no more. */
  read(): Uint8Array | undefined {
    const { buffer, place } = this.#room;
    const from = place();
    const count = this.#native.read(this.from, buffer, from, Math.min(readBytes, buffer.length - from));
    if (count > 0) {
      this.#buffer = buffer;
      this.#start = from;
      this.#end = from + count;
      return this.#viewOf(buffer, from, count);
    }
    if (count !== again && count !== interrupted) this.endSource();
    return undefined;
  }

  #viewOf(buffer: Uint8Array, from: number, count: number): Uint8Array {
    const isSame = this.#view.length === count && this.#view.byteOffset === buffer.byteOffset + from;
    if (!isSame || this.#view.buffer !== buffer.buffer) this.#view = buffer.subarray(from, from + count);
    return this.#view;
  }

  /** Passes on what is held, as far as the sink takes it. */
  write(): void {
    this.#isBlocked = false;
    if (this.to.moved > 0) {
      if (this.to.passMoved() < 0) this.#loseSink();
      else if (this.isFinished) this.#closeSink();
      return;
    }
    if (this.#start === this.#end) return;
    if (!this.#isSinkOpen) {
      this.#start = this.#end;
      return;
    }
    const count = this.to.write(this.#buffer, this.#start, this.#end - this.#start);
    if (count < 0) this.#loseSink();
    else this.#start += count;
    if (this.isFinished) this.#closeSink();
  }

  /** No more is read; what is held still goes on. */
  endSource(): void {
    if (!this.#isSourceOpen) return;
    this.#isSourceOpen = false;
    if (this.isFinished) this.#closeSink();
  }

  /** What is held will not go on, as to a terminal that is gone. */
  abandon(): void {
    this.#start = this.#end;
    this.to.moved = 0;
  }

  /** The reader has gone. A program that writes to a pipe must learn it; one on a terminal goes on and is recorded. */
  #loseSink(): void {
    this.#isSinkOpen = false;
    this.abandon();
    if (!this.#closesSink) return;
    this.#isSourceOpen = false;
    // A standard descriptor's number stays taken, or the next file opened would get it.
    if (this.from < 3) this.#native.stub(this.from);
    else this.#native.closeDescriptor(this.from);
    this.to.close();
  }

  #closeSink(): void {
    if (!this.#closesSink || !this.#isSinkOpen) return;
    this.#isSinkOpen = false;
    this.to.close();
  }
}
