/** An errand: something for the player that takes its time, as going to a moment or searching. */

export interface Errand {
  /** What is being done: "seeking". */
  readonly name: string;
  /** Checks the signal after everything that it waited for. */
  readonly run: (signal: AbortSignal) => Promise<void>;
}

/** A key that is held down asks for more than can be done meanwhile. */
const maxWaiting = 20;

export class Errands {
  #waiting: Errand[] = [];
  #running: { readonly name: string; readonly controller: AbortController } | null = null;

  /** What is being done; null when nothing is. */
  get name(): string | null {
    return this.#running?.name ?? this.#waiting[0]?.name ?? null;
  }

  get isDue(): boolean {
    return this.#waiting.length > 0;
  }

  /** Takes the place of all others. */
  send(errand: Errand): void {
    this.cancel();
    this.#waiting.push(errand);
  }

  /** Is done after the others, as it begins where they end. */
  add(errand: Errand): void {
    if (this.#waiting.length < maxWaiting) this.#waiting.push(errand);
  }

  cancel(): void {
    this.#running?.controller.abort();
    this.#waiting = [];
  }

  /** Runs the first that waits, until it is done or another takes its place; throws what it threw. */
  async run(): Promise<void> {
    const errand = this.#waiting.shift();
    if (errand === undefined) return;
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
