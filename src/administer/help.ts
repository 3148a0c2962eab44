/** The texts of recctl --help and recctl COMMAND --help. */
import { capitalised, exampleLines, optionLine } from "../config/help.ts";
import { generalOptions, helpOption } from "./general-options.ts";
import type { Subcommand } from "./subcommand.ts";
import { everySubcommand } from "./table.ts";
import { recctlText } from "./text.ts";

/** Usage, one line per command, options and where to read more. */
export async function helpText(): Promise<string> {
  const commands = await everySubcommand();
  return lines([
    "Usage: recctl COMMAND [OPTION]... [ARGUMENT]...",
    `${capitalised(recctlText.summary)}.`,
    "",
    "Commands:",
    ...exampleLines(commands.map(({ name, summary }) => [name, summary])),
    "",
    "Options:",
    ...generalOptions.map(optionLine),
    "",
    "More: recctl COMMAND --help, man 8 recctl",
  ]);
}

/** Usage, one line per option, examples. */
export function subcommandHelpText(subcommand: Subcommand): string {
  const { summary, options, examples } = subcommand;
  return lines([
    `Usage: recctl ${synopsis(subcommand)}`,
    `${capitalised(summary)}.`,
    "",
    "Options, with their defaults in parentheses:",
    ...[...options, helpOption].map(optionLine),
    "",
    "Examples:",
    ...exampleLines(examples),
    "",
    "More: man 8 recctl",
  ]);
}

/** The command as people type it, without "recctl". */
export function synopsis({ name, operands }: Subcommand): string {
  return `${name} [OPTION]...${operands.usage === "" ? "" : ` ${operands.usage}`}`;
}

function lines(texts: readonly string[]): string {
  return `${texts.join("\n")}\n`;
}
