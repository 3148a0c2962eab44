/** The one table of options, and what it says of each program. */
import type { Option, ProgramName, ValueOf } from "./option.ts";
import { playOptions } from "./play-options.ts";
import { recordingOptions } from "./recording-options.ts";

const all = ["rec", "rec-session", "rec-play"] as const;

const generalOptions = [
  {
    path: "configuration",
    type: { kind: "flag" },
    default: false,
    cli: all,
    file: [],
    decidedBy: "user",
    long: "configuration",
    help: "Print the configuration as JSON and exit",
    details: "What all layers together decide, in the syntax of the configuration file.",
  },
  {
    path: "version",
    type: { kind: "flag" },
    default: false,
    cli: all,
    file: [],
    decidedBy: "user",
    short: "v",
    long: "version",
    help: "Print the version and exit",
  },
  {
    path: "help",
    type: { kind: "flag" },
    default: false,
    cli: all,
    file: [],
    decidedBy: "user",
    short: "h",
    long: "help",
    help: "Print this help and exit",
  },
] as const satisfies readonly Option[];

const table = [...recordingOptions, ...playOptions, ...generalOptions] as const;

export const optionTable: readonly Option[] = table;

/** The options that a program has anywhere, in the table's order; a path is there once. */
export function optionsOf(program: ProgramName): readonly Option[] {
  const options = optionTable.filter(({ cli, file }) => cli.includes(program) || file.includes(program));
  return options.map((option) => {
    const defaultText = option.defaultTextIn?.[program] ?? option.defaultText;
    const told = defaultText === undefined ? {} : { defaultText };
    return { ...option, default: option.defaultIn?.[program] ?? option.default, ...told };
  });
}

type Entry = (typeof table)[number];

type EntryOf<Name extends ProgramName, E = Entry> = E extends Entry
  ? Name extends E["cli"][number] | E["file"][number]
    ? E
    : never
  : never;

/** Every option of a program by its path: `settings["log.input"]`. Undefined where nobody decided and the table has no default. */
export type Settings<Name extends ProgramName> = {
  readonly [E in EntryOf<Name> as E["path"]]: ValueOf<E["type"]> | (E["default"] extends undefined ? undefined : never);
};
