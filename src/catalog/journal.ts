/** The recordings of a journal: found by its indexed fields, never by reading messages. */
import { RecError } from "../errors.ts";
import { formatDate } from "./date.ts";

/** A journal, as far as the catalog asks it. */
export interface JournalIndex {
  /** In words, for messages. */
  readonly name: string;
  /** The entries that match, oldest first unless reversed; each is valid until the next is asked for. */
  entries(query: IndexQuery): AsyncIterable<IndexEntry>;
  /** Every value of a field, whatever entry it is in. */
  values(name: string): Promise<readonly string[]>;
}

export interface IndexQuery {
  /** As journalctl takes them. */
  readonly matches: readonly string[];
  readonly fields: readonly string[];
  readonly isReversed?: boolean;
  readonly limit?: number;
}

export interface IndexEntry {
  value(name: string): Buffer | undefined;
}

/** Which recording: what its first entry says. */
export interface JournalHead {
  readonly rec: string;
  readonly user: string;
  /** When journald took it, milliseconds since the epoch. */
  readonly startedMs: number;
}

/** Recordings that could be meant are listed up to here. */
const maxListed = 10;
const headFields = ["TLOG_REC", "TLOG_USER"];
export const firstMessage = "TLOG_ID=1";

/** The recording whose id is that, or the only one with such a part. Throws REC_RECORDING_UNKNOWN, REC_RECORDINGS_MANY. */
export async function findInJournal(journal: JournalIndex, wanted: string): Promise<string> {
  const ids = await journal.values("TLOG_REC");
  if (ids.includes(wanted)) return wanted;
  const found = wanted === "" ? [] : ids.filter((id) => id.startsWith(wanted) || id.includes(`-${wanted}`));
  const [only, second] = found;
  if (only === undefined) throw new RecError("REC_RECORDING_UNKNOWN", { id: wanted, folder: journal.name });
  if (second === undefined) return only;
  // One journal knows the boots of many: the names alone tell a person nothing.
  const listed = found.slice(0, 100).map((id) => `TLOG_REC=${id}`);
  throw many(await headsOf(journal, [firstMessage, ...listed]), found.length, wanted);
}

/** The recording that began last, null where there is none. */
export async function newestInJournal(journal: JournalIndex): Promise<string | null> {
  for await (const entry of journal.entries({
    matches: [firstMessage],
    fields: headFields,
    isReversed: true,
    limit: 1,
  })) {
    return headOf(entry).rec;
  }
  return null;
}

/** Every recording that begins with an entry that matches, by id, oldest first. */
export async function headsOf(journal: JournalIndex, matches: readonly string[]): Promise<JournalHead[]> {
  const heads = new Map<string, JournalHead>();
  for await (const entry of journal.entries({ matches, fields: headFields })) {
    const head = headOf(entry);
    if (!heads.has(head.rec)) heads.set(head.rec, head);
  }
  return [...heads.values()];
}

function headOf(entry: IndexEntry): JournalHead {
  const text = (name: string): string => entry.value(name)?.toString() ?? "";
  return { rec: text("TLOG_REC"), user: text("TLOG_USER"), startedMs: Number(text("__REALTIME_TIMESTAMP")) / 1000 };
}

/** The failure that names the newest of those that could be meant. */
export function many(heads: readonly JournalHead[], count: number, wanted: string): RecError {
  const listed = heads
    .slice(-maxListed)
    .map(({ rec, user, startedMs }) => `${rec} (${user}, ${formatDate(startedMs)})`);
  const more = count - listed.length;
  const list = `${listed.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
  return new RecError("REC_RECORDINGS_MANY", { count, id: wanted, list });
}
