/** A turn: work without end lets everything else run now and then. */
import { setImmediate } from "node:timers/promises";
import { monotonicMs } from "../../clock.ts";

/** Keys and drawing wait no longer than that. */
const turnMs = 8;

export class Turn {
  #startedMs = monotonicMs();

  get isDue(): boolean {
    return monotonicMs() - this.#startedMs >= turnMs;
  }

  async take(): Promise<void> {
    await setImmediate();
    this.#startedMs = monotonicMs();
  }
}
