/** A line: a collected chunk made the bytes of one JSON message, in tlog's order of fields. */

import type { Chunk } from "./chunk.ts";
import { quote } from "./escape.ts";
import type { Identity } from "./message.ts";
import type { Side } from "./side.ts";

/** The version of tlog's format that we write. */
export const formatVersion = "2.3";

const encoder = new TextEncoder();
const inTxtField = encoder.encode('","in_txt":"');
const inBinField = encoder.encode('","in_bin":[');
const outTxtField = encoder.encode('],"out_txt":"');
const outBinField = encoder.encode('","out_bin":[');
const binEnd = encoder.encode("]");
const lineEnd = encoder.encode("}\n");

/** What every line of a recording begins with, up to the number of its message. */
export function headOf({ host, rec, user, term, session }: Identity): Uint8Array {
  return encoder.encode(
    `{"ver":"${formatVersion}","host":${quote(host)},"rec":${quote(rec)},"user":${quote(user)},"term":${quote(term)},"session":${session},"id":`,
  );
}

export class Line {
  readonly head: Uint8Array;
  readonly #startedMs: number | null;
  readonly #allocate: (length: number) => Uint8Array;

  /** `startedMs` is the wall clock at position 0, milliseconds since the epoch; null leaves `time` out. */
  constructor(identity: Identity, startedMs: number | null, allocate: (length: number) => Uint8Array) {
    this.#allocate = allocate;
    this.head = headOf(identity);
    this.#startedMs = startedMs === null ? null : Math.max(0, Math.floor(startedMs));
  }

  /** `extra` is what follows tlog's fields, with its leading comma. */
  compose(id: number, chunk: Chunk, input: Side, output: Side, extra: string): Uint8Array {
    const place = encoder.encode(`${id},"pos":${chunk.posMs}${this.#time(chunk.posMs)},"timing":"`);
    const parts = [
      this.head,
      place,
      chunk.timing.subarray(0, chunk.timingLength),
      inTxtField,
      input.txt.subarray(0, input.txtLength),
      inBinField,
      input.bin.subarray(0, input.binLength),
      outTxtField,
      output.txt.subarray(0, output.txtLength),
      outBinField,
      output.bin.subarray(0, output.binLength),
      binEnd,
      extra === "" ? new Uint8Array(0) : encoder.encode(extra),
      lineEnd,
    ];
    let length = 0;
    for (const part of parts) length += part.length;
    const line = this.#allocate(length);
    let at = 0;
    for (const part of parts) {
      line.set(part, at);
      at += part.length;
    }
    return line;
  }

  /** Seconds with exactly three digits of fraction: tlog's reader takes nothing but a JSON double. */
  #time(posMs: number): string {
    if (this.#startedMs === null) return "";
    const timeMs = this.#startedMs + posMs;
    const seconds = Math.floor(timeMs / 1000);
    return `,"time":${seconds}.${String(timeMs - seconds * 1000).padStart(3, "0")}`;
  }
}
