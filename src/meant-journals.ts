/** The journals that are meant where none is named: the recordings' own, where this host has one, and the system's. */
import { listJournal } from "./catalog/journal-list.ts";
import { type Filter, newestFirst, type Recording } from "./catalog/recording.ts";
import { RecError } from "./errors.ts";
import { inJournal } from "./journal-source.ts";
import { journalIndex } from "./named-journal.ts";
import { hasOwnJournal, ownNamespace } from "./own-journal.ts";
import { type Journal, journalName } from "./reader/journal.ts";
import type { Source, SourceSettings } from "./source.ts";

/** In the order in which they are looked through: nobody but recorders may write to their own, so that what it has goes before what others wrote. */
export function meantJournals(journal: Journal): Journal[] {
  const isNamed = [journal.namespace, journal.file, journal.directory].some((name) => name !== undefined);
  return isNamed || !hasOwnJournal() ? [journal] : [{ ...journal, namespace: ownNamespace }, journal];
}

/** In words, for messages. */
export function journalNames(journal: Journal): string {
  return meantJournals(journal).map(journalName).join(" or ");
}

/** What all of them hold, newest first. Throws REC_JOURNAL_READ. */
export async function listMeantJournals(journal: Journal, filter: Filter): Promise<Recording[]> {
  const lists = await Promise.all(meantJournals(journal).map((one) => listJournal(journalIndex(one), filter)));
  return newestFirst(lists.flat()).slice(0, filter.limit);
}

/** It is not there, which another place may mend. */
export function isNotFound(error: unknown): boolean {
  return error instanceof RecError && (error.code === "REC_RECORDING_UNKNOWN" || error.code === "REC_RECORDING_NONE");
}

/** The recording in the first of them that has it. Throws as inJournal() does. */
export async function inMeantJournals(
  journal: Journal,
  settings: SourceSettings,
  named: string | undefined,
): Promise<Source> {
  const [own, last] = meantJournals(journal);
  if (own === undefined || last === undefined) return await inJournal(journal, settings, named);
  let missing: RecError;
  try {
    // Who follows would wait here for a recording that the other has.
    const source = await inJournal(own, { ...settings, follow: false }, named);
    // What is asked for by fields, and does not begin here, may be the other's.
    if (source.wanted !== undefined) return source;
    return await inJournal(last, settings, named);
  } catch (error) {
    if (!(error instanceof RecError) || !(isNotFound(error) || error.code === "REC_JOURNAL_READ")) throw error;
    missing = error;
  }
  try {
    return await inJournal(last, { ...settings, follow: false }, named);
  } catch (error) {
    if (!isNotFound(error)) throw isNotFound(missing) ? error : missing;
    if (settings.follow) return await inJournal(own, settings, named);
    if (!isNotFound(missing)) throw missing;
    const place = journalNames(journal);
    const id = named ?? settings["file.match"] ?? settings["journal.match"]?.[0];
    if (id === undefined) throw new RecError("REC_RECORDING_NONE", { place }, error);
    throw new RecError("REC_RECORDING_UNKNOWN", { id, place }, error);
  }
}
