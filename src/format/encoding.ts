/** An encoding: messages of a recording that is made of what is known already, not of a session that runs. */
import { Encoder } from "./encoder.ts";
import type { LostItem, TransferItem } from "./item.ts";
import type { EncodedMessage, Identity, RecordingEnd, RecordingStart } from "./message.ts";
import type { Packet } from "./packet.ts";
import { greatestMs } from "./timing.ts";

/** As the recorders' defaults: a message holds so much, and no more than a second. */
export const defaultPayloadBytes = 32 * 1024;
const latencyMs = 1000;

export interface EncodingOptions {
  readonly identity: Identity;
  readonly start: RecordingStart;
  /** Wall clock at `atMs` 0, milliseconds since the epoch; null where nobody knows. */
  readonly startedMs: number | null;
  readonly payloadBytes: number;
}

/** `atMs` may be anything that a number can be: one that goes back, or beyond what the format can tell, is held in bounds. */
export class Encoding {
  readonly #encoder: Encoder;
  #messages: EncodedMessage[] = [];
  #lastMs = 0;
  #inBytes = 0;
  #outBytes = 0;

  constructor({ identity, start, startedMs, payloadBytes }: EncodingOptions) {
    this.#encoder = new Encoder(identity, { payloadBytes, startedMs, originMs: 0 }, (message) => {
      this.#messages.push(message);
      return true;
    });
    this.#encoder.start(start, 0);
  }

  /** How far it has come, in milliseconds. */
  get lastMs(): number {
    return this.#lastMs;
  }

  take(item: Packet | LostItem | TransferItem): void {
    switch (item.kind) {
      case "output":
        this.advance(item.atMs);
        this.#outBytes += item.bytes.length;
        this.#encoder.output(item.bytes, this.#lastMs);
        break;
      case "input":
        this.advance(item.atMs);
        this.#inBytes += item.bytes.length;
        this.#encoder.input(item.bytes, this.#lastMs);
        break;
      case "window":
        this.advance(item.atMs);
        this.#encoder.window(item.columns, item.rows, this.#lastMs);
        break;
      case "lost":
        this.advance(item.fromMs);
        this.#count(item);
        this.#encoder.lose(item.inBytes, item.outBytes, this.#lastMs);
        break;
      case "transfer":
        this.#count(item);
        this.#encoder.transfer(item);
        break;
      default:
        item satisfies never;
    }
  }

  /** Goes on to that moment. A message that is older than the latency is emitted before it. */
  advance(atMs: number): void {
    if (atMs > this.#lastMs) this.#lastMs = Math.min(atMs, greatestMs);
    const since = this.#encoder.pendingSinceMs;
    if (since !== undefined && this.#lastMs - since >= latencyMs) this.#encoder.flush(this.#lastMs);
  }

  /** Tells the end; nothing may follow. */
  end(end: Pick<RecordingEnd, "exit" | "signal" | "bad">): void {
    const [inBytes, outBytes] = [this.#inBytes, this.#outBytes];
    this.#encoder.end({ ...end, inBytes, outBytes, durationMs: Math.floor(this.#lastMs) }, this.#lastMs);
  }

  /** Without an end: emits what is collected, so that a reader sees that it was cut off there. */
  stop(): void {
    this.#encoder.flush(this.#lastMs, Number.POSITIVE_INFINITY);
  }

  /** The messages since the last call. */
  takeMessages(): EncodedMessage[] {
    const messages = this.#messages;
    if (messages.length > 0) this.#messages = [];
    return messages;
  }

  #count({ inBytes, outBytes }: LostItem | TransferItem): void {
    this.#inBytes += inBytes;
    this.#outBytes += outBytes;
  }
}
