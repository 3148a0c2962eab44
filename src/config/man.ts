/** The man page of a program, in the man(7) macros. */
import { version, versionDate } from "../version.ts";
import { capitalised, optionUsage } from "./help.ts";
import type { CommandOption } from "./option.ts";
import { optionsOf } from "./options.ts";
import { type PlayKey, playKeys } from "./play-keys.ts";
import type { Program } from "./program.ts";
import { programTexts } from "./program-text.ts";
import { escaped, paragraphs, reference, sentenceLines } from "./roff.ts";
import { expectation } from "./value.ts";

/** Everything that is known of the program; clean for `mandoc -T lint` and groff. */
export function manPage(program: Program): string {
  const { name, systemPath, environmentPrefix } = program;
  const text = programTexts[name];
  const options = optionsOf(name);
  return [
    `.TH ${name.toUpperCase()} ${text.section} ${versionDate} "rec-session ${version}"`,
    ".SH NAME",
    `${escaped(name)} \\- ${escaped(text.summary)}`,
    ".SH SYNOPSIS",
    ...text.synopsis.flatMap((line, i) => [...(i === 0 ? [] : [".br"]), `.B ${escaped(name)}`, escaped(line)]),
    ".SH DESCRIPTION",
    ...paragraphs(text.description),
    ".SH OPTIONS",
    ...options
      .filter(({ cli }) => cli.includes(name))
      .flatMap((option) => optionEntry(optionUsage(option).trim(), option, true)),
    ".SH CONFIGURATION",
    ...paragraphs([
      `The settings come from the defaults, then from ${systemPath}${environmentPrefix === null ? "" : ", then from the environment"}, then from the command line. The options of the file are those of ${name}.conf(5).`,
    ]),
    ...environmentSection(program),
    ...(name === "rec-play" ? [".SH KEYS", ...playKeys.flatMap(keyEntry)] : []),
    ".SH EXIT STATUS",
    ...text.exitStatus.flatMap(([status, meaning]) => [".TP", `.B ${escaped(status)}`, escaped(meaning)]),
    ".SH FILES",
    ".TP",
    `.I ${escaped(systemPath)}`,
    "The administrator's configuration.",
    ".TP",
    ...(name === "rec-session" ? fallbackFolder : ownFolder),
    ".SH EXAMPLES",
    ...text.examples.flatMap(([command, meaning]) => [".TP", `.B ${escaped(command)}`, `${escaped(meaning)}.`]),
    ".SH DIAGNOSTICS",
    "Messages say what failed, on what, and why.",
    "All are listed, with what to do, in",
    ".IR docs/errors.md .",
    ".SH SEE ALSO",
    reference(`${name}.conf(5)`, ","),
    ...text.seeAlso.map((page, i) => reference(page, i === text.seeAlso.length - 1 ? "" : ",")),
    "",
  ].join("\n");
}

const ownFolder = [".I \\(ti/.local/share/rec\\-session", "The recordings folder, when XDG_DATA_HOME is not set."];
const fallbackFolder = [
  ".I /var/log/rec\\-session",
  "What the journal does not take; of a checkout, \\(ti/.local/share/rec\\-session.",
];

function keyEntry({ keys, help }: PlayKey): string[] {
  return [".TP", `.B ${keys.map(escaped).join(", ")}`, `${escaped(capitalised(help))}.`];
}

/** All that the table says of an option, under a title. */
export function optionEntry(title: string, option: CommandOption, isOnCommandLine: boolean): string[] {
  const { help, details, type } = option;
  const sentences = [`${help}.`];
  if (details !== undefined) sentences.push(details);
  if (type.kind !== "flag" && type.kind !== "string" && type.kind !== "list")
    sentences.push(`Expected: ${expectation(type, isOnCommandLine)}.`);
  const value = defaultOf(option);
  if (value !== undefined) sentences.push(`Default: ${value}.`);
  return [".TP", `.B ${escaped(title)}`, ...sentences.flatMap(sentenceLines)];
}

function defaultOf({ type, default: value, defaultText }: CommandOption): string | undefined {
  if (defaultText !== undefined) return defaultText;
  if (type.kind === "flag" || value === undefined) return undefined;
  return typeof value === "string" && type.kind === "string" ? JSON.stringify(value) : String(value);
}

function environmentSection({ name, environmentPrefix: prefix }: Program): string[] {
  if (prefix === null) return [];
  const limits = {
    rec: "",
    "rec-session": " It is not read unless the administrator set the option environment.",
    "rec-play": "",
  }[name];
  const textLimits =
    name === "rec-session" ? " Only the shell counts unless the administrator set the option environment." : "";
  return [
    ".SH ENVIRONMENT",
    ".TP",
    `.B ${prefix}_CONF_FILE`,
    ...sentenceLines(`The path of another configuration file, over the administrator's.${limits}`),
    ".TP",
    `.B ${prefix}_CONF_TEXT`,
    ...sentenceLines(`A configuration's text, over both.${textLimits}`),
    ...(name === "rec-session"
      ? [
          ".TP",
          ".BR TLOG_REC_SESSION_SHELL , REC_SESSION_SHELL",
          "The shell to run, in this order; only the program's own name goes before them.",
        ]
      : [".TP", ".B XDG_DATA_HOME", "The parent of the recordings folder."]),
  ];
}
