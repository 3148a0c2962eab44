/** The programs, under our names and under tlog's: where each finds its configuration. */
import { ownJournalFile } from "../own-journal.ts";
import type { ProgramName, Value } from "./option.ts";

export interface Program<Name extends ProgramName = ProgramName> {
  /** Whose options it has. */
  readonly name: Name;
  /** The name it was called by, for messages: "tlog-rec". */
  readonly invokedAs: string;
  /** The administrator's file; it may be absent. */
  readonly systemPath: string;
  /** Of tlog's program: ours, which counts where tlog's own file is absent. */
  readonly insteadPath: string | undefined;
  /** What recctl enable says of where this program records, below what the administrator's file says. */
  readonly enabledPath: string | undefined;
  /** PREFIX_CONF_FILE and PREFIX_CONF_TEXT are read; null: no variables are. */
  readonly environmentPrefix: "REC" | "REC_SESSION" | "TLOG_REC" | "TLOG_REC_SESSION" | null;
  /** Called by tlog's name: what only tlog has is ignored in its files, not refused. */
  readonly isTlog: boolean;
  /** Options may follow positional arguments. */
  readonly isPermuting: boolean;
  /** Defaults that differ from the table's. */
  readonly defaults: Readonly<Record<string, Value>>;
}

const programs = [
  own("rec", "REC", false),
  own("rec-session", "REC_SESSION", false),
  own("rec-play", null, true),
  tlog("rec", "tlog-rec", "TLOG_REC", false, { writer: ["file"] }),
  tlog("rec-session", "tlog-rec-session", "TLOG_REC_SESSION", false),
  tlog("rec-play", "tlog-play", null, true),
];

/** The program `own`, or its tlog form when it was invoked so; argv0 may have a folder, a login dash and "-shell-...". */
export function programNamed<Name extends ProgramName>(argv0: string, own: Name): Program<Name> {
  // The part after "-shell-" has escaped dashes but no slashes, so the folder can be cut first.
  const base = argv0.slice(argv0.lastIndexOf("/") + 1).replace(/^-/, "");
  const name = base.replace(/-shell-.*$/s, "");
  const found = programs.find((program) => program.invokedAs === name && program.name === own);
  return (found ?? programs.find((program) => program.name === own)) as Program<Name>;
}

function own(name: ProgramName, environmentPrefix: Program["environmentPrefix"], isPermuting: boolean): Program {
  const systemPath = ownPath(name);
  const insteadPath = undefined;
  return {
    name,
    invokedAs: name,
    systemPath,
    insteadPath,
    enabledPath: enabledPath(name),
    environmentPrefix,
    isTlog: false,
    isPermuting,
    defaults: {},
  };
}

function ownPath(name: ProgramName): string {
  return `/etc/rec-session/${name}.conf`;
}

/** Of those whose sessions it enables alone: who else records may not write to the recordings' own journal. */
function enabledPath(name: ProgramName): string | undefined {
  return name === "rec-session" ? ownJournalFile : undefined;
}

function tlog(
  name: ProgramName,
  invokedAs: string,
  environmentPrefix: Program["environmentPrefix"],
  isPermuting: boolean,
  defaults: Program["defaults"] = {},
): Program {
  const systemPath = `/etc/tlog/${invokedAs}.conf`;
  const insteadPath = ownPath(name);
  return {
    name,
    invokedAs,
    systemPath,
    insteadPath,
    enabledPath: enabledPath(name),
    environmentPrefix,
    isTlog: true,
    isPermuting,
    defaults,
  };
}
