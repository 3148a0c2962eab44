import { expect, test } from "vitest";
import { sequenceAt, skipCharacters } from "./utf8.ts";

const cases: [name: string, bytes: number[], expected: number][] = [
  ["ASCII", [0x41], 1],
  ["NUL", [0], 1],
  ["two bytes", [0xc2, 0x80], 2],
  ["three bytes", [0xe0, 0xa0, 0x80], 3],
  ["U+FFFD itself", [0xef, 0xbf, 0xbd], 3],
  ["four bytes", [0xf4, 0x8f, 0xbf, 0xbf], 4],
  ["a continuation byte", [0x80], -1],
  ["an overlong form", [0xc0, 0x80], -1],
  ["an overlong form of three bytes", [0xe0, 0x9f, 0x80], -1],
  ["an overlong form of four bytes", [0xf0, 0x8f, 0x80, 0x80], -1],
  ["a surrogate", [0xed, 0xa0, 0x80], -1],
  ["beyond Unicode", [0xf4, 0x90, 0x80, 0x80], -1],
  ["no first byte", [0xf5], -1],
  ["broken after one byte", [0xc3, 0x41], -1],
  ["broken after two", [0xe2, 0x82, 0x41], -2],
  ["broken after three", [0xf0, 0x9f, 0x98, 0x41], -3],
  ["unfinished after one byte", [0xf0], 0],
  ["unfinished after two", [0xe2, 0x82], 0],
  ["unfinished after three", [0xf0, 0x9f, 0x98], 0],
];

test.each(cases)("%s", (_, bytes, expected) => {
  expect(sequenceAt(Uint8Array.from(bytes), 0, bytes.length)).toBe(expected);
});

test("all code points are one character, and agree with the platform", () => {
  const encoder = new TextEncoder();
  for (let code = 0; code < 0x110000; code += code < 0x10000 ? 1 : 97) {
    if (code >= 0xd800 && code < 0xe000) continue;
    const bytes = encoder.encode(String.fromCodePoint(code));
    if (sequenceAt(bytes, 0, bytes.length) !== bytes.length) expect.fail(`U+${code.toString(16)}`);
  }
});

test("skipping counts code points, and stops beyond the end", () => {
  const text = "aé日😀".repeat(9);
  const bytes = new TextEncoder().encode(text);
  const words = new DataView(bytes.buffer);
  const characters = [...text];
  let at = 0;
  for (let count = 0; count <= characters.length; count++) {
    expect(skipCharacters(bytes, words, 0, count)).toBe(at);
    at += Buffer.byteLength(characters[count] ?? "");
  }
  expect(skipCharacters(bytes, words, 0, characters.length + 1)).toBe(bytes.length + 1);
});
