/** Timers that fire also while the relay waits in poll(), where Node's own stand still. */

interface Timer {
  readonly dueMs: number;
  readonly node: NodeJS.Timeout;
  readonly fire: () => void;
}

export class Timers {
  readonly #clock: () => number;
  readonly #pending = new Set<Timer>();
  /** When the next is due; infinite when none is. A field, since the relay asks on every key. */
  nextMs: number = Number.POSITIVE_INFINITY;

  /** `clock`: monotonic milliseconds, the one by which `run` is told the time. */
  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** Calls `fire` once, by Node's loop or by run(), whichever comes first; the result cancels it. */
  after(ms: number, fire: () => void): () => void {
    const node = setTimeout(() => this.#fire(timer), ms);
    const timer: Timer = { dueMs: this.#clock() + ms, node, fire };
    this.#pending.add(timer);
    this.nextMs = Math.min(this.nextMs, timer.dueMs);
    return () => {
      this.#cancel(timer);
    };
  }

  /** Fires what is due; true when anything was: promises that it resolved go on only in Node's loop. */
  run(nowMs: number): boolean {
    if (nowMs < this.nextMs) return false;
    const due = [...this.#pending].filter(({ dueMs }) => dueMs <= nowMs);
    for (const timer of due) this.#fire(timer);
    return due.length > 0;
  }

  #fire(timer: Timer): void {
    if (this.#cancel(timer)) timer.fire();
  }

  #cancel(timer: Timer): boolean {
    clearTimeout(timer.node);
    const wasPending = this.#pending.delete(timer);
    this.nextMs = Number.POSITIVE_INFINITY;
    for (const { dueMs } of this.#pending) this.nextMs = Math.min(this.nextMs, dueMs);
    return wasPending;
  }
}
