/** The relay: one loop that carries a live session's bytes, each handed to the tap before it is passed on. */
import { constants } from "node:os";
import type { Timers } from "../timers.ts";
import type { Child, Exit } from "./child.ts";
import type { Flow } from "./flow.ts";
import type { LiveSession } from "./live-session.ts";
import type { Native } from "./native.ts";
import type { Passage } from "./passage.ts";
import { PollSet } from "./poll-set.ts";
import type { SignalEvent, Signals } from "./signals.ts";

const { signals: signal } = constants;

/** Who hears what passes. */
export interface Listener {
  /** `from`: the descriptor that the bytes were read from. */
  output(bytes: Uint8Array, atMs: number, from: number): void;
  input(bytes: Uint8Array, atMs: number): void;
  /** In place of `input` where it is not recorded. */
  passInput(length: number, atMs: number): void;
  window(columns: number, rows: number, atMs: number): void;
  /** While true nothing more is read of what would have to be recorded. */
  readonly isFull: boolean;
  readonly recordsInput: boolean;
  /** True when the session must end, since it cannot be recorded. */
  readonly mustStop: boolean;
  /** When tick() wants to be called next. */
  readonly deadlineMs: number | undefined;
  tick(nowMs: number): void;
}

export interface Ending extends Exit {
  /** The signal by which the recorder itself was told to end. */
  readonly toldBy: number | undefined;
}

/** How long the program may take to end after a hang-up before it is killed, and how long it may take to die then. */
const hangUpMs = 3000;
const killMs = 1000;
/** A shell's fg sends no signal to a job that runs already, so a recorder in the background has to look. */
const backgroundMs = 250;
/** More than a pty holds of what was written before its program ended (64 KiB and a line buffer). */
const drainBytes = 131_072;
const never = Number.POSITIVE_INFINITY;
/** The first two of the poll set. */
const signalSlot = 0;
const loopSlot = 1;

export interface RelayOptions {
  readonly native: Native;
  readonly session: LiveSession;
  readonly child: Child;
  readonly signals: Signals;
  readonly listener: Listener;
  readonly passage?: Passage | undefined;
  readonly clock: () => number;
  readonly timers: Timers;
}

export class Relay {
  readonly #native: Native;
  readonly #session: LiveSession;
  readonly #child: Child;
  readonly #signals: Signals;
  readonly #listener: Listener;
  readonly #passage: Passage | undefined;
  readonly #clock: () => number;
  readonly #timers: Timers;
  readonly #polls = new PollSet();
  readonly #loop: number;
  #isForeground: boolean;
  #exit: Exit | undefined;
  #isHungUp = false;
  #toldBy: number | undefined;
  #killAt = never;
  #leaveAt = never;
  #drained = 0;
  /** When the last wait ended. */
  #now = 0;
  /** True when only what is there already counts, so that no turn waits. */
  #isProbing = false;
  /** True while the poll set need not be filled anew. */
  #isSteady = false;

  constructor({ native, session, child, signals, listener, passage, clock, timers }: RelayOptions) {
    this.#native = native;
    this.#session = session;
    this.#child = child;
    this.#signals = signals;
    this.#listener = listener;
    this.#passage = passage;
    this.#clock = clock;
    this.#timers = timers;
    this.#loop = native.loopDescriptor();
    this.#isForeground = session.terminal?.isForeground ?? false;
  }

