/** The configuration's dialect of JSON, as json-c reads it: comments, trailing commas, single quotes. */
import { RecError } from "../errors.ts";

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;

/** Has no prototype, so that no key is special. */
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** No configuration is larger; what is, was not meant to be one. */
export const maxBytes = 1_048_576;

// json-c's bound; it keeps a hostile text from exhausting our stack.
const maxDepth = 32;

const constants: ReadonlyMap<string, null | boolean> = new Map([
  ["null", null],
  ["true", true],
  ["false", false],
]);

const escapes: Readonly<Record<string, string>> = {
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  '"': '"',
  "'": "'",
  "\\": "\\",
  "/": "/",
};

/** The object that the text of `file` holds; REC_CONFIG_SYNTAX with line and column when it holds anything else. */
export function parseJsonc(text: string, file: string): JsonObject {
  let at = 0;

  function fail(why: string, place = at): never {
    const before = text.slice(0, place).split(/\r\n|\n|\r/);
    // Columns count characters, as editors do.
    const column = [...(before.at(-1) ?? "")].length + 1;
    throw new RecError("REC_CONFIG_SYNTAX", { file, line: before.length, column, why });
  }

  function found(): string {
    return at < text.length ? `found '${String.fromCodePoint(text.codePointAt(at) ?? 0)}'` : "found the end";
  }

  function take(character: string): boolean {
    if (text[at] !== character) return false;
    at++;
    return true;
  }

  function skipBlank(): void {
    for (;;) {
      const start = at;
      while (at < text.length && " \t\n\r\v\f".includes(text[at] as string)) at++;
      if (text.startsWith("//", at)) {
        while (at < text.length && text[at] !== "\n" && text[at] !== "\r") at++;
      } else if (text.startsWith("/*", at)) {
        const end = text.indexOf("*/", at + 2);
        if (end < 0) fail("this comment is not closed: expected '*/' after it");
        at = end + 2;
      }
      if (at === start) return;
    }
  }

  function parseValue(depth: number): JsonValue {
    const character = text[at];
    if (character === "{" || character === "[") {
      if (depth > maxDepth) fail(`expected at most ${maxDepth} levels of nesting`);
      return character === "{" ? parseObject(depth) : parseArray(depth);
    }
    if (character === '"' || character === "'") return parseString(character);
    return parseScalar();
  }

  function parseObject(depth: number): JsonObject {
    const object: Record<string, JsonValue> = Object.create(null);
    at++;
    for (;;) {
      skipBlank();
      if (take("}")) return object;
      const quote = text[at];
      if (quote !== '"' && quote !== "'") fail(`expected a key in quotes or '}', ${found()}`);
      const key = parseString(quote);
      skipBlank();
      if (!take(":")) fail(`expected ':' after the key, ${found()}`);
      skipBlank();
      object[key] = parseValue(depth + 1);
      skipBlank();
      if (!take(",") && text[at] !== "}") fail(`expected ',' or '}', ${found()}`);
    }
  }

  function parseArray(depth: number): JsonValue[] {
    const array: JsonValue[] = [];
    at++;
    for (;;) {
      skipBlank();
      if (take("]")) return array;
      array.push(parseValue(depth + 1));
      skipBlank();
      if (!take(",") && text[at] !== "]") fail(`expected ',' or ']', ${found()}`);
    }
  }

  function parseString(quote: '"' | "'"): string {
    const start = at;
    let result = "";
    let from = ++at;
    for (;;) {
      const character = text[at];
      if (character === undefined) fail(`this text is not closed: expected ${quote} after it`, start);
      if (character !== quote && character !== "\\") {
        at++;
        continue;
      }
      result += text.slice(from, at);
      if (take(quote)) return result.toWellFormed();
      result += parseEscape();
      from = at;
    }
  }

  function parseEscape(): string {
    const letter = text[at + 1] ?? "";
    const plain = escapes[letter];
    if (plain !== undefined) {
      at += 2;
      return plain;
    }
    const digits = text.slice(at + 2, at + 6);
    if (letter !== "u" || !/^[\da-f]{4}$/i.test(digits)) fail("expected an escape that JSON knows after '\\'");
    at += 6;
    return String.fromCharCode(Number.parseInt(digits, 16));
  }

  function parseScalar(): null | boolean | number {
    // Sticky, so that a long run of values does not copy the rest of the text for each.
    const scalar = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?|[a-z]+/iy;
    scalar.lastIndex = at;
    const word = scalar.exec(text)?.[0] ?? "";
    const constant = constants.get(word.toLowerCase());
    const number = constant === undefined && word !== "" ? Number(word) : Number.NaN;
    if (constant === undefined && !Number.isFinite(number)) fail(`expected a value, ${found()}`);
    at += word.length;
    return constant === undefined ? number : constant;
  }

  if (text.length > maxBytes) fail(`expected at most ${maxBytes} bytes`, 0);
  if (text.startsWith("\ufeff")) at++;
  skipBlank();
  if (at === text.length) fail("expected '{', found nothing but blanks and comments");
  if (text[at] !== "{") fail(`expected an object that begins with '{', ${found()}`);
  const object = parseObject(1);
  skipBlank();
  if (at < text.length) fail(`expected nothing after the object, ${found()}`);
  return object;
}
