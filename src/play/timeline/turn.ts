/** A turn: work without end lets everything else run now and then. */
import { setImmediate } from "node:timers/promises";

/** Keys and drawing wait no longer than that. */
const turnMs = 8;

export class Turn {
  #startedMs = performance.now();

  get isDue(): boolean {
    return performance.now() - this.#startedMs >= turnMs;
  }

  async take(): Promise<void> {
    await setImmediate();
    this.#startedMs = performance.now();
  }
}
