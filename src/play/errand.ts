/** An errand: something for the player that takes its time, as going to a moment or searching. */

export interface Errand {
  /** What is being done: "seeking". */
  readonly name: string;
  /** Checks the signal after everything that it waited for. */
  readonly run: (signal: AbortSignal) => Promise<void>;
}

export class Errands {
  #waiting: Errand | null = null;
  #running: { readonly name: string; readonly controller: AbortController } | null = null;

  /** What is being done; null when nothing is. */
  get name(): string | null {
    return this.#running?.name ?? this.#waiting?.name ?? null;
  }

  get isDue(): boolean {
    return this.#waiting !== null;
  }

  /** Takes the place of any other. */
  send(errand: Errand): void {
    this.cancel();
    this.#waiting = errand;
  }

  cancel(): void {
    this.#running?.controller.abort();
    this.#waiting = null;
  }

  /** Runs the one that waits, until it is done or another takes its place; throws what it threw. */
  async run(): Promise<void> {
    const errand = this.#waiting;
    if (errand === null) return;
    this.#waiting = null;
    const controller = new AbortController();
    this.#running = { name: errand.name, controller };
    const aborted = new Promise<void>((resolve) => {
      controller.signal.addEventListener("abort", () => resolve(), { once: true });
    });
    const done = errand.run(controller.signal);
    // What it does after that is nobody's concern.
    done.catch(() => {});
    await Promise.race([done, aborted]);
    this.#running = null;
  }
}
