/** Search expressions over what is known of a recording, as sudoreplay(8) defines them. */
import { RecError } from "../errors.ts";
import { parseMomentOfDay } from "./moment.ts";
import { bounded, compilePattern } from "./pattern.ts";
import type { Recording } from "./recording.ts";

export interface Match {
  readonly accepts: (recording: Recording) => boolean;
  /** Whether it asks for the working directory, which lists of journals know only at a price. */
  readonly wantsCwd: boolean;
}

type Accepts = Match["accepts"];

const maxDepth = 100;

const predicates: Readonly<Record<string, (value: string, nowMs: number) => Accepts>> = {
  user: (value) => (recording) => recording.user === value,
  host: (value) => (recording) => recording.host === value,
  tty: (value) => (recording) => recording.tty !== null && ttyName(recording.tty) === ttyName(value),
  command: (value) => commandMatches(value),
  cwd: (value) => (recording) => recording.cwd === value,
  fromdate: (value, nowMs) => startedWhere(value, nowMs, (startedMs, atMs) => startedMs >= atMs),
  todate: (value, nowMs) => startedWhere(value, nowMs, (startedMs, atMs) => startedMs <= atMs),
};
/** What sudo's logs know and recordings do not. */
const foreign = ["runas", "group"];

/** Whether the command is known, and the regular expression matches somewhere in it. Throws REC_PATTERN. */
export function commandMatches(source: string): Accepts {
  const pattern = compilePattern(source);
  return ({ command }) => command !== null && bounded(pattern, () => pattern.regexp.test(command));
}

/**
 * Predicates user, host, tty, command, cwd, fromdate and todate, each before its value and as short as it stays unique; `and`
 * (which may be left out), `or`, `!` or `not`, and parentheses. As in sudoreplay, what stands first is combined first. A value with
 * blanks stands in quotes. Throws REC_MATCH with the position.
 */
export function parseMatch(text: string, nowMs: number): Match {
  return new Parser(text, nowMs).match();
}

class Parser {
  readonly #text: string;
  readonly #nowMs: number;
  #at = 0;
  #depth = 0;
  #wantsCwd = false;

  constructor(text: string, nowMs: number) {
    this.#text = text;
    this.#nowMs = nowMs;
  }

  match(): Match {
    const accepts = this.#expression();
    if (this.#peek() !== "") throw this.#wrong("no parenthesis is open here");
    return { accepts, wantsCwd: this.#wantsCwd };
  }

  #expression(): Accepts {
    let left = this.#term();
    while (this.#peek() !== "" && this.#peek() !== ")") {
      const word = this.#word();
      if (word === "and" || word === "or") this.#at += word.length;
      const [first, second] = [left, this.#term()];
      left = word === "or" ? (one) => first(one) || second(one) : (one) => first(one) && second(one);
    }
    return left;
  }

  #term(): Accepts {
    let isNegated = false;
    for (;;) {
      const word = this.#peek() === "!" ? "!" : this.#word();
      if (word !== "!" && word !== "not") break;
      this.#at += word.length;
      isNegated = !isNegated;
    }
    const accepts = this.#peek() === "(" ? this.#group() : this.#predicate();
    return isNegated ? (recording) => !accepts(recording) : accepts;
  }

  #group(): Accepts {
    const openedAt = this.#at++;
    if (++this.#depth > maxDepth) throw this.#wrong(`more than ${maxDepth} parentheses are open`, openedAt);
    const accepts = this.#expression();
    if (this.#peek() !== ")") throw this.#wrong("this parenthesis is not closed", openedAt);
    this.#at++;
    this.#depth--;
    return accepts;
  }

  #predicate(): Accepts {
    const typed = this.#word();
    const at = this.#at;
    const name = typed === "" ? undefined : this.#named(typed);
    if (name === undefined) throw this.#wrong(`expected a predicate (${Object.keys(predicates).join(", ")})`);
    this.#at += typed.length;
    const isApart = /^[\s'"]?$/.test(this.#text.charAt(this.#at));
    if (!isApart) throw this.#wrong(`${typed} needs a blank after it, then a value`);
    if (this.#peek() === "") throw this.#wrong(`${typed} needs a value after it`, at);
    if (name === "cwd") this.#wantsCwd = true;
    const valueAt = this.#at;
    const value = this.#value();
    try {
      return (predicates[name] as (typeof predicates)[string])(value, this.#nowMs);
    } catch (error) {
      if (error instanceof RecError) throw this.#wrong(error.message, valueAt, error);
      throw error;
    }
  }

  #named(typed: string): string | undefined {
    const names = Object.keys(predicates).filter((name) => name.startsWith(typed));
    if (names.length > 1) throw this.#wrong(`${typed} may be ${names.join(" or ")}`);
    if (foreign.includes(typed)) throw this.#wrong(`recordings have no ${typed}: only sudo's logs have`);
    return names[0];
  }

  /** A text in quotes, or up to a blank or a parenthesis that was opened before it; a backslash takes the next character as it is. */
  #value(): string {
    const quote = /['"]/.test(this.#peek()) ? this.#peek() : "";
    const from = this.#at;
    if (quote !== "") this.#at++;
    let value = "";
    let open = 0;
    for (; ; this.#at++) {
      const character = this.#text.charAt(this.#at);
      if (character === "" && quote !== "") throw this.#wrong("this quote is not closed", from);
      if (character === "" || character === quote) break;
      if (quote === "" && (/\s/.test(character) || (character === ")" && open === 0))) break;
      if (character === "(") open++;
      if (character === ")") open--;
      // Before any other character it is the pattern's.
      if (character === "\\" && /[\s'"]/.test(this.#text.charAt(this.#at + 1))) this.#at++;
      value += this.#text.charAt(this.#at);
    }
    if (quote !== "") this.#at++;
    return value;
  }

  #word(): string {
    this.#peek();
    return /^[a-z]+/.exec(this.#text.slice(this.#at, this.#at + 20))?.[0] ?? "";
  }

  /** The next character that is no blank, "" at the end. */
  #peek(): string {
    while (/^\s/.test(this.#text.charAt(this.#at))) this.#at++;
    return this.#text.charAt(this.#at);
  }

  #wrong(why: string, at = this.#at, cause?: unknown): RecError {
    const details = { expression: this.#text, position: at + 1, why };
    return new RecError("REC_MATCH", details, cause);
  }
}

function startedWhere(value: string, nowMs: number, isSo: (startedMs: number, atMs: number) => boolean): Accepts {
  const atMs = parseMomentOfDay(value, nowMs);
  if (atMs === null) throw new RecError("REC_JOURNAL_TIME", { time: value, why: "it is no time" });
  return ({ startedMs }) => startedMs !== null && isSo(startedMs, atMs);
}

function ttyName(path: string): string {
  return path.replace(/^\/dev\//, "");
}
