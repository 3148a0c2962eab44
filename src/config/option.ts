/** What an option is: one row of the table that parser, --help, man page, sample file and --configuration come from. */

export type ProgramName = "rec" | "rec-session" | "rec-play";

export type Value = boolean | number | string | readonly string[];

/**
 * `flag` is given or not; a `boolean` has an optional yes or no; `choices` is a list of different choices, `list` one of any texts, in
 * order; `parsed` is what `parse` makes of a text, undefined where that is not what is `expected`, in words that end a sentence.
 */
export type OptionType =
  | { readonly kind: "flag" }
  | { readonly kind: "boolean" }
  | { readonly kind: "integer"; readonly min: number; readonly max: number }
  | { readonly kind: "number"; readonly min: number; readonly max: number }
  | { readonly kind: "string"; readonly mayBeEmpty?: true }
  | { readonly kind: "list" }
  | { readonly kind: "choice"; readonly choices: readonly string[] }
  | { readonly kind: "choices"; readonly choices: readonly string[]; readonly alone: string }
  | { readonly kind: "parsed"; readonly expected: string; readonly parse: (text: string) => Value | undefined };

/** What any command line has: what parser, --help and man page need to know. */
export interface CommandOption {
  /** Where it is in a configuration file, "log.input" being `{"log": {"input": ...}}`, and its name in the settings. */
  readonly path: string;
  readonly type: OptionType;
  /** Its value when nobody gives one; undefined leaves the choice to the program. */
  readonly default?: Value | undefined;
  /** What the program then does, or the default in words, where the value does not say it. */
  readonly defaultText?: string;
  readonly short?: string;
  readonly long?: string;
  /** Another long name, tlog's or another command's, that is understood and not told. */
  readonly alias?: string;
  /** What --help and the man page call its value. */
  readonly placeholder?: string;
  /** One line: what it does, as a command. */
  readonly help: string;
  /** More sentences for the man page and the sample file. */
  readonly details?: string;
}

/** An option that may also stand in a configuration. */
export interface Option extends CommandOption {
  readonly default: Value | undefined;
  /** Programs whose default is another. */
  readonly defaultIn?: Partial<Readonly<Record<ProgramName, Value>>>;
  /** `defaultText` for programs where it is another. */
  readonly defaultTextIn?: Partial<Readonly<Record<ProgramName, string>>>;
  /** A value for the sample file, where there is no default. */
  readonly example?: string;
  /** Programs that take it on the command line, and in their configuration. */
  readonly cli: readonly ProgramName[];
  readonly file: readonly ProgramName[];
  /** For `rec-session`: whether the recorded user's environment may set it. `rec` and `rec-play` obey their user. */
  readonly decidedBy: "user" | "administrator";
}

/** The option's names as people type them: "-s/--speed". */
export function optionName(option: CommandOption): string {
  const names = [];
  if (option.short !== undefined) names.push(`-${option.short}`);
  if (option.long !== undefined) names.push(`--${option.long}`);
  return names.join("/");
}

/** What a value of that type is in the program. */
export type ValueOf<Type extends OptionType> = Type extends { kind: "flag" | "boolean" }
  ? boolean
  : Type extends { kind: "integer" | "number" }
    ? number
    : Type extends { kind: "choice"; choices: readonly (infer Choice)[] }
      ? Choice
      : Type extends { kind: "choices"; choices: readonly (infer Choice)[] }
        ? readonly Choice[]
        : Type extends { kind: "list" }
          ? readonly string[]
          : Type extends { kind: "parsed"; parse: (text: string) => infer Parsed }
            ? Exclude<Parsed, undefined>
            : string;
