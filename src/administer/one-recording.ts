/** The one recording that a command is given: found in the places that are named, read through the sieve, decoded. */
import { RecError } from "../errors.ts";
import { matchesId } from "../format/recording-id.ts";
import { OpenedRecording } from "../opened.ts";
import { findSource, type Source, type SourceSettings } from "../source.ts";
import type { Context } from "./context.ts";
import { listFile, type Places } from "./place-options.ts";

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

/** Throws what tells why there was nothing to play, when the items are all taken and none was a recording's. */
export function checkPlayable({ source: { name, wanted }, opened: { report, selection } }: OneRecording): void {
  if (report.isPlayable) return;
  if (wanted !== undefined && selection.rec === null) {
    throw new RecError("REC_RECORDING_UNKNOWN", { id: wanted, place: name });
  }
  if (report.why === null) throw new RecError("REC_RECORDING_EMPTY", { path: name });
  throw new RecError("REC_RECORDING_FORMAT", { path: name, why: report.why });
}

async function findRecording(context: Context, places: Places, wanted: string): Promise<Source> {
  let last: RecError | undefined;
  for (const { settings, operands } of await candidates(places, wanted)) {
    try {
      return await findSource({ ...nowhere, ...settings }, operands, context.environment);
    } catch (error) {
      // The next place may have it.
      if (!isMissing(error)) throw error;
      last = error;
    }
  }
  throw last ?? new RecError("REC_RECORDING_UNKNOWN", { id: wanted, place: (places.file ?? []).join(", ") });
}

function isMissing(error: unknown): error is RecError {
  return error instanceof RecError && (error.code === "REC_RECORDING_UNKNOWN" || error.code === "REC_RECORDING_NONE");
}

interface Candidate {
  readonly settings: Partial<SourceSettings>;
  readonly operands: readonly string[];
}

/** Settings that name no place. */
export const nowhere: SourceSettings = {
  "file.path": undefined,
  "file.match": undefined,
  "folder.path": undefined,
  reader: undefined,
  "journal.match": undefined,
  "journal.since": undefined,
  "journal.until": undefined,
  "journal.namespace": undefined,
  "journal.file": undefined,
  "journal.directory": undefined,
  follow: false,
};

/** Everywhere it may be, in the order of the options. */
async function candidates(places: Places, wanted: string): Promise<Candidate[]> {
  const { source, folder = [], file = [], namespace, journalFile, journalDirectory } = places;
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
  const journal = {
    "journal.namespace": namespace,
    "journal.file": journalFile,
    "journal.directory": journalDirectory,
  };
  if (source === "journal" || Object.values(journal).some((value) => value !== undefined)) {
    found.push({ settings: { reader: "journal", "journal.match": [wanted], ...journal }, operands: [] });
  }
  if (found.length > 0 || file.length > 0) return found;
  return [{ settings: source === "folder" ? { reader: "file" } : {}, operands: [wanted] }];
}
