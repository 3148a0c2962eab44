import { expect, test } from "vitest";
import { escapedBytes, putEscaped, quote } from "./escape.ts";

test("every ASCII byte is escaped as tlog does it, in bytes and in strings alike", () => {
  const forms: Record<string, string> = {
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    '"': '\\"',
    "\\": "\\\\",
  };
  for (let byte = 0; byte < 0x80; byte++) {
    const character = String.fromCharCode(byte);
    const isControl = byte < 0x20 || byte === 0x7f;
    const expected = forms[character] ?? (isControl ? `\\u00${byte.toString(16).padStart(2, "0")}` : character);
    const to = new Uint8Array(6);
    const length = putEscaped(to, 0, byte);
    expect(new TextDecoder().decode(to.subarray(0, length))).toBe(expected);
    expect(escapedBytes[byte]).toBe(length);
    expect(quote(character)).toBe(`"${expected}"`);
    expect(JSON.parse(quote(character))).toBe(character);
  }
});

test("what is not ASCII stays as it is, and what is no Unicode becomes U+FFFD", () => {
  expect(quote("é\u0085\u2028😀/\ud83d")).toBe('"é\u0085\u2028😀/\ufffd"');
});