  /** Resolves when the program has ended and all it wrote is recorded and passed on; after a hang-up within a bounded time. */
  async run(): Promise<Ending> {
    // What libuv waits for it tells the kernel in its first turn: until then its descriptor is never ready.
    await nextLoopTurn();
    this.#now = this.#clock();
    this.#reap();
    while (!this.#isOver()) {
      if (this.#turn()) await nextLoopTurn();
    }
    const exit = this.#exit ?? { exit: null, signal: signal.SIGKILL };
    return { ...exit, toldBy: this.#toldBy };
  }

  /** One wait and all that it brought; true when Node's own loop, or what a timer set going, has work. A key passes here twice. */
  #turn(): boolean {
    const polls = this.#polls;
    const { flows } = this.#session;
    const hasWaited = this.#passage !== undefined && this.#pass(this.#passage);
    if (!this.#isSteady || this.#listener.isFull) this.#fillPolls();
    this.#native.poll(polls.words, polls.count, this.#isProbing || hasWaited ? 0 : this.#waitMs());
    const now = this.#clock();
    this.#now = now;
    if (polls.isReady(signalSlot)) {
      for (const event of this.#signals.take()) this.#onSignal(event, now);
      this.#isSteady = false;
    }
    // Not for-of: its iterators are a cost here.
    for (let i = 0; i < flows.length; i++) {
      const flow = flows[i] as Flow;
      if (polls.isReady(flow.slot)) this.#carry(flow, now);
      else if (this.#exit !== undefined && flow.slot !== -1 && flow.wantsRead && this.#drains(flow)) flow.endSource();
    }
    const hasFired = this.#timers.run(now);
    this.#keepTime(now);
    return hasFired || polls.isReady(loopSlot);
  }

  /** Waits and carries what has not to be told piece by piece; false where that is not to be. What ended it is left to the turn. */
  #pass(passage: Passage): boolean {
    const listener = this.#listener;
    if (this.#exit !== undefined || this.#isHungUp || listener.isFull || !passage.isOpen) return false;
    const polls = this.#polls;
    this.#isSteady = false;
    polls.clear();
    polls.add(this.#signals.fd, PollSet.readable);
    polls.add(this.#loop, PollSet.readable);
    for (const flow of this.#session.flows) if (!passage.carries(flow)) this.#slotFor(flow);
    const passed = passage.carry(polls, this.#waitMs(), this.#clock);
    if (passed === undefined) return false;
    this.#now = passed.atMs;
    if (passed.output.length > 0) listener.output(passed.output, this.#now, passage.outputFd);
    if (passed.inBytes > 0) listener.passInput(passed.inBytes, this.#now);
    return true;
  }

  /** The poll set stays as it is while every flow waits for its source: then the next turn need not fill it. */
  #fillPolls(): void {
    const polls = this.#polls;
    polls.clear();
    polls.add(this.#signals.fd, PollSet.readable);
    polls.add(this.#loop, PollSet.readable);
    this.#isProbing = false;
    this.#isSteady = this.#exit === undefined && !this.#isInBackground;
    for (const flow of this.#session.flows) {
      flow.slot = this.#slotFor(flow);
      if (flow.slot === -1 || !flow.wantsRead) this.#isSteady = false;
      else if (this.#drains(flow)) this.#isProbing = true;
    }
  }

  #slotFor(flow: Flow): number {
    if (this.#exit !== undefined && flow.kind === "input") return -1;
    if (flow.wantsWrite) return this.#polls.add(flow.to.fd, PollSet.writable);
    if (!flow.wantsRead || (this.#listener.isFull && this.#mustWait(flow))) return -1;
    if (this.#isInBackground && this.#isTerminalInput(flow)) return -1;
    return this.#polls.add(flow.from, PollSet.readable);
  }

  /** The little that a pty still holds after the program's end is taken over the bound: a dead medium must not hold a user who left. */
  #mustWait(flow: Flow): boolean {
    return (flow.kind === "output" || this.#listener.recordsInput) && !this.#drains(flow);
  }

  #isTerminalInput(flow: Flow): boolean {
    return flow.from === this.#session.terminal?.fd;
  }

  /** Reads once and writes at once: reading on until nothing is left costs a fifth of the throughput. */
  #carry(flow: Flow, now: number): void {
    if (flow.wantsRead && flow.isMoving) {
      this.#listener.passInput(flow.move(), now);
      if (!flow.wantsRead) this.#isSteady = false;
      return;
    }
    if (flow.wantsRead) {
      const bytes = flow.read();
      if (bytes === undefined) {
        if (!flow.isSourceOpen) this.#isSteady = false;
        if (!flow.isSourceOpen && this.#isTerminalInput(flow)) this.#hangUp(signal.SIGHUP, now);
        return;
      }
      if (flow.kind === "output") this.#listener.output(bytes, now, flow.from);
      else if (this.#listener.recordsInput) this.#listener.input(bytes, now);
      else this.#listener.passInput(bytes.length, now);
      if (this.#drains(flow)) this.#drained += bytes.length;
      if (this.#drained > drainBytes) flow.endSource();
    }
    flow.write();
    if (!flow.wantsRead) this.#isSteady = false;
  }

  #onSignal(event: SignalEvent, now: number): void {
    switch (event.signal) {
      case signal.SIGCHLD:
        this.#reap();
        break;
      case signal.SIGWINCH:
        this.#session.resize((columns, rows) => this.#listener.window(columns, rows, now));
        break;
      case signal.SIGTSTP:
        this.#session.terminal?.leaveRaw();
        this.#native.stopSelf();
        // Not only when SIGCONT is told of: output that is ready would be shown before, in the modes of another.
        this.#lookWhoseTerminal();
        break;
      case signal.SIGCONT:
        this.#lookWhoseTerminal();
        break;
      case signal.SIGINT:
      case signal.SIGQUIT:
        // Without a pty the program is of our process group: a key reached it too, and it decides.
        if (!event.isFromKernel || this.#session.pty !== undefined) this.#hangUp(event.signal, now);
        break;
      default:
        this.#hangUp(event.signal, now);
    }
  }

  /** Takes the terminal when it is ours (again). */
  #lookWhoseTerminal(): void {
    this.#isForeground = this.#session.terminal?.isForeground ?? false;
    if (this.#isForeground) this.#session.terminal?.enterRaw();
  }

  get #isInBackground(): boolean {
    return this.#session.terminal !== undefined && !this.#isForeground;
  }

  #reap(): void {
    if (this.#exit !== undefined) return;
    this.#native.reapOthers(this.#child.pid);
    this.#exit = this.#child.poll();
    if (this.#exit !== undefined) this.#session.releasePty();
  }

  #hangUp(toldBy: number | undefined, now: number): void {
    this.#toldBy ??= toldBy;
    if (this.#isHungUp) return;
    this.#isHungUp = true;
    this.#killAt = now + hangUpMs;
    this.#leaveAt = now + hangUpMs + killMs;
    if (this.#exit === undefined) this.#child.hangUp(toldBy ?? signal.SIGHUP);
  }

  #keepTime(now: number): void {
    const listener = this.#listener;
    if (this.#isInBackground) this.#lookWhoseTerminal();
    if (now >= (listener.deadlineMs ?? never)) listener.tick(now);
    if (listener.mustStop) this.#hangUp(undefined, now);
    if (now >= this.#killAt) {
      this.#killAt = never;
      if (this.#exit === undefined) this.#child.kill();
      else this.#leaveAt = now;
    }
  }

  /** Until something is due; -1 for any time. */
  #waitMs(): number {
    const due = Math.min(this.#listener.deadlineMs ?? never, this.#timers.nextMs, this.#killAt, this.#leaveAt);
    const dueMs = due === never ? -1 : Math.max(0, Math.ceil(due - this.#now));
    return this.#isInBackground && (dueMs < 0 || dueMs > backgroundMs) ? backgroundMs : dueMs;
  }

  /**
   * After the program's end only what is there already is taken from a terminal, since a background job may hold it for
   * ever; pipes end when their last holder lets go, as they would for the reader without us, unless a hang-up ends the wait.
   */
  #drains(flow: Flow): boolean {
    return this.#exit !== undefined && (this.#isHungUp || flow.from === this.#session.pty?.master);
  }

  #isOver(): boolean {
    if (this.#now >= this.#leaveAt) return true;
    if (this.#exit === undefined) return false;
    return this.#session.flows.every((flow) => flow.kind === "input" || flow.isFinished);
  }
}

/** Lets Node's own loop do what is ready, and comes back. */
function nextLoopTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
