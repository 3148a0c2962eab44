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
  #isWaiting = false;
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

  /** What these bytes are, oldest first. */
  get waiting(): readonly EncodedMessage[] {
    return [...this.#queue];
  }

  /** Why the medium takes nothing now; undefined while it does. */
  get failure(): unknown {
    return this.#failure;
  }

  push(message: EncodedMessage): void {
    this.#queue.push(message);
    this.#bytes += message.line.length;
    if (!this.#isWaiting) this.#pump();
  }

  /**
   * Writes until the writer has to wait. Not an async function: what a writer takes at once would go on only as a microtask,
   * and none runs while the relay waits in poll().
   */
  #pump(): void {
    for (let message = this.#queue[0]; message !== undefined; message = this.#queue[0]) {
      const taking = this.writer.write(message);
      if (taking !== undefined) {
        this.#wait(message, taking);
        return;
      }
      this.#taken(message);
    }
  }

  /** Never rejects: a failure is kept, told by `failure`, and tried again. */
  #wait(message: EncodedMessage, taking: Promise<void>): void {
    const goOn = (): void => {
      this.#isWaiting = false;
      this.#pump();
    };
    this.#isWaiting = true;
    taking.then(
      () => {
        this.#taken(message);
        goOn();
      },
      (cause: unknown) => {
        this.#failure = cause;
        this.#onProgress();
        this.#timers.after(retryMs, goOn);
      },
    );
  }

  #taken(message: EncodedMessage): void {
    this.#failure = undefined;
    this.#queue.shift();
    this.#bytes -= message.line.length;
    this.#onTaken(message);
    this.#onProgress();
  }
}
