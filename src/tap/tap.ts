/** The tap: stamps what passes, has it encoded, and sends it to the writers; keeps latency, bounds and policy. */
import { RecError, systemReason } from "../errors.ts";
import type { CopyText } from "../format/copy-text.ts";
import { Encoder } from "../format/encoder.ts";
import type { EncodedMessage, Identity, RecordingEnd, RecordingStart, Transfer } from "../format/message.ts";
import type { Timers } from "../timers.ts";
import type { Medium, Writer } from "../writer/writer.ts";
import { LinePool } from "./line-pool.ts";
import { Outbox } from "./outbox.ts";

/** What happens when a medium is so slow that the bound is reached. */
export type BufferPolicy = "wait" | "drop" | "stop";

export interface TapOptions {
  readonly logs: {
    readonly input: boolean;
    readonly output: boolean;
    readonly window: boolean;
  };
  readonly payloadBytes: number;
  /** The oldest thing not yet given to the writers is never older. */
  readonly latencyMs: number;
  /** Bound of what waits for the slowest writer. */
  readonly bufferBytes: number;
  readonly bufferPolicy: BufferPolicy;
  /** False for a message of so many bytes that has to be dropped. */
  readonly admits: (bytes: number) => boolean;
  /** What takes, at the end, what a required medium did not; undefined where nothing does, and the failure is the recording's. */
  readonly instead?: (failure: RecError) => Writer | undefined;
  readonly copyText: CopyText;
  readonly timers: Timers;
  /** Monotonic milliseconds; and the wall clock at that clock's 0. */
  readonly clock: () => number;
  readonly wallOriginMs: number;
}

/** About what a line has beside its payload. */
const fixedBytes = 1024;
/** Messages go to the writers this long before they are due: a viewer who follows has them within the latency and 300 ms, of which journald takes 250. */
const leadMs = 200;
/** At the end, a medium that takes nothing for so long is given up. */
const patienceMs = 5000;

export class Tap {
  readonly recordsInput: boolean;
  readonly #options: TapOptions;
  readonly #outboxes: readonly Outbox[];
  readonly #encoder: Encoder;
  readonly #lines: LinePool;
  /** How many writers still need a message. */
  readonly #readers = new Map<EncodedMessage, number>();
  readonly #originMs: number;
  #isEnding = false;
  /** Why the session must end: set once, when policy `stop` met the bound. */
  #stopReason: RecError | undefined;
  #inBytes = 0;
  #outBytes = 0;
  #progressed: () => void = () => undefined;

