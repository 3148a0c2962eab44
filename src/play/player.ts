/** The player: items to an output, each at its time, as keys direct. */
import type { Item } from "../format/item.ts";
import { type Command, Controls } from "./controls.ts";
import { Pace } from "./pace.ts";

export interface Clock {
  /** Monotonic milliseconds. */
  now(): number;
  /** Calls back after that time unless the returned function was called. */
  schedule(delayMs: number, callback: () => void): () => void;
}

export interface Output {
  /** Nothing when more may come at once, else resolved when it may. */
  write(bytes: Uint8Array): Promise<void> | undefined;
}

export interface PlayerOptions {
  readonly output: Output;
  readonly clock: Clock;
  readonly speedRatio: number;
  readonly isPaused: boolean;
  /** Start there, everything before it being shown at once; Infinity is the end. */
  readonly gotoMs: number | null;
  /** Nothing later is shown. */
  readonly untilMs: number;
  /** Longest stretch without output that is played, in the recording's time. */
  readonly idleLimitMs: number;
  /** Nothing that is typed ends the playing. */
  readonly isPersistent: boolean;
  /** The source waits at its end for more. */
  readonly isFollowing: boolean;
}

/** What is shown at once, while going to a moment, is written in pieces of this size. */
const batchBytes = 64 * 1024;
/** A source that says nothing for this long has no more at present. */
const stallMs = 50;
/** setTimeout turns a longer delay into none. */
const maxDelayMs = 2 ** 31 - 1;

export class Player {
  readonly #options: PlayerOptions;
  readonly #clock: Clock;
  readonly #pace: Pace;
  #gotoMs: number | null;
  /** Moment of the last output on the way there. */
  #passedMs = 0;
  /** Packets that are to be shown at once. */
  #steps = 0;
  readonly #controls = new Controls();
  #isQuitting = false;
  // One who waits at a time, and no Promise.race: with a promise that stays pending it would keep every item that passed.
  #onKey: (() => void) | null = null;
  #onQuit: (() => void) | null = null;
  #batch: Uint8Array[] = [];
  #batchedBytes = 0;

  constructor(options: PlayerOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.#gotoMs = options.gotoMs;
    this.#pace = new Pace(options.clock.now(), options.speedRatio, options.isPaused);
  }

