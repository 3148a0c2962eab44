/** The options that say which recordings are wanted. */
import type { Filter } from "../catalog/recording.ts";
import type { CommandOption } from "../config/option.ts";
import { count, moment } from "./option-type.ts";
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
  { path: "limit", type: count, short: "n", long: "limit", placeholder: "COUNT", help: "The newest so many" },
] as const satisfies readonly CommandOption[];

export function filterOf({ user, since, until, limit }: ValuesOf<typeof filterOptions>): Filter {
  return { user, sinceMs: since, untilMs: until, limit };
}