  constructor(identity: Identity, media: readonly Medium[], options: TapOptions) {
    this.#options = options;
    this.recordsInput = options.logs.input;
    this.#originMs = options.clock();
    this.#outboxes = media.map(
      (medium) =>
        new Outbox(
          medium,
          options.timers,
          (message) => this.#release(message),
          () => this.#progressed(),
        ),
    );
    const { payloadBytes, wallOriginMs } = options;
    const clocks = {
      startedMs: wallOriginMs + this.#originMs,
      originMs: this.#originMs,
    };
    // A sixth, since a control character of the command takes six bytes.
    const startUnits = Math.floor(payloadBytes / 6);
    this.#lines = new LinePool(payloadBytes + fixedBytes);
    const allocate = (length: number): Uint8Array => this.#lines.take(length);
    this.#encoder = new Encoder(
      identity,
      { payloadBytes, startUnits, allocate, search, copyText: options.copyText, ...clocks },
      (message) => this.#accept(message),
    );
  }

  /** Writes the first message; rejects with REC_FILE_WRITE when a required writer does not take it, so that nothing starts unrecorded. */
  async start(start: RecordingStart): Promise<void> {
    this.#encoder.start(start, this.#originMs);
    await this.#settled((outbox) => outbox.bytes === 0 || outbox.failure !== undefined);
    for (const outbox of this.#outboxes) {
      if (outbox.isRequired && outbox.failure !== undefined) throw failed(outbox);
    }
  }

  output(bytes: Uint8Array, atMs: number): void {
    this.#outBytes += bytes.length;
    if (this.#options.logs.output) this.#encoder.output(bytes, atMs);
  }

  input(bytes: Uint8Array, atMs: number): void {
    this.#inBytes += bytes.length;
    if (this.#options.logs.input) this.#encoder.input(bytes, atMs);
  }

  passInput(length: number): void {
    this.#inBytes += length;
  }

  window(columns: number, rows: number, atMs: number): void {
    if (this.#options.logs.window) this.#encoder.window(columns, rows, atMs);
  }

  /** Bytes passed that are not to be recorded. */
  pass(inBytes: number, outBytes: number): void {
    this.#inBytes += inBytes;
    this.#outBytes += outBytes;
  }

  /** Tells, once, of a transfer that passed; its times are the clock's. */
  transferred(transfer: Transfer): void {
    this.#encoder.transfer(transfer);
  }

  get isFull(): boolean {
    return this.mustStop || (this.#options.bufferPolicy === "wait" && this.#isOverBound);
  }

  get mustStop(): boolean {
    return this.#stopReason !== undefined;
  }

  get deadlineMs(): number | undefined {
    const since = this.#encoder.pendingSinceMs;
    return since === undefined ? undefined : since + this.#options.latencyMs - leadMs;
  }

  tick(nowMs: number): void {
    this.#encoder.flush(nowMs, nowMs - this.#options.latencyMs + leadMs);
  }

  /**
   * Writes the rest and the last message. Rejects when a required writer did not take all of it, after trying for a bounded
   * time, and nothing took it instead, and with REC_BUFFER_FULL when the session was stopped; resolves with what other writers failed of.
   */
  async end(end: Pick<RecordingEnd, "exit" | "signal">): Promise<RecError[]> {
    this.#isEnding = true;
    const now = this.#options.clock();
    const durationMs = Math.floor(now - this.#originMs);
    this.#encoder.end({ ...end, inBytes: this.#inBytes, outBytes: this.#outBytes, durationMs }, now);
    for (const { writer } of this.#outboxes) writer.hurry?.();
    await this.#settled((outbox) => outbox.bytes === 0);
    const failures = await Promise.all(
      this.#outboxes.map(
        async (outbox) => await (outbox.bytes > 0 ? this.#rescued(outbox) : this.#synced(outbox.writer)),
      ),
    );
    if (this.#stopReason !== undefined) throw this.#stopReason;
    const fatal = failures.find((failure, i) => failure !== undefined && this.#outboxes[i]?.isRequired);
    if (fatal !== undefined) throw fatal;
    return failures.filter((failure) => failure !== undefined);
  }

  /** Why what was written is not known to be kept, after a bounded time; undefined when it is. */
  #synced(writer: Writer, flush: () => Promise<void> = () => writer.flush()): Promise<RecError | undefined> {
    return new Promise((resolve) => {
      const giveUp = this.#options.timers.after(patienceMs, () => resolve(unkept(writer, undefined)));
      const end = (failure?: RecError): void => {
        giveUp();
        resolve(failure);
      };
      flush().then(
        () => end(),
        (cause: unknown) => end(unkept(writer, cause)),
      );
    });
  }

  /** What the medium did not take, written elsewhere: anyone may keep journald busy, and nobody's recording is to end by that. */
  async #rescued(outbox: Outbox): Promise<RecError | undefined> {
    const failure = failed(outbox);
    const writer = outbox.isRequired ? this.#options.instead?.(failure) : undefined;
    if (writer === undefined) return failure;
    return await this.#synced(writer, async () => {
      for (const message of outbox.waiting) await writer.write(message);
      await writer.flush();
    });
  }

  get #isOverBound(): boolean {
    // Asked before every wait: for-of would leave an object for each writer.
    for (let i = 0; i < this.#outboxes.length; i++) {
      const outbox = this.#outboxes[i] as Outbox;
      if (outbox.isRequired && this.#isOver(outbox)) return true;
    }
    return false;
  }

  #isOver(outbox: Outbox): boolean {
    return outbox.bytes >= this.#options.bufferBytes;
  }

  /** False: dropped by policy; the encoder tells so in the next message. */
  #accept(message: EncodedMessage): boolean {
    const isDropped = !this.#isEnding && (this.#mustDrop || !this.#options.admits(message.line.length));
    // What another than a required writer cannot hold is a gap in its ids.
    const takers = isDropped ? [] : this.#outboxes.filter((outbox) => outbox.isRequired || !this.#isOver(outbox));
    if (takers.length === 0) this.#lines.give(message.line);
    else this.#readers.set(message, takers.length);
    for (const outbox of takers) outbox.push(message);
    if (!this.#isEnding && this.#options.bufferPolicy === "stop") this.#stopReason ??= this.#fullReason;
    return !isDropped;
  }

  get #fullReason(): RecError | undefined {
    const full = this.#outboxes.find((outbox) => outbox.isRequired && this.#isOver(outbox));
    if (full === undefined) return undefined;
    const { bytes, writer, failure } = full;
    return new RecError("REC_BUFFER_FULL", { bytes, writer: writer.name, why: reasonOf(failure) }, failure);
  }

  get #mustDrop(): boolean {
    return this.#options.bufferPolicy === "drop" && this.#isOverBound;
  }

  #release(message: EncodedMessage): void {
    const left = (this.#readers.get(message) ?? 1) - 1;
    if (left > 0) {
      this.#readers.set(message, left);
      return;
    }
    this.#readers.delete(message);
    this.#lines.give(message.line);
  }

  /** Waits until it is so for every outbox, as long as something goes on. */
  #settled(isSettled: (outbox: Outbox) => boolean): Promise<void> {
    return new Promise((resolve) => {
      let bytes = Number.POSITIVE_INFINITY;
      let giveUp = (): void => undefined;
      this.#progressed = () => {
        if (this.#outboxes.every(isSettled)) {
          giveUp();
          resolve();
          return;
        }
        const left = this.#outboxes.reduce((sum, outbox) => sum + outbox.bytes, 0);
        if (left >= bytes) return;
        bytes = left;
        giveUp();
        giveUp = this.#options.timers.after(patienceMs, resolve);
      };
      this.#progressed();
    });
  }
}

function search(bytes: Uint8Array, needle: Uint8Array, from: number): number {
  // Of a Buffer, but it takes any bytes; a view made for each call is most of a busy session's garbage.
  return Buffer.prototype.indexOf.call(bytes, needle, from);
}

function failed(outbox: Outbox): RecError {
  const { failure, writer } = outbox;
  if (failure instanceof RecError) return failure;
  return new RecError("REC_FILE_WRITE", { path: writer.name, why: reasonOf(failure) }, failure);
}

function unkept({ name }: Writer, cause: unknown): RecError {
  const why = cause === undefined ? "it does not sync what it took" : systemReason(cause);
  return new RecError("REC_FILE_WRITE", { path: name, why }, cause);
}

function reasonOf(failure: unknown): string {
  return failure === undefined ? "it takes no data" : systemReason(failure);
}
