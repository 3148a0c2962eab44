/** Widths: how many cells a character takes, as the wcwidth() of today's systems says it. */

/** Wide beside the pictures, and newer than the emulator's own table: Tangut, Khitan, kana, enclosed ideographs. */
const wideRanges: readonly (readonly [number, number])[] = [
  [0x16fe0, 0x18aff],
  [0x1aff0, 0x1b2fb],
  [0x1f200, 0x1f202],
  [0x1f210, 0x1f23b],
  [0x1f240, 0x1f248],
  [0x1f250, 0x1f251],
  [0x1f260, 0x1f265],
];
/** https://www.unicode.org/reports/tr11: every character that is a picture by default is wide. */
const picture = /\p{Emoji_Presentation}/u;
const mark = /[\p{Mn}\p{Me}]|[\u200b-\u200f\u2060-\u2064]/u;
const regionalIndicator = /\p{Regional_Indicator}/u;

const pageSize = 256;
const pages: (Uint8Array | undefined)[] = [];

/** 0, 1 or 2. `older` is a table that is right except for what is newer than it. */
export function characterWidth(codePoint: number, older: (codePoint: number) => number): number {
  if (codePoint < 0x80) return codePoint < 0x20 || codePoint === 0x7f ? 0 : 1;
  const number = codePoint >>> 8;
  let page = pages[number];
  if (page === undefined) {
    page = Uint8Array.from({ length: pageSize }, (_, place) => widthOf(number * pageSize + place, older));
    pages[number] = page;
  }
  return page[codePoint % pageSize] as number;
}

function widthOf(codePoint: number, older: (codePoint: number) => number): number {
  if (wideRanges.some(([first, last]) => codePoint >= first && codePoint <= last)) return 2;
  const character = String.fromCodePoint(codePoint);
  // One of a pair that makes a flag: terminals show it as a letter.
  if (picture.test(character) && !regionalIndicator.test(character)) return 2;
  return mark.test(character) ? 0 : older(codePoint);
}
