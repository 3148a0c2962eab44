/** An outbox: the bounded queue between the tap and one writer. The writer keeps its own pace; the terminal never waits for it here. */
import type { EncodedMessage } from "../format/message.ts";
import type { Timers } from "../timers.ts";
import type { Medium, Writer } from "../writer/writer.ts";

/** A medium that fails may come back (space freed, a reader of a FIFO): each try after this. */
const retryMs = 1000;

export class Outbox {
  readonly writer: Writer;
  readonly isRequired: boolean;
  readonly #queue: EncodedMessage[] = [];
  readonly #onProgress: () => void;
  readonly #onTaken: (message: EncodedMessage) => void;
  readonly #timers: Timers;
  #bytes = 0;
  #isPumping = false;
  #failure: unknown;

  /** `onTaken`: the writer needs the message no more; `onProgress`: bytes, failure or both have changed. */
  constructor(
    { writer, isRequired }: Medium,
    timers: Timers,
    onTaken: (message: EncodedMessage) => void,
    onProgress: () => void,
  ) {
    this.#onTaken = onTaken;
    this.#timers = timers;
    this.writer = writer;
    this.isRequired = isRequired;
    this.#onProgress = onProgress;
  }

  /** Bytes that the medium has not taken yet. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Why the medium takes nothing now; undefined while it does. */
  get failure(): unknown {
    return this.#failure;
  }

  push(message: EncodedMessage): void {
    this.#queue.push(message);
    this.#bytes += message.line.length;
    if (!this.#isPumping) void this.#pump();
  }

  /** Never rejects: a failure is kept, told by `failure`, and tried again. */
  async #pump(): Promise<void> {
    this.#isPumping = true;
    for (let message = this.#queue[0]; message !== undefined; message = this.#queue[0]) {
      try {
        await this.writer.write(message);
        this.#failure = undefined;
        this.#queue.shift();
        this.#bytes -= message.line.length;
        this.#onTaken(message);
        this.#onProgress();
      } catch (cause) {
        this.#failure = cause;
        this.#onProgress();
        await new Promise<void>((resolve) => this.#timers.after(retryMs, resolve));
      }
    }
    this.#isPumping = false;
    this.#onProgress();
  }
}
