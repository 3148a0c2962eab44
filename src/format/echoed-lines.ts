/** Echoed lines: the lines of a recording that later messages may refer to, on the decoder's side. */
import { crc32 } from "./crc32.ts";
import { type Echo, echoedLineBytes, echoedMessages, escapeLine } from "./echo.ts";

export interface EchoedLine {
  readonly id: number;
  readonly text: string;
}

/** The message that ends with the reference may have been begun before the last ones that the encoder knew. */
const keptLines = 2 * echoedMessages;

const encoder = new TextEncoder();

export class EchoedLines {
  #lines: readonly EchoedLine[];
  /** The last line that was asked for, in its form: references to one line come together. */
  #last: { readonly id: number; readonly isEscaped: boolean; readonly bytes: Uint8Array } | undefined;

  constructor(lines: readonly EchoedLine[] = []) {
    this.#lines = lines;
  }

  /** Plain data, never changed. */
  get lines(): readonly EchoedLine[] {
    return this.#lines;
  }

  keep(id: number, text: string): void {
    if (text.length > echoedLineBytes) return;
    this.#lines = [...this.#lines.slice(1 - keptLines), { id, text }];
  }

  /** The bytes that it stands for; undefined when the message is missing, or has other bytes than it had. */
  bytesOf({ id, isEscaped, from, length, sum }: Echo): Uint8Array | undefined {
    const bytes = this.#lineOf(id, isEscaped)?.subarray(from, from + length);
    return bytes?.length === length && crc32(bytes) === sum ? bytes : undefined;
  }

  #lineOf(id: number, isEscaped: boolean): Uint8Array | undefined {
    if (this.#last?.id === id && this.#last.isEscaped === isEscaped) return this.#last.bytes;
    const line = this.#lines.findLast((one) => one.id === id);
    if (line === undefined) return undefined;
    const plain = encoder.encode(line.text);
    const bytes = isEscaped ? escapeLine(plain) : plain;
    this.#last = { id, isEscaped, bytes };
    return bytes;
  }
}
