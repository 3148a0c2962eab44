/** The catalog: what recordings there are. */
import { stat } from "node:fs/promises";
import { listRecordingFolder } from "../catalog/file-list.ts";
import { type Criteria, filterBy } from "../catalog/filter.ts";
import { formatRecordingName, type RecordingName } from "../catalog/name.ts";
import type { Recording } from "../catalog/recording.ts";
import { listFile } from "../listing.ts";
import { listMeantJournals } from "../meant-journals.ts";
import { journalAt, type Place, pathOf } from "./place.ts";

/** Which recordings of a place are wanted, and how many. */
export interface ListOptions extends Criteria {
  /** So many of the newest at most. */
  readonly limit?: number;
  /** What times such as yesterday in `match` are relative to, milliseconds since the epoch; the present without it. */
  readonly nowMs?: number;
  /** Told, in a sentence, what is left out of a journal's list because one sender filed more than 20 000 recordings. */
  readonly notice?: (sentence: string) => void;
}

/**
 * The recordings of a place that meet all criteria, newest first; what tells no start comes last.
 *
 * Of a folder only the first and the last line of each file are read, of a journal only indexed fields; a single file is read as a
 * whole. Times and durations are in milliseconds. Names and commands are what the recorded user made them: escape them before a
 * terminal shows them. In a journal anyone may write: what a list tells of a recording is to be believed no more than its sender.
 *
 * Throws RecError: REC_FILE_READ where the path cannot be read, REC_RECORDING_NONE for a folder that is gone meanwhile,
 * REC_RECORDING_EMPTY and REC_RECORDING_FORMAT for a file without recordings, REC_JOURNAL_READ, REC_MATCH, REC_PATTERN, REC_USAGE.
 *
 * @example
 * for (const { rec, user, startedMs } of await catalog.list("/var/log/rec-session", { user: "alice", limit: 10 })) ...
 */
export async function list(place: Place, options: ListOptions = {}): Promise<Recording[]> {
  const { limit, nowMs = Date.now(), notice, ...criteria } = options;
  const filter = { ...filterBy(criteria, nowMs), limit, notice };
  if (typeof place !== "string") return await listMeantJournals(journalAt(place), filter);
  const path = pathOf(place);
  return (await isFolder(path)) ? await listRecordingFolder(path, filter) : await listFile(path, filter);
}

/**
 * The name that a recording's file has in a folder, `YYYY-MM-DDTHH-MM-SSZ_USER_REC.jsonl` in UTC: by it the folder is sorted, and
 * the recording found by its id. Bytes that could mean something to a shell or a terminal are %HH in it; it has 255 bytes at most.
 *
 * @example
 * const path = join(folder, catalog.fileName({ startedMs: Date.now(), user: "alice", rec: "demo-1" }));
 */
export function fileName(name: RecordingName): string {
  return formatRecordingName(name);
}

/** Who looks for a file that is not there is told by the one who opens it. */
async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}
