/** The exemption: content of file transfers passes the tap uncopied into the recording, as long as nothing else runs. */
import type { Transfer } from "../format/message.ts";
import { PackLines } from "./pack-lines.ts";
import { isDoubtful, type Sight } from "./sight.ts";

/** Where bytes go. */
export interface Streams {
  /** What the program wrote to stdout; its stderr is recorded in any case, and does not come here. */
  output(bytes: Uint8Array, atMs: number): void;
  input(bytes: Uint8Array, atMs: number): void;
  /** Bytes that passed and are not recorded. */
  pass(inBytes: number, outBytes: number): void;
  /** Told once, when the exemption is over; times are of the clock that all `atMs` are of. */
  transferred(transfer: Transfer): void;
}

/** What is there to be seen at a moment. */
export interface View {
  /** Undefined when anything but a transfer runs, "ended" when nothing does. */
  look(): Sight | "ended" | undefined;
  /** Bytes that were written to stdout and not yet read. */
  pending(): number;
  /** From now on stdout is read into `room`, from where `place` tells on. */
  readInto(room: Uint8Array, place: () => number): void;
}

/** How long may pass on the strength of one look. */
const lookMs = 20;
/** And how much: what came since the last look is kept, to be recorded where the next one leaves a doubt. */
const keptBytes = 1 << 22;
/** At first a look comes sooner: a transfer begins as soon as the shell has made way for it. */
const firstTries = 50;
/** Most that comes at once. */
const readBytes = 1 << 16;

interface Kept {
  readonly kind: "input" | "output";
  /** False for what is recorded in any case, in its turn. */
  readonly isContent: boolean;
  readonly bytes: Uint8Array;
  readonly atMs: number;
}

export class Exemption {
  readonly #streams: Streams;
  readonly #view: View;
  readonly #packLines = new PackLines();
  #sight: Sight | undefined;
  #isOver = false;
  #tries = 0;
  #lookedMs = Number.NEGATIVE_INFINITY;
  #sinceMs = 0;
  #lastMs = 0;
  #inBytes = 0;
  #outBytes = 0;
  #kept: Kept[] = [];
  /** Stdout is read to where it is kept: a copy of all would cost a tenth of the speed. */
  #room = Buffer.alloc(0);
  #place = 0;
  /** What was read elsewhere is kept here. */
  #copies = Buffer.alloc(0);
  #copied = 0;
  /** Its program has ended, and has left so much of its output in the pipe; what comes after that is somebody else's. */
  #leftBytes: number | undefined;
  /** So much of the output to come was there before a look that could not tell who wrote it. */
  #doubtfulBytes = 0;

  constructor(streams: Streams, view: View) {
    this.#streams = streams;
    this.#view = view;
  }

  output(bytes: Uint8Array, atMs: number): void {
    if (this.#leftBytes !== undefined) this.#takeLeft(bytes.length);
    if (this.#isOver) {
      this.#streams.output(bytes, atMs);
      return;
    }
    const sight = this.#sight;
    const isDoubtful = this.#doubtfulBytes > 0;
    this.#doubtfulBytes -= Math.min(this.#doubtfulBytes, bytes.length);
    if (this.#isPlaced(bytes)) this.#place = bytes.byteOffset - this.#room.byteOffset + bytes.length;
    // Read from the first byte on, whatever runs: else the borders of the lines are lost.
    this.#packLines.split(bytes, (run, isPack) => {
      const isContent = sight?.content === "all" || (sight?.content === "pack" && isPack);
      this.#keep("output", run, isContent && !isDoubtful, atMs);
    });
    this.#lookIfDue(atMs);
  }

  input(bytes: Uint8Array, atMs: number): void {
    this.#keep("input", bytes, this.#sight !== undefined, atMs);
    this.#lookIfDue(atMs);
  }

