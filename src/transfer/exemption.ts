/** The exemption: content of file transfers passes the tap uncopied into the recording, as long as nothing else runs. */
import type { Transfer } from "../format/message.ts";
import { isSame, type Sight } from "./sight.ts";

/** Where bytes go. */
export interface Streams {
  readonly recordsInput: boolean;
  output(bytes: Uint8Array, atMs: number): void;
  input(bytes: Uint8Array, atMs: number): void;
  /** Bytes that passed and are not recorded. */
  pass(inBytes: number, outBytes: number): void;
  /** Told once, when the exemption is over; times are of the clock that all `atMs` are of. */
  transferred(transfer: Transfer): void;
}

/** How long may pass on the strength of one look. */
const lookMs = 20;
/** And how much: what came since the last look is kept, to be recorded where the next one leaves a doubt. Less where programs run programs. */
const keptBytes = 1 << 20;
const keptOfSeveral = 1 << 18;
/** At first a look comes sooner: a transfer begins as soon as the shell has made way for it. */
const firstTries = 50;
/** Most that comes at once. */
const readBytes = 1 << 16;

interface Kept {
  readonly kind: "input" | "output";
  readonly from: number;
  readonly to: number;
  readonly atMs: number;
}

export class Exemption {
  readonly #streams: Streams;
  readonly #look: () => Sight | undefined;
  #sight: Sight | undefined;
  #isOver = false;
  #tries = 0;
  #lookedMs = Number.NEGATIVE_INFINITY;
  #sinceMs = 0;
  #lastMs = 0;
  #inBytes = 0;
  #outBytes = 0;
  #buffer = Buffer.alloc(0);
  #kept: Kept[] = [];
  #end = 0;
  /** Of what is not kept because it would not be recorded anyway. */
  #passedIn = 0;

  /** `look` tells whether nothing but a transfer runs now. */
  constructor(streams: Streams, look: () => Sight | undefined) {
    this.#streams = streams;
    this.#look = look;
  }

  output(bytes: Uint8Array, atMs: number): void {
    this.#take("output", bytes, atMs);
  }

  input(bytes: Uint8Array, atMs: number): void {
    this.#take("input", bytes, atMs);
  }

  /** The session is over. What passed since the last look was the transfer's, unless its program runs others. */
  end(): void {
    const sight = this.#sight;
    if (sight === undefined) return;
    if (sight.processes.size > 1) this.#record();
    else this.#forget();
    this.#leave(sight);
  }

  #take(kind: Kept["kind"], bytes: Uint8Array, atMs: number): void {
    if (this.#sight === undefined) {
      // What came before the first look may be another program's, as of the shell that ran before.
      this.#streams[kind](bytes, atMs);
      this.#begin(atMs);
      return;
    }
    this.#keep(kind, bytes, atMs);
    const mostBytes = this.#sight.processes.size > 1 ? keptOfSeveral : keptBytes;
    if (atMs - this.#lookedMs >= lookMs || this.#end + this.#passedIn > mostBytes - readBytes) this.#lookAgain(atMs);
  }

  #begin(atMs: number): void {
    const pauseMs = this.#tries < firstTries ? 1 : lookMs;
    if (this.#isOver || atMs - this.#lookedMs < pauseMs) return;
    this.#lookedMs = atMs;
    this.#tries++;
    this.#sight = this.#look();
    if (this.#sight === undefined) return;
    this.#sinceMs = atMs;
    this.#lastMs = atMs;
    this.#buffer = Buffer.allocUnsafeSlow(keptBytes);
  }

  #keep(kind: Kept["kind"], bytes: Uint8Array, atMs: number): void {
    this.#lastMs = atMs;
    if (kind === "input" && !this.#streams.recordsInput) {
      this.#passedIn += bytes.length;
      return;
    }
    const from = this.#end;
    this.#buffer.set(bytes, from);
    this.#end += bytes.length;
    this.#kept.push({ kind, from, to: this.#end, atMs });
  }

  #lookAgain(atMs: number): void {
    this.#lookedMs = atMs;
    const before = this.#sight as Sight;
    const now = this.#look();
    if (now !== undefined && isSame(before, now)) this.#forget();
    else this.#record();
    this.#sight = now;
    if (now === undefined) this.#leave(before);
  }

  /** Somebody else may have written what is kept. */
  #record(): void {
    for (const { kind, from, to, atMs } of this.#kept) this.#streams[kind](this.#buffer.subarray(from, to), atMs);
    this.#streams.pass(this.#passedIn, 0);
    this.#inBytes += this.#passedIn;
    this.#clear();
  }

  /** What is kept was the transfer's. */
  #forget(): void {
    let [inBytes, outBytes] = [this.#passedIn, 0];
    for (const { kind, from, to } of this.#kept) {
      if (kind === "input") inBytes += to - from;
      else outBytes += to - from;
    }
    this.#streams.pass(inBytes, outBytes);
    this.#inBytes += inBytes;
    this.#outBytes += outBytes;
    this.#clear();
  }

  #clear(): void {
    this.#kept.length = 0;
    this.#end = 0;
    this.#passedIn = 0;
  }

  /** No more is exempt. */
  #leave(sight: Sight): void {
    this.#streams.transferred(this.#transfer(sight));
    this.#sight = undefined;
    this.#isOver = true;
    this.#buffer = Buffer.alloc(0);
  }

  #transfer({ command }: Sight): Transfer {
    const [inBytes, outBytes] = [this.#inBytes, this.#outBytes];
    return { command, inBytes, outBytes, fromMs: this.#sinceMs, toMs: this.#lastMs };
  }
}
