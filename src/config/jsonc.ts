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
  return new Parser(text, file).parse();
}

/** One pass over one text, from its beginning to its end or to what is no part of the dialect. */
class Parser {
  readonly #text: string;
  readonly #file: string;
  #at = 0;

  constructor(text: string, file: string) {
    this.#text = text;
    this.#file = file;
  }

  parse(): JsonObject {
    if (this.#text.length > maxBytes) this.#fail(`expected at most ${maxBytes} bytes`, 0);
    if (this.#text.startsWith("\ufeff")) this.#at++;
    this.#skipBlank();
    if (this.#at === this.#text.length) this.#fail("expected '{', found nothing but blanks and comments");
    if (this.#text[this.#at] !== "{") this.#fail(`expected an object that begins with '{', ${this.#found()}`);
    const object = this.#object(1);
    this.#skipBlank();
    if (this.#at < this.#text.length) this.#fail(`expected nothing after the object, ${this.#found()}`);
    return object;
  }

  #value(depth: number): JsonValue {
    const character = this.#text[this.#at];
    if (character === "{" || character === "[") {
      if (depth > maxDepth) this.#fail(`expected at most ${maxDepth} levels of nesting`);
      return character === "{" ? this.#object(depth) : this.#array(depth);
    }
    if (character === '"' || character === "'") return this.#string(character);
    return this.#scalar();
  }

  #object(depth: number): JsonObject {
    const object: Record<string, JsonValue> = Object.create(null);
    this.#at++;
    for (;;) {
      this.#skipBlank();
      if (this.#take("}")) return object;
      const key = this.#key();
      object[key] = this.#value(depth + 1);
      this.#skipBlank();
      if (!this.#take(",") && this.#text[this.#at] !== "}") this.#fail(`expected ',' or '}', ${this.#found()}`);
    }
  }

  /** With the colon, up to the value. */
  #key(): string {
    const quote = this.#text[this.#at];
    if (quote !== '"' && quote !== "'") this.#fail(`expected a key in quotes or '}', ${this.#found()}`);
    const key = this.#string(quote);
    this.#skipBlank();
    if (!this.#take(":")) this.#fail(`expected ':' after the key, ${this.#found()}`);
    this.#skipBlank();
    return key;
  }

  #array(depth: number): JsonValue[] {
    const array: JsonValue[] = [];
    this.#at++;
    for (;;) {
      this.#skipBlank();
      if (this.#take("]")) return array;
      array.push(this.#value(depth + 1));
      this.#skipBlank();
      if (!this.#take(",") && this.#text[this.#at] !== "]") this.#fail(`expected ',' or ']', ${this.#found()}`);
    }
  }

  #string(quote: '"' | "'"): string {
    const start = this.#at;
    let result = "";
    let from = ++this.#at;
    for (;;) {
      const character = this.#text[this.#at];
      if (character === undefined) this.#fail(`this text is not closed: expected ${quote} after it`, start);
      if (character !== quote && character !== "\\") {
        this.#at++;
        continue;
      }
      result += this.#text.slice(from, this.#at);
      if (this.#take(quote)) return result.toWellFormed();
      result += this.#escape();
      from = this.#at;
    }
  }

  #escape(): string {
    const letter = this.#text[this.#at + 1] ?? "";
    const plain = escapes[letter];
    if (plain !== undefined) {
      this.#at += 2;
      return plain;
    }
    const digits = this.#text.slice(this.#at + 2, this.#at + 6);
    if (letter !== "u" || !/^[\da-f]{4}$/i.test(digits)) this.#fail("expected an escape that JSON knows after '\\'");
    this.#at += 6;
    return String.fromCharCode(Number.parseInt(digits, 16));
  }

  #scalar(): null | boolean | number {
    // Sticky, so that a long run of values does not copy the rest of the text for each.
    const scalar = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?|[a-z]+/iy;
    scalar.lastIndex = this.#at;
    const word = scalar.exec(this.#text)?.[0] ?? "";
    const constant = constants.get(word.toLowerCase());
    const number = constant === undefined && word !== "" ? Number(word) : Number.NaN;
    if (constant === undefined && !Number.isFinite(number)) this.#fail(`expected a value, ${this.#found()}`);
    this.#at += word.length;
    return constant === undefined ? number : constant;
  }

  #skipBlank(): void {
    for (;;) {
      const start = this.#at;
      while (this.#at < this.#text.length && " \t\n\r\v\f".includes(this.#text[this.#at] as string)) this.#at++;
      if (this.#text.startsWith("//", this.#at)) this.#skipLine();
      else if (this.#text.startsWith("/*", this.#at)) this.#skipComment();
      if (this.#at === start) return;
    }
  }

  #skipLine(): void {
    while (this.#at < this.#text.length && this.#text[this.#at] !== "\n" && this.#text[this.#at] !== "\r") this.#at++;
  }

  #skipComment(): void {
    const end = this.#text.indexOf("*/", this.#at + 2);
    if (end < 0) this.#fail("this comment is not closed: expected '*/' after it");
    this.#at = end + 2;
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #found(): string {
    if (this.#at === this.#text.length) return "found the end";
    return `found '${String.fromCodePoint(this.#text.codePointAt(this.#at) ?? 0)}'`;
  }

  #fail(why: string, place = this.#at): never {
    const before = this.#text.slice(0, place).split(/\r\n|\n|\r/);
    // Columns count characters, as editors do.
    const column = [...(before.at(-1) ?? "")].length + 1;
    throw new RecError("REC_CONFIG_SYNTAX", { file: this.#file, line: before.length, column, why });
  }
}
