/** A command line's options, as getopt_long reads them. */
import { RecError } from "../errors.ts";
import { type CommandOption, optionName, type Value } from "./option.ts";
import { expectation, listOf, shown, valueFromText } from "./value.ts";

export interface ParsedArguments {
  /** What was given, by the option's path. */
  readonly values: ReadonlyMap<string, Value>;
  /** Where the positional arguments are, so that the caller can take their raw bytes. */
  readonly positionalIndexes: readonly number[];
  /** How many arguments were consumed: the rest are positional, whatever they look like. */
  readonly restIndex: number;
}

/** Reads until the first positional or `--`; with `isPermuting` until `--`, and options may follow positionals. */
export function parseArguments(
  options: readonly CommandOption[],
  args: readonly string[],
  isPermuting: boolean,
): ParsedArguments {
  const values = new Map<string, Value>();
  const positionalIndexes: number[] = [];
  let at = 0;

  function set(option: CommandOption, text: string): void {
    values.set(option.path, valueGiven(option, text, values.get(option.path)));
  }

  function nextArgument(option: CommandOption): string {
    const text = args[at++];
    if (text === undefined) throw valueMissing(option);
    return text;
  }

  function takeLong(text: string): void {
    const equals = text.indexOf("=");
    const typed = equals < 0 ? text : text.slice(0, equals);
    const option = optionByLongName(options, typed);
    if (option === undefined) throw usage(`unknown option --${typed}`);
    if (equals >= 0 && option.type.kind === "flag") throw valueUnwanted(option);
    if (equals >= 0) set(option, text.slice(equals + 1));
    else if (isSwitch(option)) values.set(option.path, true);
    else set(option, nextArgument(option));
  }

  function takeShort(letters: string): void {
    for (let i = 0; i < letters.length; ) {
      const letter = String.fromCodePoint(letters.codePointAt(i) as number);
      const option = options.find(({ short }) => short === letter);
      if (option === undefined) throw usage(`unknown option -${letter}`);
      i += letter.length;
      if (isSwitch(option)) {
        values.set(option.path, true);
        continue;
      }
      set(option, i < letters.length ? letters.slice(i) : nextArgument(option));
      return;
    }
  }

  while (at < args.length) {
    const text = args[at] as string;
    if (text === "--") {
      at++;
      break;
    }
    if (text === "-" || !text.startsWith("-")) {
      if (!isPermuting) break;
      positionalIndexes.push(at++);
      continue;
    }
    at++;
    if (text.startsWith("--")) takeLong(text.slice(2));
    else takeShort(text.slice(1));
  }
  for (let i = at; i < args.length; i++) positionalIndexes.push(i);
  return { values, positionalIndexes, restIndex: at };
}

/** The option of that name or of that beginning; undefined where there is none. Throws REC_USAGE where several begin so. */
export function optionByLongName(options: readonly CommandOption[], typed: string): CommandOption | undefined {
  const exact = options.find(({ long, alias }) => long === typed || alias === typed);
  if (exact !== undefined) return exact;
  const [first, ...others] = typed === "" ? [] : options.filter(({ long }) => long?.startsWith(typed) === true);
  if (first === undefined || others.length === 0) return first;
  throw usage(`option --${typed} is ambiguous: ${[first, ...others].map(({ long }) => `--${long}`).join(", ")}`);
}

/** What an option is after that text, and what it was from those before; throws REC_USAGE. */
export function valueGiven(option: CommandOption, text: string, earlier: Value | undefined): Value {
  const { type } = option;
  const value = valueFromText(option, text);
  if (value === undefined) throw invalid(option, text);
  if (earlier === undefined || (type.kind !== "list" && type.kind !== "choices")) return value;
  const all = [...(earlier as readonly string[]), ...(value as readonly string[])];
  const list = type.kind === "list" ? all : listOf(type, all);
  if (list === undefined) throw invalid(option, text);
  return list;
}

/** The failure of an option that stands last, without its value. */
export function valueMissing(option: CommandOption): RecError {
  return usage(`option ${optionName(option)} needs a value: expected ${expectation(option.type, true)}`);
}

/** The failure of a flag with a value. */
export function valueUnwanted(option: CommandOption): RecError {
  return usage(`option ${optionName(option)} takes no value`);
}

function isSwitch({ type }: CommandOption): boolean {
  return type.kind === "flag" || type.kind === "boolean";
}

function invalid(option: CommandOption, text: string): RecError {
  return usage(
    `invalid value ${shown(text)} of option ${optionName(option)}: expected ${expectation(option.type, true)}`,
  );
}

function usage(what: string): RecError {
  return new RecError("REC_USAGE", { what });
}
