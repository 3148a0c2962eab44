/** The heads of a journal's recordings: their first entries, as anybody may have filed them. */
import { RecError } from "../errors.ts";
import { parseMessage } from "../format/parse-message.ts";
import type { Names, Trusted } from "./attribution.ts";
import { type IndexEntry, isRecordingId } from "./journal.ts";
import type { PerSender } from "./per-sender.ts";

export const fields = [
  ...["TLOG_REC", "TLOG_USER", "TLOG_ID", "_HOSTNAME", "_PID", "_BOOT_ID", "REC_EVENT", "REC_COMMAND", "REC_TTY"],
  ...["REC_OUT_BYTES", "REC_DURATION", "SYSLOG_IDENTIFIER", "_UID", "_GID", "_MACHINE_ID"],
];
/** The uids of users begin there; what is below is the host's own, as tlog is. */
const firstUser = 1000;

export interface Found {
  readonly rec: string;
  readonly user: string;
  readonly host: string;
  readonly startedMs: number;
  readonly isOwn: boolean;
  /** The process that wrote the first entry is the one that the id names. */
  readonly isNamed: boolean;
  readonly identifier: string;
  readonly trusted: Trusted;
  readonly sender: string;
  readonly tty: string | null;
  readonly command: string | null;
  readonly cwd: string | null;
}

/** Of several that claim to be a recording's first message, the one of the process that the id names, and of that the installed recorder's. */
export function addHead(heads: PerSender<Found>, head: Found, names: Names): void {
  const known = heads.get(head.rec);
  if (!isRecordingId(head.rec)) return;
  if (known !== undefined && trustOf(head, names) <= trustOf(known, names)) return;
  heads.set(head.rec, head, userOf(head.trusted, names));
}

/** The user whose process sent it, by the kernel's word; null for the installed recorder, and for the host's own. */
export function userOf(trusted: Trusted, names: Names): string | null {
  const { _UID: uid } = trusted;
  return isRecorders(trusted, names) || uid === undefined || Number(uid) < firstUser ? null : uid;
}

function trustOf({ isNamed, trusted }: Found, names: Names): number {
  if (!isNamed) return 0;
  return isRecorders(trusted, names) ? 2 : 1;
}

function isRecorders(trusted: Trusted, names: Names): boolean {
  return trusted["_GID"] !== undefined && trusted["_GID"] === names.recorders(trusted);
}

export function headOf(entry: IndexEntry): Found {
  const rec = text(entry, "TLOG_REC");
  const [boot, pid = ""] = rec.split("-");
  return {
    rec,
    user: text(entry, "TLOG_USER"),
    host: text(entry, "_HOSTNAME"),
    startedMs: timeOf(entry),
    isOwn: text(entry, "REC_EVENT") !== "",
    isNamed: boot === text(entry, "_BOOT_ID") && Number.parseInt(pid, 16) === Number(text(entry, "_PID")),
    identifier: text(entry, "SYSLOG_IDENTIFIER"),
    trusted: trustedOf(entry),
    sender: senderOf(entry),
    tty: text(entry, "REC_TTY") || null,
    command: text(entry, "REC_COMMAND") || null,
    cwd: cwdOf(text(entry, "MESSAGE")),
  };
}

export function trustedOf(entry: IndexEntry): Trusted {
  return Object.fromEntries(["_UID", "_GID", "_MACHINE_ID"].map((name) => [name, entry.value(name)]));
}

/** No field of the entry tells it, only the message. */
function cwdOf(line: string): string | null {
  if (line === "") return null;
  try {
    return parseMessage(line).start?.cwd ?? null;
  } catch (error) {
    if (error instanceof RecError) return null;
    throw error;
  }
}

export function senderOf(entry: IndexEntry): string {
  return ["_BOOT_ID", "_PID", "_UID", "_GID"].map((name) => text(entry, name)).join(" ");
}

export function timeOf(entry: IndexEntry): number {
  return Math.round(Number(text(entry, "__REALTIME_TIMESTAMP")) / 1000);
}

export function text(entry: IndexEntry, name: string): string {
  return entry.value(name) ?? "";
}
