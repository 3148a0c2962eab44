/** A player under a clock of the test's own: what it shows, and when. */
import type { Item } from "../../src/format/item.ts";
import { type Clock, Player, type PlayerOptions } from "../../src/play/player.ts";

/** A clock that stands still while anything can happen, then goes to the next timer or the next planned key. */
class TestClock implements Clock {
  #nowMs = 1000;
  #timers: { readonly atMs: number; readonly callback: () => void }[] = [];

  now(): number {
    return this.#nowMs - 1000;
  }

  schedule(delayMs: number, callback: () => void): () => void {
    const timer = { atMs: this.#nowMs + delayMs, callback };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  async run(isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      for (let i = 0; i < 50; i++) await Promise.resolve();
      const next = this.#timers.sort((a, b) => a.atMs - b.atMs).shift();
      if (next === undefined) return;
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.callback();
    }
  }
}

export interface Played {
  /** Each output with the time it was shown at. */
  readonly shown: (readonly [number, string])[];
  readonly result: boolean | "waits";
}

export const output = (atMs: number, text: string): Item => ({ kind: "output", atMs, bytes: Buffer.from(text) });
export const four = [output(0, "a"), output(1000, "b"), output(2000, "c"), output(10_000, "d")];

export async function play(
  items: readonly Item[],
  keys: readonly (readonly [number, string])[] = [],
  options: Partial<PlayerOptions> = {},
  arrivals: readonly number[] = [],
): Promise<Played> {
  const clock = new TestClock();
  const shown: (readonly [number, string])[] = [];
  const player = new Player({
    output: {
      write: (bytes) => {
        shown.push([clock.now(), Buffer.from(bytes).toString()]);
        return undefined;
      },
    },
    clock,
    speedRatio: 1,
    isPaused: false,
    gotoMs: null,
    untilMs: Number.POSITIVE_INFINITY,
    idleLimitMs: Number.POSITIVE_INFINITY,
    isPersistent: false,
    isFollowing: false,
    ...options,
  });
  for (const [atMs, key] of keys) clock.schedule(atMs, () => player.press(key));
  async function* batches(): AsyncGenerator<Item[]> {
    for (const [index, item] of items.entries()) {
      const arrivalMs = arrivals[index];
      if (arrivalMs !== undefined && arrivalMs > clock.now()) {
        await new Promise<void>((resolve) => clock.schedule(arrivalMs - clock.now(), resolve));
      }
      yield [item];
    }
  }
  let result: boolean | "waits" = "waits";
  const playing = player.play(batches()).then((isEnded) => {
    result = isEnded;
  });
  await Promise.race([clock.run(() => result !== "waits"), playing]);
  return { shown, result };
}
