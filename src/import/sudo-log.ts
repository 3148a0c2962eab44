/** The log of a sudo I/O log folder: log.json, or the three lines of older versions (sudoers(5), I/O log files). */
import { fieldsOf, parseJson } from "./asciicast-header.ts";
import { type ImportHead, sizeOf, startTimeOf, textOf, unknownHead } from "./item.ts";

export interface SudoLog {
  readonly head: ImportHead;
  readonly exit: number | null;
  readonly signal: string | null;
}

/** Null for what is no such object. */
export function parseLogJson(text: string): SudoLog | null {
  const fields = fieldsOf(parseJson(text));
  const user = textOf(fields["submituser"]);
  const command = textOf(fields["command"]);
  if (user === null || command === null) return null;
  const { runargv: argv, runenv } = fields;
  const rest = Array.isArray(argv) ? argv.slice(1).filter((argument) => typeof argument === "string") : [];
  const { seconds, nanoseconds = 0 } = fieldsOf(fields["timestamp"]);
  const isTime = isCount(seconds) && isCount(nanoseconds);
  const term = Array.isArray(runenv)
    ? runenv.find((entry) => typeof entry === "string" && entry.startsWith("TERM="))
    : null;
  const exit = fields["exit_value"];
  const signal = textOf(fields["signal"]);
  const tty = textOf(fields["ttyname"]);
  return {
    head: {
      ...unknownHead,
      format: "sudo",
      startedMs: startTimeOf(isTime ? seconds * 1000 + Math.floor(nanoseconds / 1e6) : null),
      user,
      host: textOf(fields["submithost"]),
      term: textOf(term)?.slice("TERM=".length) ?? null,
      // Without a terminal sudo writes 80 and 24.
      columns: tty === null ? null : sizeOf(fields["columns"]),
      rows: tty === null ? null : sizeOf(fields["lines"]),
      command: [command, ...rest],
      cwd: textOf(fields["submitcwd"]),
      tty,
      id: textOf(fields["uuid"]),
      title: titleOf(textOf(fields["runuser"]), textOf(fields["rungroup"])),
    },
    exit: isCount(exit) && exit < 256 && signal === null ? exit : null,
    signal: signal !== null && /^[A-Z0-9+]+$/.test(signal) ? `SIG${signal}` : null,
  };
}

/** "time:user:run user:run group:tty:lines:columns", the working directory, the command. */
export function parseLogLines(text: string): SudoLog | null {
  const [first = "", cwd, command] = text.split("\n");
  const [, time, user, runUser, runGroup, tty, rows, columns] =
    /^(\d{1,12}):([^:]*):([^:]*):([^:]*):([^:]*)(?::(\d+):(\d+))?$/.exec(first) ?? [];
  if (time === undefined || user === undefined || command === undefined) return null;
  const head: ImportHead = {
    ...unknownHead,
    format: "sudo",
    startedMs: startTimeOf(Number(time) * 1000),
    user,
    columns: tty === "unknown" ? null : sizeOf(Number(columns)),
    rows: tty === "unknown" ? null : sizeOf(Number(rows)),
    command: [command],
    cwd: cwd ?? null,
    tty: tty === "unknown" ? null : (tty ?? null),
    title: titleOf(runUser ?? null, runGroup ?? null),
  };
  return { head, exit: null, signal: null };
}

/** Whom the command ran as, which no field of a recording tells. */
function titleOf(user: string | null, group: string | null): string | null {
  const parts = [user ? `user ${user}` : "", group ? `group ${group}` : ""].filter((part) => part !== "");
  return parts.length === 0 ? null : `run as ${parts.join(", ")}`;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
