/** Listing: the recordings that one file holds. */
import { listRecordingFile } from "./catalog/file-list.ts";
import { listJournal } from "./catalog/journal-list.ts";
import type { Filter, Recording } from "./catalog/recording.ts";
import { hasJournalSignature, journalIndex } from "./named-journal.ts";
import { openFileReader } from "./reader/file.ts";

/** The recordings of a file, whatever its format. */
export async function listFile(path: string, filter: Filter): Promise<Recording[]> {
  if (hasJournalSignature(path)) return await listJournal(journalIndex({ file: path }), filter);
  const reader = await openFileReader(path);
  return await listRecordingFile(reader.lines(), path, filter);
}
