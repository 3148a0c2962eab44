/** The recordings of a journal: found by its indexed fields, never by reading messages. */
import { RecError } from "../errors.ts";
import { isWholeId, matchesId } from "../format/recording-id.ts";
import { ambiguity, type Candidate } from "./ambiguity.ts";

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

/** Longer ones no recorder makes; argument lists have an end. */
const maxIdLength = 1000;
const headFields = ["TLOG_REC", "TLOG_USER"];
export const firstMessage = "TLOG_ID=1";

/** Anyone may file an entry under any id: one that journalctl cannot be asked for, as no argument can hold it, is no recording. */
export function isRecordingId(rec: string): boolean {
  return rec !== "" && rec.length <= maxIdLength && !rec.includes("\0");
}

/** The recording whose id is that, or the only one with such a part. Throws REC_RECORDING_UNKNOWN, REC_RECORDINGS_MANY. */
export async function findInJournal(journal: JournalIndex, wanted: string): Promise<string> {
  const ids = (await journal.values("TLOG_REC")).filter(isRecordingId);
  // Anyone may write under an id that is another's part: only a whole id is taken at its word.
  if (ids.includes(wanted) && isWholeId(wanted)) return wanted;
  const found = wanted === "" ? [] : ids.filter((id) => id === wanted || matchesId(id, wanted));
  const [only, second] = found;
  if (only === undefined) throw new RecError("REC_RECORDING_UNKNOWN", { id: wanted, place: journal.name });
  if (second === undefined) return only;
  // One journal knows the boots of many: the names alone tell a person nothing.
  const listed = found.slice(0, 100).map((id) => `TLOG_REC=${id}`);
  throw ambiguity(await headsOf(journal, [firstMessage, ...listed]), found.length, wanted);
}

/** The recording that began last, null where there is none. */
export async function newestInJournal(journal: JournalIndex): Promise<string | null> {
  for await (const entry of journal.entries({
    matches: [firstMessage],
    fields: headFields,
    isReversed: true,
  })) {
    const { rec } = headOf(entry);
    // Other programs may use the field.
    if (isRecordingId(rec)) return rec;
  }
  return null;
}

/** Every recording that begins with an entry that matches, by id, oldest first. */
export async function headsOf(journal: JournalIndex, matches: readonly string[]): Promise<Candidate[]> {
  const heads = new Map<string, Candidate>();
  for await (const entry of journal.entries({ matches, fields: headFields })) {
    const head = headOf(entry);
    if (isRecordingId(head.rec) && !heads.has(head.rec)) heads.set(head.rec, head);
  }
  return [...heads.values()];
}

function headOf(entry: IndexEntry): Candidate {
  const text = (name: string): string => entry.value(name)?.toString() ?? "";
  return { rec: text("TLOG_REC"), user: text("TLOG_USER"), startedMs: Number(text("__REALTIME_TIMESTAMP")) / 1000 };
}
