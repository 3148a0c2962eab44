/** A rate limit: tlog's leaky bucket of rate + burst bytes that drains at rate, before the writers. */
import type { EncodedMessage } from "../format/message.ts";
import type { Timers } from "../timers.ts";
import type { Writer } from "./writer.ts";

export interface RateLimitOptions {
  /** Bytes a second. */
  readonly rateBytes: number;
  readonly burstBytes: number;
  readonly clock: () => number;
}

/** A message longer than the bucket passes when the bucket is empty, since it would never fit. */
export class RateLimit {
  readonly #rate: number;
  readonly #capacity: number;
  readonly #clock: () => number;
  #level = 0;
  #lastMs = 0;

  constructor({ rateBytes, burstBytes, clock }: RateLimitOptions) {
    this.#rate = rateBytes;
    this.#capacity = rateBytes + burstBytes;
    this.#clock = clock;
  }

  /** Counts the bytes and is true when they are within the limit; otherwise false, and nothing is counted. */
  takes(bytes: number): boolean {
    this.#drain();
    if (this.#level > 0 && this.#level + bytes > this.#capacity) return false;
    this.#level += bytes;
    return true;
  }

  /** Counts the bytes whatever the limit; how many milliseconds too early they are, at most an hour. */
  earlyMs(bytes: number): number {
    this.#drain();
    this.#level += bytes;
    const over = this.#level - this.#capacity;
    if (over <= 0) return 0;
    return Math.min((over / Math.max(this.#rate, 1)) * 1000, 3_600_000);
  }

  #drain(): void {
    const now = this.#clock();
    this.#level = Math.max(0, this.#level - ((now - this.#lastMs) * this.#rate) / 1000);
    this.#lastMs = now;
  }
}

/** Delays what is over the limit; only this writer's queue waits, input and resizing go on. */
export class DelayingWriter implements Writer {
  readonly name: string;
  readonly #writer: Writer;
  readonly #limit: RateLimit;
  readonly #timers: Timers;
  /** The message whose time has come, so that a repeated write is not counted twice. */
  #due: EncodedMessage | undefined;
  #isHurried = false;
  #wake: () => void = () => undefined;

  constructor(writer: Writer, limit: RateLimit, timers: Timers) {
    this.#timers = timers;
    this.name = writer.name;
    this.#writer = writer;
    this.#limit = limit;
  }

  write(message: EncodedMessage): Promise<void> | undefined {
    if (this.#due === message) return this.#writer.write(message);
    this.#due = message;
    const earlyMs = this.#limit.earlyMs(message.line.length);
    if (earlyMs === 0 || this.#isHurried) return this.#writer.write(message);
    return this.#sleep(earlyMs).then(() => this.#writer.write(message));
  }

  /** The session is over: what is left goes at once, for a user who logs out shall not wait. */
  hurry(): void {
    this.#isHurried = true;
    this.#wake();
    this.#writer.hurry?.();
  }

  flush(): Promise<void> {
    return this.#writer.flush();
  }

  close(): Promise<void> {
    return this.#writer.close();
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#timers.after(ms, resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
  }
}
