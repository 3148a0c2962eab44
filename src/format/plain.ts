/** Plain bytes: printable ASCII that stands in JSON as it is, which is most of what a terminal shows. */
import { escapedBytes } from "./escape.ts";

/** Copies plain bytes as they are, up to the first that is not plain or `stop`, which it gives back. */
export function copyPlain(
  bytes: Uint8Array,
  words: DataView,
  from: number,
  stop: number,
  txt: Uint8Array,
  txtWords: DataView,
  to: number,
): number {
  const shift = to - from;
  let at = from;
  for (; at + 4 <= stop; at += 4) {
    const word = words.getInt32(at, true);
    if (hasSpecialByte(word)) break;
    txtWords.setInt32(at + shift, word, true);
  }
  for (; at < stop; at++) {
    const byte = bytes[at] as number;
    if (escapedBytes[byte] !== 1) break;
    txt[at + shift] = byte;
  }
  return at;
}

/** True when one of the four bytes is not plain: above 0x7e, below 0x20, `"` or `\`. */
function hasSpecialByte(word: number): boolean {
  // Each term sets the top bit of a byte that is special; borrows spread only from a byte that is special itself.
  const low = word - 0x20202020;
  const quote = (word ^ 0x22222222) - 0x01010101;
  const backslash = (word ^ 0x5c5c5c5c) - 0x01010101;
  return ((word | (word + 0x01010101) | low | quote | backslash) & 0x80808080) !== 0;
}