  /** Resolved when the recording was played to its end (true) or left before (false). Items come in batches, one a message. */
  async play(batches: AsyncIterable<Iterable<Item>>): Promise<boolean> {
    const iterator = batches[Symbol.asyncIterator]();
    let isFirst = true;
    while (!this.#isQuitting) {
      // Quitting does not wait for a source that has nothing to say; who opened it closes it.
      const coming = iterator.next();
      if (this.#gotoMs !== null) await this.#keepGoing(coming);
      const next = await this.#unlessQuit(coming);
      if (next === undefined) return false;
      if (next.done === true) break;
      for (const item of next.value) {
        if (item.kind === "gap" && isFirst) this.#pace.jump(item.toMs, this.#clock.now());
        if (item.kind === "gap" || item.kind === "output") isFirst = false;
        if (item.kind !== "output") continue;
        if (item.atMs > this.#options.untilMs) return await this.#end();
        // Most of a long recording may be on the way to a moment: no promise for each of its packets.
        if (this.#gotoMs !== null && item.atMs < this.#gotoMs) this.#collect(item.atMs, item.bytes);
        else if (!(await this.#show(item.atMs, item.bytes))) return false;
        if (this.#batchedBytes >= batchBytes) await this.#write(this.#takeBatch());
        if (this.#isQuitting) return false;
      }
    }
    return await this.#end();
  }

  /** Takes a key; those without a meaning are ignored, as tlog-play does. */
  press(key: string): void {
    if (this.#isQuitting) return;
    const command = this.#controls.press(key);
    if (command !== null) this.#obey(command, this.#clock.now());
    this.#onKey?.();
  }

  /** Ends the playing now, whatever it waits for. */
  quit(): void {
    this.#isQuitting = true;
    this.#onQuit?.();
    this.#onKey?.();
  }

  /** Only onward: what was shown cannot be taken back without an emulator. */
  #obey(command: Command, nowMs: number): void {
    const mediaMs = this.#pace.mediaMs(nowMs);
    if (command.kind === "pause") this.#pace.toggle(nowMs);
    else if (command.kind === "speed") this.#pace.changeSpeed(command.change, nowMs);
    else if (command.kind === "step" && command.direction === 1) this.#steps++;
    else if (command.kind === "go" && command.atMs > mediaMs) this.#gotoMs = command.atMs;
    else if (command.kind === "skip" && command.byMs > 0) this.#gotoMs = mediaMs + command.byMs;
    else if (command.kind === "quit" && !this.#options.isPersistent) this.quit();
  }

  /** Writes the output when it is due; false when the playing was left. */
  async #show(atMs: number, bytes: Uint8Array): Promise<boolean> {
    this.#limitIdle(atMs);
    while (!this.#isQuitting) {
      const nowMs = this.#clock.now();
      if (this.#gotoMs !== null && atMs < this.#gotoMs) {
        this.#collect(atMs, bytes);
        return true;
      }
      if (this.#gotoMs !== null) {
        await this.#write(this.#takeBatch());
        this.#pace.jump(this.#gotoMs, this.#clock.now());
        this.#limitIdle(atMs);
        this.#gotoMs = null;
      } else if (this.#steps > 0 || this.#pace.waitMs(atMs, nowMs) === 0) {
        this.#steps = Math.max(0, this.#steps - 1);
        this.#pace.reach(atMs, nowMs);
        await this.#write(bytes);
        return !this.#isQuitting;
      } else {
        await this.#keyOrDelay(this.#pace.waitMs(atMs, nowMs));
      }
    }
    return false;
  }

  #limitIdle(atMs: number): void {
    if (this.#gotoMs === null) this.#pace.limitIdle(atMs, this.#options.idleLimitMs, this.#clock.now());
  }

  #collect(atMs: number, bytes: Uint8Array): void {
    this.#passedMs = atMs;
    this.#batch.push(bytes);
    this.#batchedBytes += bytes.length;
  }

  /** On the way to a moment: what was collected is shown when the source is slow; its present end is where "end" is. */
  async #keepGoing(coming: Promise<unknown>): Promise<void> {
    const isStalled = await new Promise<boolean>((resolve) => {
      const cancel = this.#clock.schedule(stallMs, () => resolve(true));
      const goOn = (): void => {
        cancel();
        resolve(false);
      };
      // A failure is told to who awaits `coming` itself.
      coming.then(goOn, goOn);
      this.#onQuit = goOn;
    });
    if (!isStalled) return;
    await this.#write(this.#takeBatch());
    if (!this.#options.isFollowing || this.#gotoMs !== Number.POSITIVE_INFINITY) return;
    this.#gotoMs = null;
    this.#pace.jump(this.#passedMs, this.#clock.now());
  }

  #takeBatch(): Uint8Array {
    const bytes = Buffer.concat(this.#batch);
    this.#batch = [];
    this.#batchedBytes = 0;
    return bytes;
  }

  async #write(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0) return;
    const written = this.#options.output.write(bytes);
    // A terminal that takes nothing must not keep its auditor from leaving.
    if (written !== undefined) await this.#unlessQuit(written);
  }

  async #keyOrDelay(delayMs: number): Promise<void> {
    let cancel = (): void => {};
    await new Promise<void>((resolve) => {
      this.#onKey = resolve;
      if (delayMs !== Number.POSITIVE_INFINITY) cancel = this.#clock.schedule(Math.min(delayMs, maxDelayMs), resolve);
    });
    this.#onKey = null;
    cancel();
  }

  /** What the promise gives, undefined as soon as the playing is left. */
  async #unlessQuit<Value>(promise: Promise<Value>): Promise<Value | undefined> {
    if (this.#isQuitting) return undefined;
    return await new Promise((resolve, reject) => {
      this.#onQuit = () => resolve(undefined);
      promise.then(resolve, reject);
    });
  }

  /** A paused player stays at the end, so that its last screen can be looked at. */
  async #end(): Promise<boolean> {
    await this.#write(this.#takeBatch());
    while (this.#pace.isPaused && !this.#isQuitting) await this.#keyOrDelay(Number.POSITIVE_INFINITY);
    return !this.#isQuitting;
  }
}
