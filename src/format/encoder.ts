/** The encoder: what passes a terminal, with its moments, to messages. It stands in the path of every byte. */
import { printEnd, printLost, printStart, printTransfer, startLimit } from "./additive.ts";
import { Chunk } from "./chunk.ts";
import { type CopyText, copyText } from "./copy-text.ts";
import { type Echo, echoedBytes, printEcho } from "./echo.ts";
import { EchoFinder, type Search } from "./echo-finder.ts";
import { Line } from "./line.ts";
import { Loss } from "./loss.ts";
import type { EncodedMessage, Identity, RecordingEnd, RecordingStart, Transfer } from "./message.ts";
import { Side } from "./side.ts";
import { greatestMs } from "./timing.ts";
import { sequenceAt } from "./utf8.ts";

/** tlog's minimum: a window, a run and the longest invalid sequence fit into it. */
export const minimumPayloadBytes = 32;
/** What a transfer has beside its command, as six bytes a unit. */
const transferUnits = 32;
const encoder = new TextEncoder();
/** A reference with its window and delay fits into it, whatever they are. */
const echoPayloadBytes = 256;

export interface EncoderOptions {
  /** Most bytes of timing, text and binary of one message, as escaped; at least `minimumPayloadBytes`. */
  readonly payloadBytes: number;
  /** Wall clock at `originMs`, milliseconds since the epoch; null, of imports alone, where nobody knows: messages lack `time`. */
  readonly startedMs: number | null;
  /** The moment of position 0 on the clock that all `atMs` are of. */
  readonly originMs: number;
  /** Most that the first message tells of the command, in UTF-16 units; `startLimit` unless a medium takes less. */
  readonly startUnits?: number;
  /** A faster twin of the TypeScript one. */
  readonly copyText?: CopyText;
  /** With it the recording's own messages in the output become references; without it they are recorded as any text. */
  readonly search?: Search | undefined;
  /** Gives the bytes for a line; for callers that use them again, for the next line at the earliest, when nobody reads the line any more. */
  readonly allocate?: (length: number) => Uint8Array;
}

/** Takes a message; false refuses it, and what it held is told as lost by the next one. */
export type Emit = (message: EncodedMessage) => boolean;

/**
 * Collects packets into messages. All `atMs` are fractional milliseconds of one monotonic clock. Times are written in
 * whole milliseconds since the origin, so that what is cut off one delay is in the next and nothing drifts.
 */
export class Encoder {
  readonly #emit: Emit;
  readonly #originMs: number;
  readonly #startUnits: number;
  readonly #line: Line;
  readonly #chunk: Chunk;
  readonly #input: Side;
  readonly #output: Side;
  readonly #echoes: EchoFinder | undefined;
  /** The chunk's references, printed, and the bytes they stand for. */
  #echoed: string[] = [];
  #echoedBytes = 0;
  #nextId = 1;
  #start: RecordingStart | undefined;
  #transfer: Transfer | undefined;
  /** When the first thing in the chunk came. */
  #sinceMs: number | undefined;
  /** What was lost before the chunk began: its message tells it. */
  readonly #loss = new Loss();
  /** What was lost after the chunk began: the message after it tells that, so that a loss is told in its place. */
  readonly #laterLoss = new Loss();

  constructor(identity: Identity, options: EncoderOptions, emit: Emit) {
    const { payloadBytes, startedMs, originMs, startUnits, search } = options;
    if (!(payloadBytes >= minimumPayloadBytes)) throw new RangeError(`payload of ${payloadBytes} bytes`);
    this.#emit = emit;
    this.#originMs = originMs;
    this.#startUnits = Math.min(startUnits ?? startLimit, startLimit);
    this.#line = new Line(identity, startedMs, options.allocate ?? ((length) => new Uint8Array(length)));
    this.#chunk = new Chunk(payloadBytes, options.copyText ?? copyText);
    this.#input = new Side("<", "[", payloadBytes);
    this.#output = new Side(">", "]", payloadBytes);
    const echoes = search !== undefined && payloadBytes >= echoPayloadBytes;
    this.#echoes = echoes ? new EchoFinder(identity.rec, this.#line.head, search) : undefined;
  }

