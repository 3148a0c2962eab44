/** A loss that waits to be told: bytes that passed the terminal and are in no message. */
import type { Lost } from "./message.ts";

export class Loss {
  #lost: Lost | undefined;
  #sinceMs = 0;

  /** What is lost, undefined when nothing is. */
  get lost(): Lost | undefined {
    return this.#lost;
  }

  /** When there first was something to tell; undefined when nothing is lost. */
  get sinceMs(): number | undefined {
    return this.#lost === undefined ? undefined : this.#sinceMs;
  }

  /** Adds up; `atMs` is the moment from which it waits to be told. */
  add(lost: Lost, atMs: number): void {
    const known = this.#lost;
    if (known === undefined) {
      this.#lost = lost;
      this.#sinceMs = atMs;
      return;
    }
    this.#lost = {
      inBytes: known.inBytes + lost.inBytes,
      outBytes: known.outBytes + lost.outBytes,
      fromMs: Math.min(known.fromMs, lost.fromMs),
      toMs: Math.max(known.toMs, lost.toMs),
    };
  }

  /** Makes it wait from `atMs` on: telling it was tried and refused. */
  postpone(atMs: number): void {
    this.#sinceMs = atMs;
  }

  /** Takes all of it out. */
  take(): Lost | undefined {
    const lost = this.#lost;
    this.#lost = undefined;
    return lost;
  }
}
