/** The text of --help. */
import type { CommandOption } from "./option.ts";
import { optionsOf } from "./options.ts";
import { playKeys } from "./play-keys.ts";
import type { Program } from "./program.ts";
import { programTexts } from "./program-text.ts";

// Where the sentences begin: after the longest option, so that every one keeps to its line of 80 columns.
const indent = 32;

/** Usage, one line per option, examples and where to read more. */
export function helpText(program: Program): string {
  const { summary, synopsis, examples, section } = programTexts[program.name];
  const name = program.invokedAs;
  const usage = synopsis.map((line, i) => `${i === 0 ? "Usage: " : "   or: "}${name} ${line}`);
  const lines = [...usage, `${capitalised(summary)}.`, "", "Options, with their defaults in parentheses:"];
  lines.push(
    ...optionsOf(program.name)
      .filter(({ cli }) => cli.includes(program.name))
      .map(optionLine),
  );
  if (program.name === "rec-play") lines.push("", "Keys while it plays:", ...keyLines());
  lines.push("", "Examples:", ...exampleLines(examples), "");
  if (program.name === "rec-session") lines.push("What is recorded, and where to, only the file below decides.");
  lines.push(`Defaults are in ${program.systemPath}. More: man ${section} ${program.name}`);
  return `${lines.join("\n")}\n`;
}

function keyLines(): string[] {
  return playKeys.map(({ keys, help }) => `  ${keys.join("  ").padEnd(indent - 2)}${help}`);
}

/** The option as people type it, long form with what follows: "-s, --speed=NUMBER". */
export function optionUsage({ short, long, placeholder, type }: CommandOption): string {
  const value = type.kind === "boolean" ? "[=BOOL]" : placeholder === undefined ? "" : `=${placeholder}`;
  return `${short === undefined ? "    " : `-${short}, `}--${long}${value}`;
}

/** The option, what it does and its default, on a line of --help. */
export function optionLine(option: CommandOption): string {
  const { help, default: value } = option;
  const isTold = value !== undefined && value !== false;
  return `  ${optionUsage(option).padEnd(indent - 2)}${help}${isTold ? ` (${defaultWord(value)})` : ""}`;
}

/** Commands in one column, what they do in the next. */
export function exampleLines(examples: readonly (readonly [command: string, meaning: string])[]): string[] {
  const column = Math.max(...examples.map(([command]) => command.length)) + 4;
  return examples.map(([command, meaning]) => `  ${command.padEnd(column - 2)}  ${meaning}`);
}

function defaultWord(value: NonNullable<CommandOption["default"]>): string {
  return value === true ? "yes" : String(value);
}

/** A command as a sentence begins. */
export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
