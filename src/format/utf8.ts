/** UTF-8 as far as the recorder needs it: where a character ends, and which bytes are none. */

/** Longest character, in bytes. */
export const characterBytes = 4;

/**
 * Looks at the bytes from `from` to `end`: n > 0 is a character of n bytes, n < 0 is -n bytes that are no character
 * (taken as one, since they began as one), 0 says that the bytes end inside what may still become a character.
 */
export function sequenceAt(bytes: Uint8Array, from: number, end: number): number {
  const first = bytes[from] as number;
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return -1;
  if (from + 1 >= end) return 0;
  const second = bytes[from + 1] as number;
  // Unicode table 3-7: no overlong forms, no surrogates, nothing above U+10FFFF.
  const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high) return -1;
  if (first < 0xe0) return 2;
  if (from + 2 >= end) return 0;
  if (((bytes[from + 2] as number) & 0xc0) !== 0x80) return -2;
  if (first < 0xf0) return 3;
  if (from + 3 >= end) return 0;
  if (((bytes[from + 3] as number) & 0xc0) !== 0x80) return -3;
  return 4;
}

/** The place `count` characters after `from` in valid UTF-8, `words` being a view of `bytes`; beyond the end when there are fewer. */
export function skipCharacters(bytes: Uint8Array, words: DataView, from: number, count: number): number {
  const end = bytes.length;
  let at = from;
  let left = count;
  // Four bytes hold at most four first bytes of characters.
  for (; left >= 4 && at + 4 <= end; at += 4) left -= charactersBegunIn(words.getInt32(at, true));
  for (; at < end; at++) {
    const isFirst = ((bytes[at] as number) & 0xc0) !== 0x80;
    if (isFirst && left === 0) return at;
    if (isFirst) left--;
  }
  return left > 0 ? end + 1 : end;
}

function charactersBegunIn(word: number): number {
  const continued = word & ~(word << 1) & 0x80808080;
  return 4 - (Math.imul(continued >>> 7, 0x01010101) >>> 24);
}
