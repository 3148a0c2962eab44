/** An echo: a piece of one of the recording's own messages that a program showed again, as a reference to it. */

export interface Echo {
  /** The message that was shown. */
  readonly id: number;
  /** Its line without the line feed, as it is or escaped once more, as it stands in a JSON string (`journalctl -o json`). */
  readonly isEscaped: boolean;
  /** The piece, in bytes of that form. */
  readonly from: number;
  readonly length: number;
  /** CRC-32 of the piece: on its way a line may have been written anew by somebody, with the same meaning and other bytes. */
  readonly sum: number;
}

/** How many messages back the encoder looks for what is shown. */
export const echoedMessages = 16;

/** Lines that are longer are never referred to. */
export const echoedLineBytes = 65536;

/** Most that the echoes of one message stand for, so that a small message cannot ask its reader for gigabytes. */
export const echoedBytes = 1048576;

export function printEcho({ id, isEscaped, from, length, sum }: Echo): string {
  return `[${id},${isEscaped ? 1 : 0},${from},${length},${sum}]`;
}

const quote = 0x22;
const backslash = 0x5c;

/** The line as it stands in a JSON string: it has no control characters, so there are only quotes and backslashes to escape. */
export function escapeLine(line: Uint8Array): Uint8Array {
  const escaped = new Uint8Array(line.length * 2);
  let length = 0;
  for (const byte of line) {
    if (byte === quote || byte === backslash) escaped[length++] = backslash;
    escaped[length++] = byte;
  }
  return escaped.slice(0, length);
}
