/** What an option is: one row of the table that parser, --help, man page, sample file and --configuration come from. */

export type ProgramName = "rec" | "rec-session" | "rec-play";

export type Value = boolean | number | string | readonly string[];

/** `flag` is given or not; a `boolean` has an optional yes or no; `choices` is a list of different choices, `list` one of any texts, in order. */
export type OptionType =
  | { readonly kind: "flag" }
  | { readonly kind: "boolean" }
  | { readonly kind: "integer"; readonly min: number; readonly max: number }
  | { readonly kind: "number"; readonly min: number; readonly max: number }
  | { readonly kind: "string"; readonly mayBeEmpty?: true }
  | { readonly kind: "list" }
  | { readonly kind: "choice"; readonly choices: readonly string[] }
  | { readonly kind: "choices"; readonly choices: readonly string[]; readonly alone: string };

export interface Option {
  /** Where it is in a configuration file, "log.input" being `{"log": {"input": ...}}`, and its name in the settings. */
  readonly path: string;
  readonly type: OptionType;
  /** Its value when no layer gives one; undefined leaves the choice to the program. */
  readonly default: Value | undefined;
  /** Programs whose default is another. */
  readonly defaultIn?: Partial<Readonly<Record<ProgramName, Value>>>;
  /** What the program then does, or the default in words, where the value does not say it. */
  readonly defaultText?: string;
  /** The same for programs where it is another. */
  readonly defaultTextIn?: Partial<Readonly<Record<ProgramName, string>>>;
  /** A value for the sample file, where there is no default. */
  readonly example?: string;
  /** Programs that take it on the command line, and in their configuration. */
  readonly cli: readonly ProgramName[];
  readonly file: readonly ProgramName[];
  /** For `rec-session`: whether the recorded user's environment may set it. `rec` and `rec-play` obey their user. */
  readonly decidedBy: "user" | "administrator";
  readonly short?: string;
  readonly long?: string;
  /** Another long name, tlog's, that is understood and not told. */
  readonly alias?: string;
  /** What --help and the man page call its value. */
  readonly placeholder?: string;
  /** One line: what it does, as a command. */
  readonly help: string;
  /** More sentences for the man page and the sample file. */
  readonly details?: string;
}

/** The option's names as people type them: "-s/--speed". */
export function optionName(option: Option): string {
  const names = [];
  if (option.short !== undefined) names.push(`-${option.short}`);
  if (option.long !== undefined) names.push(`--${option.long}`);
  return names.join("/");
}