  /** Of input that would not be recorded anyway. */
  passInput(length: number, atMs: number): void {
    this.#streams.pass(length, 0);
    this.#lastMs = atMs;
    if (this.#sight !== undefined) this.#inBytes += length;
    this.#lookIfDue(atMs);
  }

  /** What may pass before it is told of: to where it is read meanwhile, and until when. Undefined where each piece has to be told. */
  get terms(): { room: Uint8Array; place: number; fullAt: number; dueMs: number } | undefined {
    const isPlain = this.#sight?.content === "all" && this.#leftBytes === undefined && this.#doubtfulBytes === 0;
    if (!isPlain) return undefined;
    return { room: this.#room, place: this.#place, fullAt: keptBytes - readBytes, dueMs: this.#lookedMs + lookMs };
  }

  /** Of output that nobody has yet, but for what came before and was `copied`: one look is for both. */
  passes(copied: Uint8Array, length: number, atMs: number, read: () => Uint8Array): boolean {
    this.#packLines.stop();
    if (copied.length > 0) this.#keep("output", copied, true, atMs);
    this.#lastMs = atMs;
    if (!this.#lookAgain(atMs)) {
      this.#streams.output(read(), atMs);
      return false;
    }
    this.#outBytes += length;
    this.#streams.pass(0, length);
    return true;
  }

  /** Of output that has gone on after a look that told the same as the last one here; no reason to look, as what came with it may not be told yet. */
  pass(length: number, atMs: number): void {
    this.#packLines.stop();
    this.#lastMs = atMs;
    this.#outBytes += length;
    this.#streams.pass(0, length);
  }

  /** When `tick` is to be called: what is kept does not wait for what comes next. */
  get deadlineMs(): number | undefined {
    return this.#kept.length === 0 ? undefined : this.#lookedMs + lookMs;
  }

  tick(nowMs: number): void {
    if (this.#kept.length > 0) this.#lookIfDue(nowMs);
  }

  /** The session is over. What passed since the last look was the transfer's, unless its program forks. */
  end(): void {
    const sight = this.#sight;
    if (sight === undefined) return;
    this.#settle(sight);
    this.#leave(sight);
  }

  /** Nobody is there any more to be looked at. */
  #settle(sight: Sight): boolean {
    const isClear = !mayFork(sight);
    if (isClear) this.#forget();
    else this.#record();
    return isClear;
  }

  #takeLeft(bytes: number): void {
    this.#leftBytes = (this.#leftBytes ?? 0) - bytes;
    if (this.#leftBytes < 0) this.#leave(this.#sight as Sight);
  }

  #lookIfDue(atMs: number): void {
    if (this.#isOver) return;
    if (this.#leftBytes !== undefined) this.#forget();
    else if (this.#sight === undefined) this.#begin(atMs);
    else if (atMs - this.#lookedMs >= lookMs || this.#isFull) this.#lookAgain(atMs);
    if (this.#kept.length === 0) this.#place = 0;
  }

  get #isFull(): boolean {
    return Math.max(this.#place, this.#copied) > keptBytes - readBytes;
  }

  #isPlaced(bytes: Uint8Array): boolean {
    return bytes.buffer === this.#room.buffer;
  }

  #begin(atMs: number): void {
    const pauseMs = this.#tries < firstTries ? 1 : lookMs;
    if (atMs - this.#lookedMs < pauseMs) return;
    this.#lookedMs = atMs;
    this.#tries++;
    const sight = this.#view.look();
    if (sight === undefined || sight === "ended") return;
    this.#sight = sight;
    this.#doubtfulBytes = this.#view.pending();
    this.#sinceMs = atMs;
    this.#lastMs = atMs;
    this.#room = Buffer.allocUnsafeSlow(keptBytes);
    this.#view.readInto(this.#room, () => this.#place);
  }

  #keep(kind: Kept["kind"], bytes: Uint8Array, isContent: boolean, atMs: number): void {
    this.#lastMs = atMs;
    if (!isContent && this.#kept.length === 0) {
      this.#streams[kind](bytes, atMs);
      return;
    }
    this.#kept.push({ kind, isContent, bytes: this.#isPlaced(bytes) ? bytes : this.#copy(bytes), atMs });
  }

  #copy(bytes: Uint8Array): Uint8Array {
    if (this.#copies.length === 0) this.#copies = Buffer.allocUnsafeSlow(keptBytes);
    const from = this.#copied;
    this.#copies.set(bytes, from);
    this.#copied += bytes.length;
    return this.#copies.subarray(from, this.#copied);
  }

  /** Whether what came since the last look was the transfer's. */
  #lookAgain(atMs: number): boolean {
    this.#lookedMs = atMs;
    const before = this.#sight as Sight;
    const now = this.#view.look();
    if (now === "ended") {
      this.#leftBytes = mayFork(before) ? 0 : this.#view.pending();
      return this.#settle(before);
    }
    const isClear = now !== undefined && !isDoubtful(before, now);
    if (isClear) {
      this.#forget();
    } else {
      this.#doubtfulBytes = this.#view.pending();
      this.#record();
    }
    this.#sight = now;
    if (now === undefined) this.#leave(before);
    return isClear;
  }

  /** Somebody else may have written what is kept. */
  #record(): void {
    for (const { kind, bytes, atMs } of this.#kept) this.#streams[kind](bytes, atMs);
    this.#pass(0, 0);
  }

  /** What is kept was the transfer's. */
  #forget(): void {
    let [inBytes, outBytes] = [0, 0];
    for (const { kind, isContent, bytes, atMs } of this.#kept) {
      if (!isContent) this.#streams[kind](bytes, atMs);
      else if (kind === "input") inBytes += bytes.length;
      else outBytes += bytes.length;
    }
    this.#pass(inBytes, outBytes);
  }

  /** Nothing is kept any more; so much of it is not recorded. */
  #pass(inBytes: number, outBytes: number): void {
    this.#streams.pass(inBytes, outBytes);
    this.#inBytes += inBytes;
    this.#outBytes += outBytes;
    this.#kept.length = 0;
    this.#place = 0;
    this.#copied = 0;
  }

  /** No more is exempt. */
  #leave(sight: Sight): void {
    this.#streams.transferred(this.#transfer(sight));
    this.#sight = undefined;
    this.#leftBytes = undefined;
    this.#isOver = true;
    this.#copies = Buffer.alloc(0);
  }

  #transfer({ command }: Sight): Transfer {
    const [inBytes, outBytes] = [this.#inBytes, this.#outBytes];
    return { command, inBytes, outBytes, fromMs: this.#sinceMs, toMs: this.#lastMs };
  }
}

/** Whether what it started may have written what is kept. */
function mayFork({ content, processes }: Sight): boolean {
  return content === "all" && processes.size > 1;
}
