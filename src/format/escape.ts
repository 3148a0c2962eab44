/** JSON string escaping as tlog does it: control characters and DEL escaped, everything else raw. */

const short: Readonly<Record<number, string>> = {
  8: "b",
  9: "t",
  10: "n",
  12: "f",
  13: "r",
  34: '"',
  92: "\\",
};

/** Bytes that a byte takes inside a JSON string: 1 raw, 2 short form, 6 `\u00xx`; 0 for bytes above 0x7f, which come as characters. */
export const escapedBytes = new Uint8Array(256);

/** The byte after the backslash of a short form, by byte. */
export const shortForm = new Uint8Array(256);

for (let byte = 0; byte < 0x80; byte++) {
  const letter = short[byte];
  escapedBytes[byte] = letter !== undefined ? 2 : byte < 0x20 || byte === 0x7f ? 6 : 1;
  shortForm[byte] = letter === undefined ? 0 : letter.charCodeAt(0);
}

export const backslash = 0x5c;
const hexDigits = new TextEncoder().encode("0123456789abcdef");

/** Writes `byte` (below 0x80) escaped at `to[at]`; gives the place after it. */
export function putEscaped(to: Uint8Array, at: number, byte: number): number {
  const size = escapedBytes[byte];
  if (size === 1) {
    to[at] = byte;
    return at + 1;
  }
  to[at] = backslash;
  if (size === 2) {
    to[at + 1] = shortForm[byte] as number;
    return at + 2;
  }
  to[at + 1] = 0x75;
  to[at + 2] = 0x30;
  to[at + 3] = 0x30;
  to[at + 4] = hexDigits[byte >> 4] as number;
  to[at + 5] = hexDigits[byte & 15] as number;
  return at + 6;
}

/** `text` as a JSON string with its quotes; what is no Unicode (lone surrogates) becomes U+FFFD. */
export function quote(text: string): string {
  return `"${text.toWellFormed().replace(/[\x00-\x1f"\\\x7f]/g, escapeCharacter)}"`;
}

function escapeCharacter(character: string): string {
  const code = character.charCodeAt(0);
  const letter = short[code];
  return letter === undefined ? `\\u00${code.toString(16).padStart(2, "0")}` : `\\${letter}`;
}