  /** `atMs` of the oldest thing that no message has told yet, unfinished characters included; undefined when nothing waits. */
  get pendingSinceMs(): number | undefined {
    let since = earliest(this.#sinceMs, earliest(this.#loss.sinceMs, this.#laterLoss.sinceMs));
    if (this.#input.partialLength > 0) since = earliest(since, this.#input.partialSinceMs);
    if (this.#output.partialLength > 0) since = earliest(since, this.#output.partialSinceMs);
    return since;
  }

  /** Emits the first message at once. */
  start(start: RecordingStart, atMs: number): void {
    this.#start = start;
    this.#chunk.touch(this.#msOf(atMs));
    this.#emitChunk(atMs);
  }

  /** Takes what the program wrote; does not keep `bytes`. */
  output(bytes: Uint8Array, atMs: number): void {
    const echoes = this.#echoes;
    if (echoes === undefined || !(echoes.isAwake || echoes.wakesBy(bytes))) {
      this.#write(this.#output, bytes, atMs);
      return;
    }
    let end = 0;
    for (const { at, echo } of echoes.find(bytes)) {
      this.#write(this.#output, bytes.subarray(end, at), atMs);
      this.#putEcho(echo, atMs);
      end = at + echo.length;
    }
    this.#write(this.#output, bytes.subarray(end), atMs);
  }

  /** Takes what the user sent; does not keep `bytes`. */
  input(bytes: Uint8Array, atMs: number): void {
    this.#write(this.#input, bytes, atMs);
  }

  /** Takes the size of the terminal, in character cells; the same size again is nothing new. */
  window(columns: number, rows: number, atMs: number): void {
    this.#closeBeforeLoss(atMs);
    while (!this.#chunk.putWindow(columns, rows, this.#msOf(atMs))) this.#emitChunk(atMs);
    this.#noteSince(atMs);
  }

  /** Takes note of bytes that passed and were never handed to `input` or `output`. */
  lose(inBytes: number, outBytes: number, atMs: number): void {
    // A character must not be completed by bytes from after the loss.
    if (inBytes > 0) this.#cut(this.#input, atMs);
    if (outBytes > 0) this.#cut(this.#output, atMs);
    const ms = Math.max(this.#msOf(atMs), this.#chunk.lastMs);
    const loss = this.#chunk.isEmpty ? this.#loss : this.#laterLoss;
    loss.add({ inBytes, outBytes, fromMs: ms, toMs: ms }, atMs);
  }

  /** Takes note of a transfer, once: the next message tells it. Its times are `atMs`s of the clock. */
  transfer(transfer: Transfer): void {
    const [fromMs, toMs] = [this.#msOf(transfer.fromMs), this.#msOf(transfer.toMs)];
    this.#transfer = { ...transfer, fromMs, toMs };
  }

  /** Emits what is collected. A character that began before `cutBeforeMs` and is still unfinished is written as bytes; a younger one waits. */
  flush(atMs: number, cutBeforeMs = Number.NEGATIVE_INFINITY): void {
    for (const side of [this.#input, this.#output]) {
      if (side.partialLength > 0 && side.partialSinceMs < cutBeforeMs) this.#cut(side, atMs);
    }
    // Refused just now means refused again: what was lost is told by a later flush.
    if (!this.#chunk.isEmpty && !this.#emitChunk(atMs)) return;
    if (this.#loss.lost === undefined) return;
    this.#chunk.touch(this.#msOf(atMs));
    this.#emitChunk(atMs);
  }

  /** Emits the rest, then the last message; it must go out even if others were refused. Nothing may follow. */
  end(end: Omit<RecordingEnd, "messages">, atMs: number): void {
    this.#cut(this.#input, atMs);
    this.#cut(this.#output, atMs);
    if (!this.#chunk.isEmpty) this.#emitChunk(atMs);
    this.#chunk.touch(this.#msOf(atMs));
    this.#emitChunk(atMs, { ...end, messages: this.#nextId });
  }

  #write(side: Side, bytes: Uint8Array, atMs: number): void {
    const end = bytes.length;
    if (end === 0) return;
    this.#closeBeforeLoss(atMs);
    const ms = this.#msOf(atMs);
    let at = side.partialLength > 0 ? this.#resume(side, bytes, atMs, ms) : 0;
    while (at < end) {
      at = this.#chunk.takeText(side, bytes, at, end, ms);
      if (at === end) break;
      const length = sequenceAt(bytes, at, end);
      if (length === 0) {
        side.keepPartial(bytes, at, end, atMs);
        break;
      }
      this.#put(side, bytes, at, length, ms, atMs);
      at += Math.abs(length);
    }
    this.#noteSince(atMs);
  }

  #putEcho(echo: Echo, atMs: number): void {
    this.#closeBeforeLoss(atMs);
    // A line begins with no rest of a character.
    this.#cut(this.#output, atMs);
    const text = printEcho(echo);
    const ms = this.#msOf(atMs);
    while (
      this.#echoedBytes + echo.length > echoedBytes ||
      !this.#chunk.putEcho(this.#output, text.length, echo.length, ms)
    ) {
      this.#emitChunk(atMs);
    }
    this.#echoed.push(text);
    this.#echoedBytes += echo.length;
    this.#noteSince(atMs);
  }

  /** Goes on with the character that the last bytes left unfinished; gives the first byte not taken. */
  #resume(side: Side, bytes: Uint8Array, atMs: number, ms: number): number {
    for (let at = 0; at < bytes.length; at++) {
      side.partial[side.partialLength] = bytes[at] as number;
      const length = sequenceAt(side.partial, 0, side.partialLength + 1);
      if (length < 0) {
        // The byte breaks the character and is looked at again, as the first of something else.
        this.#cut(side, atMs);
        return at;
      }
      side.partialLength++;
      side.partialAtMs = atMs;
      if (length > 0) {
        const since = side.partialSinceMs;
        side.partialLength = 0;
        this.#put(side, side.partial, 0, length, ms, atMs);
        this.#noteSince(since);
        return at + 1;
      }
    }
    return bytes.length;
  }

  /** Writes an unfinished character as bytes that are no text, at the time of its last byte. */
  #cut(side: Side, atMs: number): void {
    const length = side.partialLength;
    if (length === 0) return;
    side.partialLength = 0;
    this.#put(side, side.partial, 0, -length, this.#msOf(side.partialAtMs), atMs);
    this.#noteSince(side.partialSinceMs);
  }

  /** `length` as of `sequenceAt`. What does not fit goes into the next message. */
  #put(side: Side, bytes: Uint8Array, at: number, length: number, ms: number, atMs: number): void {
    if (length > 0) while (!this.#chunk.putText(side, bytes, at, length, ms)) this.#emitChunk(atMs);
    else while (!this.#chunk.putBinary(side, bytes, at, -length, ms)) this.#emitChunk(atMs);
  }

  #closeBeforeLoss(atMs: number): void {
    if (this.#laterLoss.lost !== undefined) this.#emitChunk(atMs);
  }

  /** False when the message was refused. */
  #emitChunk(atMs: number, end?: RecordingEnd): boolean {
    const chunk = this.#chunk;
    const [input, output] = [this.#input, this.#output];
    chunk.close();
    const lost = this.#loss.lost;
    const start = this.#start ? printStart(this.#start, this.#startUnits) : "";
    const [moved, transfer] = this.#fittingTransfer();
    const echo = this.#echoes?.isAwake ? `,"echo":[${this.#echoed.join(",")}]` : undefined;
    const additions = [lost && printLost(lost), transfer, echo, end && printEnd(end)];
    const extra = start + additions.filter((text) => text !== undefined).join("");
    const line = this.#line.compose(this.#nextId, chunk, input, output, extra);
    const started = this.#start === undefined ? {} : { start: this.#start };
    const ended = { ...(moved === undefined ? {} : { transfer: moved }), ...(end === undefined ? {} : { end }) };
    const isTaken =
      this.#emit({ id: this.#nextId, posMs: chunk.posMs, line, ...started, ...ended }) || end !== undefined;
    if (isTaken) {
      if (echo !== undefined) this.#echoes?.keep(this.#nextId, line);
      this.#nextId++;
      this.#start = undefined;
      if (moved !== undefined) this.#transfer = undefined;
      this.#loss.take();
    } else {
      this.#loss.postpone(atMs);
      if (input.rawBytes + output.rawBytes > 0) {
        const stretch = { fromMs: chunk.posMs, toMs: chunk.lastMs };
        this.#loss.add({ inBytes: input.rawBytes, outBytes: output.rawBytes, ...stretch }, atMs);
      }
    }
    const later = this.#laterLoss.take();
    if (later !== undefined) this.#loss.add(later, atMs);
    chunk.clear();
    input.clear();
    output.clear();
    this.#echoed = [];
    this.#echoedBytes = 0;
    this.#sinceMs = undefined;
    if (isTaken && this.#transfer !== undefined) {
      chunk.touch(chunk.lastMs);
      this.#emitChunk(atMs);
    }
    return isTaken;
  }

  /** The transfer that is to be told, and its text: both undefined when there is none, or no room beside a chunk that holds something. */
  #fittingTransfer(): [Transfer, string] | [undefined, undefined] {
    const transfer = this.#transfer;
    if (transfer === undefined) return [undefined, undefined];
    const text = printTransfer(transfer, Math.max(0, this.#startUnits - transferUnits));
    const isAlone = this.#input.rawBytes + this.#output.rawBytes + this.#echoedBytes === 0;
    const fits = isAlone || encoder.encode(text).length <= this.#chunk.leftBytes;
    return fits ? [transfer, text] : [undefined, undefined];
  }

  #noteSince(atMs: number): void {
    if (!this.#chunk.isEmpty) this.#sinceMs = earliest(this.#sinceMs, atMs);
  }

  /** Whole milliseconds since the origin. */
  #msOf(atMs: number): number {
    return Math.min(greatestMs, Math.max(0, Math.floor(atMs - this.#originMs)));
  }
}

function earliest(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined) return other;
  return other === undefined ? one : Math.min(one, other);
}
