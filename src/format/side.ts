/** One direction of a session inside the message being collected: its text, its bytes that are no text, its unfinished character. */
import { characterBytes } from "./utf8.ts";

export class Side {
  /** Marks of its records in `timing`: text, binary. */
  readonly textMark: number;
  readonly binaryMark: number;
  /** Escaped text, as it will stand in the message. */
  readonly txt: Uint8Array;
  txtLength = 0;
  /** Decimal numbers joined by commas, as they will stand in the message. */
  readonly bin: Uint8Array;
  binLength = 0;
  /** Bytes of the session that the two hold. */
  rawBytes = 0;

  /** The beginning of a character whose rest has not come; outlives messages. */
  readonly partial = new Uint8Array(characterBytes);
  partialLength = 0;
  /** When its first and its last byte came. */
  partialSinceMs = 0;
  partialAtMs = 0;

  constructor(textMark: string, binaryMark: string, payloadBytes: number) {
    this.textMark = textMark.charCodeAt(0);
    this.binaryMark = binaryMark.charCodeAt(0);
    this.txt = new Uint8Array(payloadBytes);
    this.bin = new Uint8Array(payloadBytes);
  }

  /** Keeps the bytes from `from` to `end` as the beginning of a character. */
  keepPartial(bytes: Uint8Array, from: number, end: number, atMs: number): void {
    for (let place = from; place < end; place++) this.partial[place - from] = bytes[place] as number;
    this.partialLength = end - from;
    this.partialSinceMs = atMs;
    this.partialAtMs = atMs;
  }

  /** Forgets what went out with a message. */
  clear(): void {
    this.txtLength = 0;
    this.binLength = 0;
    this.rawBytes = 0;
  }
}
