/** recctl: runs the subcommand that its command line names. */
import { RecError } from "../errors.ts";
import { version } from "../version.ts";
import type { Context } from "./context.ts";
import { readCommandLine } from "./program.ts";
import type { Operands } from "./subcommand.ts";
import { subcommandNames } from "./table.ts";

/** Runs what its words say; the result is the exit status. Throws a RecError. */
export async function administer(context: Context): Promise<number> {
  const { subcommand, values, operands } = await readCommandLine(context.args);
  if (values["help"] === true) {
    const { helpText, subcommandHelpText } = await import("./help.ts");
    return await answer(context, subcommand === null ? await helpText() : subcommandHelpText(subcommand));
  }
  if (subcommand === null) {
    if (values["version"] === true) return await answer(context, `recctl ${version}\n`);
    throw usage(`no command was given: expected ${subcommandNames.join(", ")}`);
  }
  checkOperands(subcommand, operands);
  return await subcommand.run(context, values, operands);
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
