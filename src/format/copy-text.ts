/** Text into a message: whole characters, escaped for JSON, as long as they fit. The time of a recorder goes here. */
import { backslash, escapedBytes, putEscaped, shortForm } from "./escape.ts";
import { copyPlain } from "./plain.ts";
import { sequenceAt } from "./utf8.ts";

/** The place in the text, bytes that may still be taken, characters until their count takes one digit more, and that count. */
export type Budget = Int32Array & { 0: number; 1: number; 2: number; 3: number };

export function newBudget(): Budget {
  return new Int32Array(4) as Budget;
}

/**
 * Copies characters of `bytes` from `from` on into `txt`; gives the first byte not taken: `end`, one that does not fit, or
 * one that begins no whole character. Updates the budget. native/text.c is its twin.
 */
export type CopyText = (bytes: Uint8Array, from: number, end: number, txt: Uint8Array, budget: Budget) => number;

/** In TypeScript, for every place that has no addon. */
export const copyText: CopyText = (bytes, from, end, txt, budget) => {
  const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const txtWords = new DataView(txt.buffer, txt.byteOffset, txt.length);
  let to = budget[0];
  let left = budget[1];
  let room = budget[2];
  let at = from;
  while (at < end) {
    const plainFrom = at;
    const stop = at + Math.min(end - at, left, room);
    at = copyPlain(bytes, words, at, stop, txt, txtWords, to);
    to += at - plainFrom;
    left -= at - plainFrom;
    room -= at - plainFrom;
    if (at === end) break;
    const byte = bytes[at] as number;
    const length = byte < 0x80 ? 1 : sequenceAt(bytes, at, end);
    const size = byte < 0x80 ? (escapedBytes[byte] as number) : length;
    const cost = room === 0 ? size + 1 : size;
    if (size <= 0 || cost > left) break;
    if (size === 2 && length === 1) {
      txt[to++] = backslash;
      txt[to++] = shortForm[byte] as number;
    } else if (length === 1) to = putEscaped(txt, to, byte);
    else for (let place = 0; place < length; place++) txt[to++] = bytes[at + place] as number;
    at += length;
    left -= cost;
    if (room === 0) {
      // Counts up to the next power of ten cost no further byte.
      room = budget[3] * 9 - 1;
      budget[3] *= 10;
    } else room--;
  }
  budget[0] = to;
  budget[1] = left;
  budget[2] = room;
  return at;
};
