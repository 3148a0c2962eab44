/** Regular expressions that people give: read, and kept from running without end. */
import { type Context, createContext, Script } from "node:vm";
import { RecError } from "../errors.ts";

/** Longest run of a pattern over one batch of text: far more than an honest one needs, and a person still waits for it. */
const maxRunMs = 5000;

/** The names that POSIX has for sets of characters, as JavaScript writes them. */
const posixSets: ReadonlyMap<string, string> = new Map([
  ["alnum", "A-Za-z0-9"],
  ["alpha", "A-Za-z"],
  ["blank", " \\t"],
  ["cntrl", "\\x00-\\x1f\\x7f"],
  ["digit", "0-9"],
  ["graph", "\\x21-\\x7e"],
  ["lower", "a-z"],
  ["print", "\\x20-\\x7e"],
  ["punct", "!-\\/:-@\\[-`{-~"],
  ["space", "\\s"],
  ["upper", "A-Z"],
  ["xdigit", "0-9A-Fa-f"],
]);

export interface Pattern {
  readonly source: string;
  readonly regexp: RegExp;
  /** It is matched in a time in proportion to the text, whatever that is. */
  readonly isLinear: boolean;
}

let clocked: { readonly context: Context; readonly script: Script } | undefined;

/** JavaScript's syntax, and POSIX's names of character sets in brackets. Throws REC_PATTERN. */
export function compilePattern(source: string, flags = ""): Pattern {
  const text = source.replaceAll(/\[:([a-z]+):\]/g, (whole, name: string) => posixSets.get(name) ?? whole);
  try {
    return { source, regexp: new RegExp(text, flags), isLinear: isLinear(text, flags) };
  } catch (cause) {
    const why =
      cause instanceof Error ? cause.message.replace(/^Invalid regular expression: .*: /s, "") : String(cause);
    throw new RecError("REC_PATTERN", { pattern: source, why: why.charAt(0).toLowerCase() + why.slice(1) }, cause);
  }
}

function isLinear(text: string, flags: string): boolean {
  try {
    new RegExp(text, `${flags}l`);
    return true;
  } catch {
    return false;
  }
}

/**
 * What `work`, which matches the pattern, returns; throws REC_PATTERN when it takes too long. Costs 50 microseconds where the pattern is
 * not linear: hand it batches.
 */
export function bounded<Result>({ source, isLinear }: Pattern, work: () => Result, maxMs = maxRunMs): Result {
  if (isLinear) return work();
  clocked ??= { context: createContext({}), script: new Script("work()") };
  clocked.context["work"] = work;
  try {
    return clocked.script.runInContext(clocked.context, { timeout: maxMs }) as Result;
  } catch (cause) {
    // Not `instanceof`: the error is of the script's realm.
    if ((cause as { code?: unknown } | null)?.code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw cause;
    const why = `it was not done with one piece of text after ${maxMs / 1000} s`;
    throw new RecError("REC_PATTERN", { pattern: source, why }, cause);
  }
}
