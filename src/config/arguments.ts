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

  function set(option: CommandOption, name: string, text: string): void {
    const value = valueFromText(option, text);
    if (value === undefined) throw invalid(option, name, text);
    const earlier = values.get(option.path);
    if (option.type.kind === "list") {
      values.set(option.path, [...((earlier as readonly string[] | undefined) ?? []), ...(value as readonly string[])]);
      return;
    }
    if (option.type.kind !== "choices" || earlier === undefined) {
      values.set(option.path, value);
      return;
    }
    const list = listOf(option.type, [...(earlier as readonly string[]), ...(value as readonly string[])]);
    if (list === undefined) throw invalid(option, name, text);
    values.set(option.path, list);
  }

  function nextArgument(option: CommandOption, name: string): string {
    const text = args[at++];
    if (text === undefined) throw usage(`option ${name} needs a value: expected ${expectation(option.type, true)}`);
    return text;
  }

  function takeLong(text: string): void {
    const equals = text.indexOf("=");
    const typed = equals < 0 ? text : text.slice(0, equals);
    const option = optionByLongName(options, typed);
    const name = optionName(option);
    if (equals >= 0 && option.type.kind === "flag") throw usage(`option ${name} takes no value`);
    if (equals >= 0) set(option, name, text.slice(equals + 1));
    else if (isSwitch(option)) values.set(option.path, true);
    else set(option, name, nextArgument(option, name));
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
      const name = optionName(option);
      set(option, name, i < letters.length ? letters.slice(i) : nextArgument(option, name));
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

function optionByLongName(options: readonly CommandOption[], typed: string): CommandOption {
  const exact = options.find(({ long, alias }) => long === typed || alias === typed);
  if (exact !== undefined) return exact;
  const [first, ...others] = typed === "" ? [] : options.filter(({ long }) => long?.startsWith(typed) === true);
  if (first === undefined) throw usage(`unknown option --${typed}`);
  if (others.length === 0) return first;
  throw usage(`option --${typed} is ambiguous: ${[first, ...others].map(({ long }) => `--${long}`).join(", ")}`);
}

function isSwitch({ type }: CommandOption): boolean {
  return type.kind === "flag" || type.kind === "boolean";
}

function invalid(option: CommandOption, name: string, text: string): RecError {
  return usage(`invalid value ${shown(text)} of option ${name}: expected ${expectation(option.type, true)}`);
}

function usage(what: string): RecError {
  return new RecError("REC_USAGE", { what });
}
