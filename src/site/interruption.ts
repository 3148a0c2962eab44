/** Signals that would end us in the middle of a change: it stops at the next step instead, and is taken back. */
import { RecError } from "../errors.ts";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

export class Interruption {
  #signal: string | undefined;

  constructor() {
    for (const signal of signals) process.on(signal, this.#tell);
  }

  get isTold(): boolean {
    return this.#signal !== undefined;
  }

  /** Throws REC_SITE_STEP once a signal came. */
  check(): void {
    if (this.#signal === undefined) return;
    throw new RecError("REC_SITE_STEP", { what: "go on", why: `interrupted by ${this.#signal}` });
  }

  /** What comes from now on ends us as it would anyone. */
  ignore(): void {
    for (const signal of signals) process.off(signal, this.#tell);
  }

  readonly #tell = (signal: string): void => {
    this.#signal = signal;
  };
}
