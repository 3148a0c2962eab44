/** The options that say who is to be recorded, or no longer. */
import type { CommandOption } from "../config/option.ts";
import { RecError } from "../errors.ts";
import { methodNames } from "../site/method.ts";
import type { Scope } from "../site/scope.ts";
import type { ValuesOf } from "./subcommand.ts";

export const whoOptions = [
  {
    path: "user",
    type: { kind: "list" },
    short: "u",
    long: "user",
    placeholder: "NAME",
    help: "This user; may be given again",
  },
  {
    path: "group",
    type: { kind: "list" },
    short: "g",
    long: "group",
    placeholder: "NAME",
    help: "The members of this group; may be given again",
  },
  { path: "all", type: { kind: "flag" }, short: "a", long: "all", help: "Everyone" },
] as const satisfies readonly CommandOption[];

export const howOptions = [
  {
    path: "method",
    type: { kind: "choice", choices: methodNames },
    short: "m",
    long: "method",
    placeholder: "NAME",
    help: "By this method: sssd, shell or forcecommand",
  },
  {
    path: "dry-run",
    type: { kind: "flag" },
    short: "n",
    long: "dry-run",
    help: "Print what would be changed, and change nothing",
  },
] as const satisfies readonly CommandOption[];

export function namesNobody({ user = [], group = [], all }: ValuesOf<typeof whoOptions>): boolean {
  return user.length + group.length === 0 && !all;
}

/** Who is meant; throws REC_USAGE where nobody is, or both everyone and some. */
export function subjectsOf(values: ValuesOf<typeof whoOptions>): Scope {
  const { user = [], group = [], all } = values;
  const isNamed = user.length + group.length > 0;
  if (isNamed === all) {
    const what = all
      ? "--all is everyone: it stands without --user and --group"
      : "who is meant? give --user, --group or --all";
    throw new RecError("REC_USAGE", { what });
  }
  return { isAll: all, users: [...user], groups: [...group], excludedUsers: [], excludedGroups: [] };
}
