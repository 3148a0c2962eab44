/** Timing: the field that tells when each piece of a message's text happened, and which terminal size was in force. */
import { RecError } from "../errors.ts";

/** Longest delay and farthest position that tlog's reader takes. */
export const greatestMs = 2147483647999;

/** Most records of a message: as many as the largest payload has, 1 MiB of two bytes each. Each may become a packet. */
const greatestRecords = 524_288;

/** Last moment of the year 9999, milliseconds since the epoch: later ones have no date that names, pages and other programs take. */
export const greatestTimeMs = 253402300799999;

/** One record of `timing`. */
export interface TimingRecord {
  /** `<` `>` text in and out, `[` `]` binary in and out, `+` delay, `=` window. */
  readonly mark: "<" | ">" | "[" | "]" | "+" | "=";
  /** Characters, placeholders, milliseconds, or columns. */
  readonly count: number;
  /** Bytes of a binary record, rows of a window; 0 elsewhere. */
  readonly extra: number;
}

const digitZero = 0x30;
const separators: Readonly<Record<string, string>> = { "[": "/", "]": "/", "=": "x" };

export function printTiming(records: readonly TimingRecord[]): string {
  return records
    .map(({ mark, count, extra }) => {
      const separator = separators[mark];
      return separator === undefined ? `${mark}${count}` : `${mark}${count}${separator}${extra}`;
    })
    .join("");
}

/**
 * Takes what tlog's reader takes, white space before records and numbers included; throws REC_FORMAT_FIELD where it comes to
 * anything else, and after the most that a message may have. One by one: a line of 8 MiB may hold four million.
 */
export function* parseTiming(timing: string): Generator<TimingRecord> {
  let at = 0;

  const skipSpace = () => {
    while (at < timing.length && isSpace(timing.charCodeAt(at))) at++;
  };
  const number = (greatest: number) => {
    skipSpace();
    const from = at;
    let value = 0;
    for (; at < timing.length; at++) {
      const digit = timing.charCodeAt(at) - digitZero;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    if (at === from) throw wrong(at, "a number is missing");
    if (value > greatest) throw wrong(from, `a number is greater than ${greatest}`);
    return value;
  };
  const pair = (separator: string, greatest: number) => {
    if (timing[at] !== separator) throw wrong(at, `"${separator}" is missing`);
    at++;
    return number(greatest);
  };

  let records = 0;
  for (skipSpace(); at < timing.length; skipSpace()) {
    if (++records > greatestRecords) throw wrong(at, `more than ${greatestRecords} records`);
    const mark = timing[at++];
    if (mark === "<" || mark === ">") yield { mark, count: number(Number.MAX_SAFE_INTEGER), extra: 0 };
    else if (mark === "+") yield { mark, count: number(greatestMs), extra: 0 };
    else if (mark === "[" || mark === "]") {
      const count = number(Number.MAX_SAFE_INTEGER);
      yield { mark, count, extra: pair("/", Number.MAX_SAFE_INTEGER) };
    } else if (mark === "=") {
      const count = number(65535);
      yield { mark, count, extra: pair("x", 65535) };
    } else throw wrong(at - 1, "no such record");
  }
}

function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d);
}

function wrong(at: number, why: string): RecError {
  return new RecError("REC_FORMAT_FIELD", { field: "timing", why: `${why} at character ${at + 1}` });
}
