/** The options that recctl has before a subcommand, and every subcommand has. */
import type { CommandOption } from "../config/option.ts";

export const helpOption = {
  path: "help",
  type: { kind: "flag" },
  short: "h",
  long: "help",
  help: "Print this help and exit",
} as const satisfies CommandOption;

export const generalOptions: readonly CommandOption[] = [
  { path: "version", type: { kind: "flag" }, short: "v", long: "version", help: "Print the version and exit" },
  helpOption,
];
