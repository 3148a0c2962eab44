/** What a typescript and the headers of its timing tell of the session. */
import { type ImportHead, sizeOf, startTimeOf, unknownHead } from "./item.ts";

/** Words of the first line, after the date: COMMAND="..." TERM="..." TTY="..." COLUMNS="..." LINES="...". */
const sessionWords =
  /^(?:COMMAND="(.*)" ?)?(?:<not executed on terminal>|TERM="([^"]*)" TTY="([^"]*)" COLUMNS="(\d+)" LINES="(\d+)")$/s;

/** "Script started on DATE [WORDS]", from the first line; headers of an advanced timing go before it. */
export function scriptHead(firstLine: string, headers: ReadonlyMap<string, string>, format: string): ImportHead {
  const [, date = "", words = ""] = /^Script started on ([^[]*?)(?: \[(.*)\])?\n?$/s.exec(firstLine) ?? [];
  const [, command, term, tty, columns, rows] = sessionWords.exec(words) ?? [];
  const told = headers.get("COMMAND") ?? command;
  return {
    ...unknownHead,
    format,
    startedMs: startTimeOf(momentOf(headers.get("START_TIME") ?? date)),
    term: headers.get("TERM") ?? term ?? null,
    tty: headers.get("TTY") ?? tty ?? null,
    columns: sizeOf(Number(headers.get("COLUMNS") ?? columns)),
    rows: sizeOf(Number(headers.get("LINES") ?? rows)),
    command: told === undefined ? null : [told],
  };
}

/** ISO 8601 with a zone, as script writes it since 2.35; dates of other makers are in their own language. */
function momentOf(date: string): number | null {
  const [, day, hours, zone] = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)([+-]\d\d:\d\d)$/.exec(date.trim()) ?? [];
  const ms = day === undefined ? Number.NaN : Date.parse(`${day}T${hours}${zone}`);
  return Number.isNaN(ms) ? null : ms;
}

/** "Script done on DATE [COMMAND_EXIT_CODE="0"]", after all that was shown; null for anything else. */
export function scriptExit(rest: string): { readonly exit: number | null } | null {
  const [line, code] = /^\n?Script done on [^\n]*?(?:\[COMMAND_EXIT_CODE="(\d{1,3})"\])?\n?$/.exec(rest) ?? [];
  return line === undefined ? null : { exit: exitOf(code) };
}

/** script tells 128 + n where signal n ended the program, as a shell does: it cannot be told from an exit. */
export function exitOf(code: string | undefined): number | null {
  return code !== undefined && /^\d{1,3}$/.test(code) && Number(code) < 256 ? Number(code) : null;
}
