/** recctl's command line: commander reads it, by the table of subcommands. */
import { Command, CommanderError, Option } from "commander";
import { optionByLongName, valueGiven, valueMissing, valueUnwanted } from "../config/arguments.ts";
import type { CommandOption, Value } from "../config/option.ts";
import { RecError } from "../errors.ts";
import { generalOptions, helpOption } from "./general-options.ts";
import type { Subcommand } from "./subcommand.ts";
import { subcommandNamed, subcommandNames } from "./table.ts";

export interface CommandLine {
  /** Null where none was given, or where recctl's own --help or --version stands before it. */
  readonly subcommand: Subcommand | null;
  /** By the options' paths: what was given, else the default; a flag true or false. */
  readonly values: Readonly<Record<string, Value | undefined>>;
  readonly operands: readonly string[];
}

/** Throws REC_USAGE. Of the subcommands only the one that is meant is loaded. */
export async function readCommandLine(args: readonly string[]): Promise<CommandLine> {
  const program = new Command("recctl").enablePositionalOptions().helpOption(false).helpCommand(false).exitOverride();
  // What is printed is printed by us: the texts by help.ts, the errors where all are.
  program.configureHelp({ formatHelp: () => "" }).configureOutput({ outputError: () => {}, writeErr: () => {} });
  let options = generalOptions;
  addOptions(program, options);
  for (const name of subcommandNames) program.command(name).allowExcessArguments();
  let found: { readonly subcommand: Subcommand; readonly command: Command } | undefined;
  program.hook("preSubcommand", async (_, command) => {
    const subcommand = (await subcommandNamed(command.name())) as Subcommand;
    found = { subcommand, command };
    options = [...subcommand.options, helpOption];
    addOptions(command, options);
  });
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code !== "commander.help") throw ownError(error, options);
  }
  const general = program.opts();
  if (found === undefined || Object.values(general).includes(true)) {
    return { subcommand: null, values: general, operands: [] };
  }
  return { subcommand: found.subcommand, values: found.command.opts(), operands: found.command.args };
}

function addOptions(command: Command, options: readonly CommandOption[]): void {
  for (const option of options) command.addOption(new TableOption(option, options));
}

/** An option as the table has it; commander asks for the name under which its value is kept, and whether it is the one that was typed. */
class TableOption extends Option {
  readonly #option: CommandOption;
  readonly #options: readonly CommandOption[];

  constructor(option: CommandOption, options: readonly CommandOption[]) {
    super(flagsOf(option));
    this.#option = option;
    this.#options = options;
    // --no-index is a name like any other.
    this.negate = false;
    if (option.type.kind === "flag") this.default(false);
    else {
      this.default(option.default);
      this.argParser<Value | undefined>((text, earlier) =>
        valueGiven(option, text, earlier === option.default ? undefined : earlier),
      );
    }
  }

  override attributeName(): string {
    return this.#option.path;
  }

  /** Beginnings of names and aliases, which commander does not know, are understood here. */
  is(typed: string): boolean {
    if (!typed.startsWith("--")) return typed === this.short;
    return optionByLongName(this.#options, typed.slice(2)) === this.#option;
  }
}

function flagsOf({ short, long, type }: CommandOption): string {
  const names = [...(short === undefined ? [] : [`-${short}`]), ...(long === undefined ? [] : [`--${long}`])];
  return `${names.join(", ")}${type.kind === "flag" ? "" : " <value>"}`;
}

/** commander's sentence in our manner, with what it takes for meant. */
function ownError({ code, message }: CommanderError, options: readonly CommandOption[]): RecError {
  const [, typed = "", similar] = /'(.*)'.*?(?:\n\(Did you mean (?:one of )?(.*)\?\))?$/s.exec(message) ?? [];
  const hint = similar === undefined ? "" : `; did you mean ${similar.replace(/, ([^,]*)$/, " or $1")}?`;
  if (code === "commander.unknownCommand") {
    return usage(`no such command: ${typed}: expected ${subcommandNames.join(", ")}${hint}`);
  }
  if (code === "commander.optionMissingArgument") {
    const option = options.find((one) => flagsOf(one) === typed);
    if (option !== undefined) return valueMissing(option);
  }
  if (code === "commander.unknownOption") {
    const [name = ""] = typed.split("=");
    const flag = name.startsWith("--") ? optionByLongName(options, name.slice(2)) : undefined;
    return flag === undefined ? usage(`unknown option ${name}${hint}`) : valueUnwanted(flag);
  }
  return usage(message.replace(/^error: /, ""));
}

function usage(what: string): RecError {
  return new RecError("REC_USAGE", { what });
}
