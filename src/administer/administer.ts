/** recctl's command line: finds the subcommand, reads its options, runs it. */
import { parseArguments } from "../config/arguments.ts";
import type { CommandOption, Value } from "../config/option.ts";
import { RecError } from "../errors.ts";
import { version } from "../version.ts";
import type { Context } from "./context.ts";
import { generalOptions, helpOption } from "./general-options.ts";
import type { Operands, Subcommand } from "./subcommand.ts";
import { subcommandNamed, subcommandNames } from "./table.ts";

/** Runs what the arguments say; the result is the exit status. Throws a RecError. */
export async function administer(context: Context, args: readonly string[]): Promise<number> {
  const { values, restIndex } = parseArguments(generalOptions, args, false);
  if (values.get("help") === true) return await answer(context, await (await import("./help.ts")).helpText());
  if (values.get("version") === true) return await answer(context, `recctl ${version}\n`);
  const name = args[restIndex];
  if (name === undefined) throw usage(`no command was given: expected ${subcommandNames.join(", ")}`);
  const found = await subcommandNamed(name);
  if (found === undefined) throw usage(`no such command: ${name}: expected ${subcommandNames.join(", ")}`);
  return await run(context, found, args.slice(restIndex + 1));
}

async function run(context: Context, subcommand: Subcommand, args: readonly string[]): Promise<number> {
  const options = [...subcommand.options, helpOption];
  const { values, positionalIndexes } = parseArguments(options, args, true);
  if (values.get("help") === true) {
    return await answer(context, (await import("./help.ts")).subcommandHelpText(subcommand));
  }
  const operands = positionalIndexes.map((index) => args[index] as string);
  checkOperands(subcommand, operands);
  return await subcommand.run(context, withDefaults(options, values), operands);
}

function withDefaults(
  options: readonly CommandOption[],
  given: ReadonlyMap<string, Value>,
): Readonly<Record<string, Value | undefined>> {
  return Object.fromEntries(
    options.map(({ path, type, default: value }) => [path, given.get(path) ?? (type.kind === "flag" ? false : value)]),
  );
}

function checkOperands({ name, operands }: { name: string; operands: Operands }, given: readonly string[]): void {
  if (given.length < operands.min) throw usage(`${name} needs ${operands.usage}`);
  const stray = given[operands.max];
  if (stray !== undefined) throw usage(`${name} does not take ${JSON.stringify(stray)}`);
}

async function answer(context: Context, text: string): Promise<number> {
  await context.write(text);
  return 0;
}

function usage(what: string): RecError {
  return new RecError("REC_USAGE", { what });
}
