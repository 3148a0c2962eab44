/** Makes text from users, files and recordings harmless before it reaches a terminal (docs/security.md: text from a recording is data). */

// Cc is C0, DEL and C1; Cs matches lone surrogates only, as the u flag joins pairs. The rest reorders or breaks lines.
const unprintable = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu;

const shortForms: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** The text with every character that a terminal would obey, or that changes the order of its neighbours, escaped. */
export function printable(text: string): string {
  if (isPlain(text)) return text;
  return text.replace(unprintable, (character) => shortForms[character] ?? escaped(character.charCodeAt(0)));
}

/** Whether all of it is printable ASCII: nearly all of a list is, which may be long, and a loop tells it sooner than a pattern. */
export function isPlain(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0x20 || unit > 0x7e) return false;
  }
  return true;
}

/** JSON text that means the same and is safe to show: the same characters as \u escapes; its own line feeds stay. */
export function printableJson(json: string): string {
  return json.replace(unprintable, (character) =>
    character === "\n" ? "\n" : `\\u${hex(character.charCodeAt(0), 4)}`,
  );
}

function escaped(code: number): string {
  return code < 0x100 ? `\\x${hex(code, 2)}` : `\\u${hex(code, 4)}`;
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, "0");
}
