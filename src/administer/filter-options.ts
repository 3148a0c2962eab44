/** The options that say which recordings are wanted. */
import { filterBy } from "../catalog/filter.ts";
import type { Filter } from "../catalog/recording.ts";
import type { CommandOption } from "../config/option.ts";
import { duration, moment } from "./option-type.ts";
import type { ValuesOf } from "./subcommand.ts";

export const filterOptions = [
  {
    path: "user",
    type: { kind: "string" },
    short: "u",
    long: "user",
    placeholder: "NAME",
    help: "Recordings of this user",
  },
  {
    path: "host",
    type: { kind: "string" },
    long: "host",
    placeholder: "NAME",
    help: "Recordings of this host",
  },
  {
    path: "command",
    type: { kind: "string" },
    short: "c",
    long: "command",
    placeholder: "REGEX",
    help: "Recordings of commands that match",
    details: "The command and its arguments, with a blank between each; of a login that is the shell.",
  },
  {
    path: "since",
    type: moment,
    short: "S",
    long: "since",
    placeholder: "TIME",
    help: "Recordings that began then or later",
  },
  {
    path: "until",
    type: moment,
    short: "U",
    long: "until",
    placeholder: "TIME",
    help: "Recordings that began then or earlier",
  },
  {
    path: "minDuration",
    type: duration,
    long: "min-duration",
    placeholder: "TIME",
    help: "Recordings that took so long or longer",
  },
  {
    path: "match",
    type: { kind: "string" },
    long: "match",
    placeholder: "EXPR",
    help: "Recordings that the expression is true of",
    details:
      "As sudoreplay(8) has them: user NAME, host NAME, tty NAME, command REGEX, cwd DIR, fromdate TIME, todate TIME, each as short as it stays unique, combined by and (which may be left out), or, ! and parentheses. What stands first is combined first. A value with blanks stands in quotes.",
  },
] as const satisfies readonly CommandOption[];

export function filterOf(values: ValuesOf<typeof filterOptions>): Filter {
  const { since: sinceMs, until: untilMs, minDuration: minDurationMs, ...criteria } = values;
  return filterBy({ ...criteria, sinceMs, untilMs, minDurationMs }, Date.now());
}
