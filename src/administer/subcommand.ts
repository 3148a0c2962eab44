/** What a subcommand of recctl is: one row of the table that parser, --help, man page and completion come from. */
import type { CommandOption, ValueOf } from "../config/option.ts";
import type { Context } from "./context.ts";

export interface Subcommand<Options extends readonly CommandOption[] = readonly CommandOption[]> {
  readonly name: string;
  readonly operands: Operands;
  /** What it does, as a command, in lower case: for --help. */
  readonly summary: string;
  /** Paragraphs of the man page. */
  readonly description: readonly string[];
  /** --help, which all have, is not among them. */
  readonly options: Options;
  /** Each a command and what it does. */
  readonly examples: readonly (readonly [command: string, meaning: string])[];
  /** What its exit status says beside 0, 1 for a failure and 2 for a wrong command line. */
  readonly exitStatus?: readonly (readonly [status: string, meaning: string])[];
  /** Does it; the result is the exit status. */
  run(context: Context, values: ValuesOf<Options>, operands: readonly string[]): Promise<number>;
}

/** What stands after the options: as the synopsis has it, "FILE...", and how many there may be. */
export interface Operands {
  readonly usage: string;
  readonly min: number;
  readonly max: number;
}

export const noOperands: Operands = { usage: "", min: 0, max: 0 };

/** What was given, by the options' paths: a flag true or false, another undefined where it was not given and has no default. */
export type ValuesOf<Options extends readonly CommandOption[]> = {
  readonly [Each in Options[number] as Each["path"]]:
    | ValueOf<Each["type"]>
    | (Each extends { type: { kind: "flag" } } | { default: string | number | boolean } ? never : undefined);
};

/** A row of the table, `run` checked against the options. */
export function subcommand<const Options extends readonly CommandOption[]>(row: Subcommand<Options>): Subcommand {
  return row;
}
