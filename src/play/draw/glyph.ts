/** Glyphs: what of a cell's text may go to the auditor's terminal, and whether that terminal surely agrees on its width. */

/** A hostile cell holds any number of marks; more than these no script needs. */
const maxMarks = 8;

const replacement = "\ufffd";

/** Letters, digits, signs and private use (prompts' symbols): never a control, a format character, a lone surrogate or nothing. */
const base = /^[\p{L}\p{M}\p{N}\p{P}\p{S}\p{Co}\p{Zs}]$/u;
// Variation selectors are marks that change the width in some terminals only.
const mark = /^(?![\ufe00-\ufe0f\u{e0100}-\u{e01ef}])\p{M}$/u;

/** First and last code point, and the width that every terminal gives to those between. */
const certain: readonly (readonly [first: number, last: number, width: 1 | 2])[] = [
  [0x20, 0x7e, 1],
  [0xa1, 0xac, 1],
  [0xae, 0x2ff, 1],
  [0x370, 0x482, 1],
  [0x48a, 0x52f, 1],
  [0x2500, 0x259f, 1],
  [0x3041, 0x3096, 2],
  [0x30a1, 0x30fa, 2],
  [0x4e00, 0x9fff, 2],
  [0xac00, 0xd7a3, 2],
  [0xff01, 0xff60, 2],
];

/** The width in cells that terminals agree on; null where they may not. */
export function certainWidth(text: string): 1 | 2 | null {
  const code = text.codePointAt(0) ?? 0;
  if (text.length > (code > 0xffff ? 2 : 1)) return null;
  return certain.find(([first, last]) => code >= first && code <= last)?.[2] ?? null;
}

const cache = new Map<string, string>();
const maxCached = 4096;

/** The cell's text as it may be written: one character and its marks; others, and what orders or joins, left out. */
export function glyph(text: string): string {
  if (text === "") return " ";
  if (text.length === 1) {
    const code = text.charCodeAt(0);
    if (code >= 0x20 && code <= 0x7e) return text;
  }
  const known = cache.get(text);
  if (known !== undefined) return known;
  const made = cleaned(text);
  if (cache.size >= maxCached) cache.clear();
  cache.set(text, made);
  return made;
}

function cleaned(text: string): string {
  let made = "";
  let marks = 0;
  for (const character of text) {
    if (made === "") {
      made = base.test(character) ? character : replacement;
      if (mark.test(character)) marks++;
    } else if (mark.test(character) && marks++ < maxMarks) made += character;
    else if (marks >= maxMarks) break;
  }
  // A mark by itself would join whatever stands before it.
  return mark.test([...made][0] ?? "") ? ` ${made}` : made;
}
