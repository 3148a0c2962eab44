/** The one recording that a command is given: found in the places that are named, read through the sieve, decoded. */
import { RecError } from "../errors.ts";
import { findSource } from "../finding.ts";
import { matchesId } from "../format/recording-id.ts";
import { listFile } from "../listing.ts";
import { isNotFound } from "../meant-journals.ts";
import { OpenedRecording } from "../opened.ts";
import { nowhere, type Source, type SourceSettings } from "../source.ts";
import type { Context } from "./context.ts";
import type { Places } from "./place-options.ts";

export interface OneRecording {
  readonly source: Source;
  readonly opened: OpenedRecording;
}

/**
 * Opens the recording that `wanted` means: a path, an id or a part of it. Throws REC_RECORDING_UNKNOWN, REC_RECORDINGS_MANY and what
 * reading throws.
 */
export async function openRecording(context: Context, places: Places, wanted: string): Promise<OneRecording> {
  const source = await findRecording(context, places, wanted);
  return { source, opened: await openSource(source) };
}

/** Opens a recording that was found, to be read once. */
export async function openSource(source: Source): Promise<OpenedRecording> {
  return await OpenedRecording.open(source, { isFollowing: false, keepsEntries: false });
}

async function findRecording(context: Context, places: Places, wanted: string): Promise<Source> {
  const missing: unknown[] = [];
  for (const { settings, operands } of await candidates(places, wanted)) {
    try {
      return await findSource({ ...nowhere, ...settings }, operands, context.environment, context.siteFolder);
    } catch (error) {
      // The next place may have it.
      if (!isNotFound(error)) throw error;
      missing.push(error);
    }
  }
  const { folder = [], file = [] } = places;
  if (missing[0] !== undefined && missing.length === 1 && file.length === 0) throw missing[0];
  const named = [...folder, ...file, ...(namesJournal(places) ? ["the journal"] : [])];
  throw new RecError("REC_RECORDING_UNKNOWN", { id: wanted, place: named.join(", ") });
}

interface Candidate {
  readonly settings: Partial<SourceSettings>;
  readonly operands: readonly string[];
}

function journalSettings({ namespace, journalFile, journalDirectory }: Places): Partial<SourceSettings> {
  return { "journal.namespace": namespace, "journal.file": journalFile, "journal.directory": journalDirectory };
}

function namesJournal(places: Places): boolean {
  return places.source === "journal" || Object.values(journalSettings(places)).some((value) => value !== undefined);
}

/** Everywhere it may be, in the order of the options. */
async function candidates(places: Places, wanted: string): Promise<Candidate[]> {
  const { source, folder = [], file = [] } = places;
  const found: Candidate[] = folder.map((path) => ({
    settings: { reader: "file", "folder.path": path },
    operands: [wanted],
  }));
  for (const path of file) {
    const ids = (await listFile(path, {})).map(({ rec }) => rec);
    if (ids.some((id) => matchesId(id, wanted))) {
      found.push({ settings: { "file.path": path, "file.match": wanted }, operands: [] });
    }
  }
  if (namesJournal(places)) {
    found.push({
      settings: { reader: "journal", "journal.match": [wanted], ...journalSettings(places) },
      operands: [],
    });
  }
  if (found.length > 0 || file.length > 0) return found;
  return [{ settings: source === "folder" ? { reader: "file" } : {}, operands: [wanted] }];
}
