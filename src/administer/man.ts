/** The man page of recctl, with all its subcommands. */
import { optionUsage } from "../config/help.ts";
import { optionEntry } from "../config/man.ts";
import { escaped, paragraphs, reference, sentenceLines } from "../config/roff.ts";
import { version, versionDate } from "../version.ts";
import { generalOptions } from "./general-options.ts";
import { synopsis } from "./help.ts";
import type { Subcommand } from "./subcommand.ts";
import { everySubcommand } from "./table.ts";
import { recctlText as text } from "./text.ts";

/** Everything that is known of recctl; clean for `mandoc -T lint` and groff. */
export async function manPage(): Promise<string> {
  const commands = await everySubcommand();
  return [
    `.TH RECCTL 8 ${versionDate} "rec-session ${version}"`,
    ".SH NAME",
    `recctl \\- ${escaped(text.summary)}`,
    ".SH SYNOPSIS",
    ...commands.flatMap((command, i) => [...(i === 0 ? [] : [".br"]), ".B recctl", escaped(synopsis(command))]),
    ".SH DESCRIPTION",
    ...paragraphs(text.description),
    ".SH OPTIONS",
    ...generalOptions.flatMap((option) => optionEntry(optionUsage(option).trim(), option, true)),
    ".SH COMMANDS",
    ...commands.flatMap(commandSection),
    ".SH EXIT STATUS",
    ...terms(text.exitStatus),
    ...commands.flatMap(({ name, exitStatus = [] }) =>
      terms(exitStatus.map(([status, meaning]) => [`${status}, of ${name}`, meaning])),
    ),
    ".SH ENVIRONMENT",
    ".TP",
    ".B XDG_DATA_HOME",
    "The parent of the recordings folder.",
    ".TP",
    ".B TZ",
    "The time zone of all that is printed, and of times that are given.",
    ".SH FILES",
    ".TP",
    ".I \\(ti/.local/share/rec\\-session",
    "The recordings folder, when XDG_DATA_HOME is not set.",
    ".SH EXAMPLES",
    ...terms(commands.flatMap(({ examples }) => examples).map(([command, meaning]) => [command, `${meaning}.`])),
    ".SH DIAGNOSTICS",
    "Messages say what failed, on what, and why.",
    "All are listed, with what to do, in",
    ".IR docs/errors.md .",
    ".SH SEE ALSO",
    ...text.seeAlso.map((page, i) => reference(page, i === text.seeAlso.length - 1 ? "" : ",")),
    "",
  ].join("\n");
}

function commandSection(command: Subcommand): string[] {
  return [
    `.SS ${escaped(synopsis(command))}`,
    ...paragraphs(command.description),
    ...command.options.flatMap((option) => optionEntry(optionUsage(option).trim(), option, true)),
  ];
}

function terms(entries: readonly (readonly [term: string, meaning: string])[]): string[] {
  return entries.flatMap(([term, meaning]) => [".TP", `.B ${escaped(term)}`, ...sentenceLines(meaning)]);
}
