/** The list of a journal's recordings, from the first and last entry of each. */
import { RecError } from "../errors.ts";
import { parseMessage } from "../format/parse-message.ts";
import { Names, type Trusted } from "./attribution.ts";
import { firstMessage, type IndexEntry, isRecordingId, type JournalIndex, maxIdLength } from "./journal.ts";
import { accepts, admits, type Filter, newestFirst, type Recording, stateOf } from "./recording.ts";

const fields = [
  ...["TLOG_REC", "TLOG_USER", "TLOG_ID", "_HOSTNAME", "_PID", "_BOOT_ID", "REC_EVENT", "REC_COMMAND", "REC_TTY"],
  ...["REC_OUT_BYTES", "REC_DURATION", "SYSLOG_IDENTIFIER", "_UID", "_GID", "_MACHINE_ID"],
];
/** How many journalctl run at a time, and how many recordings are asked for one by one. */
const atOnce = 4;
const maxAsked = 500;
/** How many recordings are asked for at once, and how many of their newest entries are looked at. */
const batchLength = 50;
const batchEntries = 1000;

interface Found {
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

interface End {
  /** Null where the entry tells no such number: anyone may have written it. */
  readonly durationMs: number | null;
  readonly bytes: number | null;
}

/** Newest first. A recording whose first message is missing is not found when a user or times are asked for. */
export async function listJournal(journal: JournalIndex, filter: Filter): Promise<Recording[]> {
  const names = new Names();
  const { heads, ends } = await readIndex(journal, filter, names);
  if (filter.user === undefined && filter.sinceMs === undefined && filter.untilMs === undefined) {
    await addHeadless(journal, heads, names);
  }
  const all = [...heads.values()].filter((head) => admits(filter, head));
  all.sort((a, b) => b.startedMs - a.startedMs);
  // What the filter accepts is known only of the whole.
  const listed = filter.accepts === undefined ? all.slice(0, filter.limit) : all;
  const unended = listed.filter((head) => endOf(head, ends) === undefined).map(({ rec }) => rec);
  const lasts = await lastTimes(journal, unended);
  names.prepare(listed.map(({ trusted }) => trusted));
  const found = listed.map((head) =>
    recordingOf(
      head,
      endOf(head, ends),
      lasts.get(head.rec),
      names.attribute(head, head.trusted)?.by ?? null,
      journal.name,
    ),
  );
  return newestFirst(found.filter((recording) => accepts(filter, recording))).slice(0, filter.limit);
}

/** When the last entry of each came. Of many at once first; then one by one of those that the newest entries do not reach. */
async function lastTimes(journal: JournalIndex, recs: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const lasts = new Map<string, number>();
  const ask = async (batch: readonly string[], limit: number): Promise<void> => {
    const rest = new Set(batch);
    const matches = batch.map((rec) => `TLOG_REC=${rec}`);
    for await (const entry of journal.entries({ matches, fields: ["TLOG_REC"], isReversed: true, limit })) {
      const rec = text(entry, "TLOG_REC");
      if (rest.delete(rec)) lasts.set(rec, timeOf(entry));
      if (rest.size === 0) break;
    }
  };
  const batches = Array.from({ length: Math.ceil(recs.length / batchLength) }, (_, index) =>
    recs.slice(index * batchLength, (index + 1) * batchLength),
  );
  await inParallel(batches, async (batch) => await ask(batch, batchEntries));
  const rest = recs.filter((rec) => !lasts.has(rec)).slice(0, maxAsked);
  await inParallel(rest, async (rec) => await ask([rec], 1));
  return lasts;
}

/** One pass over the entries that begin or end a recording. */
async function readIndex(
  journal: JournalIndex,
  { user, wantsCwd }: Filter,
  names: Names,
): Promise<{ heads: Map<string, Found>; ends: Map<string, End> }> {
  const heads = new Map<string, Found>();
  // By sender too: who floods a recording with ends of his own must not push out the true one.
  const ends = new Map<string, End>();
  const also = user === undefined ? [] : [`TLOG_USER=${user}`];
  const matches = [firstMessage, ...also, "+", "REC_EVENT=end", ...also];
  const wanted = wantsCwd === true ? { fields: [...fields, "MESSAGE"], isWhole: true } : { fields };
  for await (const entry of journal.entries({ matches, ...wanted })) {
    if (text(entry, "TLOG_ID") === "1") addHead(heads, headOf(entry), names);
    if (text(entry, "REC_EVENT") !== "end") continue;
    const rec = text(entry, "TLOG_REC");
    const end = {
      durationMs: numberOf(entry, "REC_DURATION"),
      bytes: numberOf(entry, "REC_OUT_BYTES"),
    };
    ends.set(`${rec} ${senderOf(entry)}`, end);
  }
  return { heads, ends };
}

/** Of several that claim to be a recording's first message, the one of the process that the id names, and of that the installed recorder's. */
function addHead(heads: Map<string, Found>, head: Found, names: Names): void {
  const known = heads.get(head.rec);
  if (!isRecordingId(head.rec)) return;
  if (known === undefined || trustOf(head, names) > trustOf(known, names)) heads.set(head.rec, head);
}

function trustOf({ isNamed, trusted }: Found, names: Names): number {
  if (!isNamed) return 0;
  return trusted["_GID"] !== undefined && trusted["_GID"] === names.recorders(trusted) ? 2 : 1;
}

/** The recordings whose first message never came, by the earliest that did. */
async function addHeadless(journal: JournalIndex, heads: Map<string, Found>, names: Names): Promise<void> {
  const missing: string[] = [];
  for await (const rec of journal.values("TLOG_REC", maxIdLength)) {
    if (isRecordingId(rec) && !heads.has(rec)) missing.push(rec);
    if (missing.length === maxAsked) break;
  }
  await inParallel(missing, async (rec) => {
    for await (const entry of journal.entries({ matches: [`TLOG_REC=${rec}`], fields })) {
      addHead(heads, headOf(entry), names);
      break;
    }
  });
}

async function inParallel<Item>(items: readonly Item[], act: (item: Item) => Promise<void>): Promise<void> {
  const rest = items[Symbol.iterator]();
  const work = async (): Promise<void> => {
    for (const item of rest) await act(item);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}

function headOf(entry: IndexEntry): Found {
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
    trusted: Object.fromEntries(["_UID", "_GID", "_MACHINE_ID"].map((name) => [name, entry.value(name)])),
    sender: senderOf(entry),
    tty: text(entry, "REC_TTY") || null,
    command: text(entry, "REC_COMMAND") || null,
    cwd: cwdOf(text(entry, "MESSAGE")),
  };
}

/** Anyone may write an end: it counts if who wrote the beginning wrote it. */
function endOf({ rec, sender }: Found, ends: ReadonlyMap<string, End>): End | undefined {
  return ends.get(`${rec} ${sender}`);
}

function recordingOf(
  head: Found,
  end: End | undefined,
  lastMs: number | undefined,
  by: string | null,
  source: string,
): Recording {
  const { rec, user, host, startedMs, isOwn, tty, command, cwd } = head;
  const durationMs = end?.durationMs ?? (lastMs === undefined ? null : Math.max(0, lastMs - startedMs));
  const state = stateOf(rec, end !== undefined, isOwn);
  return { rec, user, host, startedMs, durationMs, bytes: end?.bytes ?? null, tty, command, cwd, state, by, source };
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

function senderOf(entry: IndexEntry): string {
  return ["_BOOT_ID", "_PID", "_UID", "_GID"].map((name) => text(entry, name)).join(" ");
}

function numberOf(entry: IndexEntry, name: string): number | null {
  const digits = text(entry, name);
  return /^\d+$/.test(digits) && Number.isSafeInteger(Number(digits)) ? Number(digits) : null;
}

function timeOf(entry: IndexEntry): number {
  return Math.round(Number(text(entry, "__REALTIME_TIMESTAMP")) / 1000);
}

function text(entry: IndexEntry, name: string): string {
  return entry.value(name) ?? "";
}
