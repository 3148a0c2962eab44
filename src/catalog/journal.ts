/** The recordings of a journal: found by its indexed fields, never by reading messages. */
import { RecError } from "../errors.ts";
import { isWholeId, matchesId } from "../format/recording-id.ts";
import { ambiguity, type Candidate } from "./ambiguity.ts";

/** A journal, as far as the catalog asks it. */
export interface JournalIndex {
  /** In words, for messages. */
  readonly name: string;
  /** The entries that match, oldest first unless reversed. */
  entries(query: IndexQuery): AsyncIterable<IndexEntry>;
  /** Every value of a field, whatever entry it is in, but longer ones than `maxBytes`. */
  values(name: string, maxBytes: number): AsyncIterable<string>;
}

export interface IndexQuery {
  /** As journalctl takes them. */
  readonly matches: readonly string[];
  readonly fields: readonly string[];
  readonly isReversed?: boolean;
  readonly limit?: number;
  /** Also values of 4 KB and more, which are undefined else. */
  readonly isWhole?: boolean;
}

export interface IndexEntry {
  value(name: string): string | undefined;
}

/** Longer ones no recorder makes; argument lists have an end. */
export const maxIdLength = 1000;
/** More recordings with the same part of an id are counted and not named. */
const maxListed = 100;
const headFields = ["TLOG_REC", "TLOG_USER"];
export const firstMessage = "TLOG_ID=1";

/** Anyone may file an entry under any id: one that journalctl cannot be asked for, as no argument can hold it, is no recording. */
export function isRecordingId(rec: string): boolean {
  return rec !== "" && rec.length <= maxIdLength && !rec.includes("\0");
}

/** The recording whose id is that, or the only one with such a part. Throws REC_RECORDING_UNKNOWN, REC_RECORDINGS_MANY. */
export async function findInJournal(journal: JournalIndex, wanted: string): Promise<string> {
  // Anyone may write under an id that is another's part: only a whole id is taken at its word.
  if (isWholeId(wanted) && (await isThere(journal, wanted))) return wanted;
  const found: string[] = [];
  let count = 0;
  for await (const id of journal.values("TLOG_REC", maxIdLength)) {
    if (wanted === "" || !isRecordingId(id) || !(id === wanted || matchesId(id, wanted))) continue;
    count++;
    if (count <= maxListed) found.push(id);
  }
  const [only] = found;
  if (only === undefined) throw new RecError("REC_RECORDING_UNKNOWN", { id: wanted, place: journal.name });
  if (count === 1) return only;
  // One journal knows the boots of many: the names alone tell a person nothing.
  const listed = found.map((id) => `TLOG_REC=${id}`);
  throw ambiguity(await headsOf(journal, [firstMessage, ...listed]), count, wanted);
}

async function isThere(journal: JournalIndex, rec: string): Promise<boolean> {
  for await (const _ of journal.entries({ matches: [`TLOG_REC=${rec}`], fields: ["TLOG_REC"], limit: 1 })) return true;
  return false;
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
  const text = (name: string): string => entry.value(name) ?? "";
  return { rec: text("TLOG_REC"), user: text("TLOG_USER"), startedMs: Number(text("__REALTIME_TIMESTAMP")) / 1000 };
}
