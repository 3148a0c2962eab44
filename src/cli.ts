/** The end of every command that failed: the only place that prints errors and decides the exit status by them. */
import { RecError } from "./errors.ts";
import { printable } from "./printable.ts";

/**
 * Tells the error in one sentence, and the remedy on a second line; returns the exit status. `command` is whose help and pages the
 * remedy names, where that is not the program: one of its commands.
 */
export function report(
  program: string,
  error: unknown,
  write: (text: string) => void,
  isDebugging = process.env["REC_DEBUG"] !== undefined,
  command = program,
): number {
  write(`${lines(program, error, command).join("\n")}\n`);
  if (isDebugging) write(`${stackOf(error)}\n`);
  return error instanceof RecError ? error.status : 1;
}

function lines(program: string, error: unknown, command: string): string[] {
  const name = printable(program);
  if (!(error instanceof RecError)) return [`${name}: internal error: ${bugOf(error)}`];
  const sentence = `${name}: ${error.message}`;
  return error.remedy === undefined ? [sentence] : [sentence, error.remedy.replaceAll("{program}", printable(command))];
}

/** What was thrown and the place in our sources, on one line: enough to report it, without a stack in a user's face. */
function bugOf(error: unknown): string {
  if (!(error instanceof Error)) return printable(String(error));
  const place = error.stack?.split("\n").find((line) => /^ {4}at /.test(line));
  return printable(`${error.name}: ${error.message}${place === undefined ? "" : ` (${place.trim()})`}`);
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return printable(String(error));
  const own = (error.stack ?? error.message).split("\n").map(printable).join("\n");
  return error.cause === undefined ? own : `${own}\ncaused by: ${stackOf(error.cause)}`;
}
