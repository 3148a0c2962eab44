/** Finding a recording: which one is meant, in which medium, and how that is read. */
import { existsSync, type Stats, statSync } from "node:fs";
import { locateRecording } from "./catalog/folder.ts";
import { recordingsFolder } from "./catalog/place.ts";
import { RecError } from "./errors.ts";
import { type Foreign, findForeign, openForeignReader } from "./importing.ts";
import { inJournal } from "./journal-source.ts";
import { inMeantJournals, isNotFound, journalNames } from "./meant-journals.ts";
import { hasJournalSignature, namespaceNamed } from "./named-journal.ts";
import { openFileReader } from "./reader/file.ts";
import type { Journal } from "./reader/journal.ts";
import type { Reader } from "./reader/reader.ts";
import type { Source, SourceSettings } from "./source.ts";

type Environment = (name: string) => string | undefined;

/** `positional` is FILE, FOLDER or ID. `siteFolder`: where an id is looked for last, null for nowhere. */
export async function findSource(
  settings: SourceSettings,
  positional: readonly string[],
  environment: Environment,
  siteFolder: string | null = null,
): Promise<Source> {
  const named = [...positional, ...(settings["file.path"] === undefined ? [] : [settings["file.path"]])];
  if (named.length > 1) throw new RecError("REC_USAGE", { what: "only one recording can be played" });
  const journal = journalOf(settings, environment);
  if (readsJournal(settings)) return await inMeantJournals(journal, settings, named[0]);
  try {
    return await inFiles(journal, settings, named[0], environment);
  } catch (error) {
    const isElsewhere = named[0] !== undefined && siteFolder !== null && mayBeInJournal(settings, error);
    if (!isElsewhere) throw error;
    return await inFiles(journal, { ...settings, "folder.path": siteFolder }, named[0], environment).catch(() => {
      throw error;
    });
  }
}

function journalOf(settings: SourceSettings, environment: Environment): Journal {
  return {
    namespace: namespaceNamed(settings["journal.namespace"]),
    file: settings["journal.file"],
    directory: settings["journal.directory"],
    since: settings["journal.since"],
    until: settings["journal.until"],
    timeZone: environment("TZ"),
  };
}

function readsJournal(settings: SourceSettings): boolean {
  const isAsked = (["match", "since", "until", "namespace", "file", "directory"] as const).some(
    (key) => settings[`journal.${key}`] !== undefined,
  );
  if (settings.reader !== "file") return isAsked || settings.reader === "journal";
  if (settings["journal.match"] === undefined) return false;
  throw new RecError("REC_USAGE", { what: "the reader 'file' has no journal to match: use -m/--file-match" });
}

async function inFiles(
  journal: Journal,
  settings: SourceSettings,
  named: string | undefined,
  environment: Environment,
): Promise<Source> {
  const match = settings["file.match"];
  const foreign = named === undefined ? null : await foreignAt(named);
  if (named !== undefined && foreign !== null) {
    const open = (): Promise<Reader> => openForeignReader(foreign, () => {});
    return { name: named, wanted: match, isStandardInput: false, path: null, open, hasMessagesOf: null };
  }
  let path: string;
  const folder = settings["folder.path"] ?? recordingsFolder(environment);
  try {
    path = settings["file.path"] ?? (await locateRecording(named, match, folder));
  } catch (error) {
    const isPath = named !== undefined && existsSync(named);
    if (folder === null || isPath || !mayBeInJournal(settings, error)) throw error;
    return await inJournalInstead(journal, settings, named, folder);
  }
  const name = path === "-" ? "standard input" : path;
  // The child has a standard input of its own, but may open ours by that name.
  const opened = path === "-" ? `/proc/${process.pid}/fd/0` : path;
  if (hasJournalSignature(opened)) return await inJournal({ ...journal, file: opened }, settings, undefined);
  const status = statusOf(path);
  return {
    name,
    bytes: status?.size ?? 0,
    wanted: match,
    isStandardInput: path === "-",
    path: path === "-" ? null : path,
    open: (options) => openFileReader(path, options),
    hasMessagesOf: null,
  };
}

/** Undefined for standard input, and for what there is no way to: whoever opens it says why. */
function statusOf(path: string): Stats | undefined {
  try {
    return path === "-" ? undefined : statSync(path);
  } catch {
    return undefined;
  }
}

/** Another program's recording under that path; null where there is none. */
async function foreignAt(path: string): Promise<Foreign | null> {
  const status = statusOf(path);
  return status?.isFile() || status?.isDirectory() ? await findForeign(path) : null;
}

/** Where no folder was named, the journal is the next place to look. */
function mayBeInJournal(settings: SourceSettings, error: unknown): boolean {
  return settings.reader !== "file" && settings["folder.path"] === undefined && isNotFound(error);
}

async function inJournalInstead(
  journal: Journal,
  settings: SourceSettings,
  named: string | undefined,
  folder: string,
): Promise<Source> {
  try {
    return await inMeantJournals(journal, settings, named);
  } catch (error) {
    if (!(error instanceof RecError) || error.code === "REC_RECORDINGS_MANY") throw error;
    const place = isNotFound(error) ? `${folder} or ${journalNames(journal)}` : `${folder} (and ${error.message})`;
    if (named === undefined) throw new RecError("REC_RECORDING_NONE", { place }, error);
    throw new RecError("REC_RECORDING_UNKNOWN", { id: named, place }, error);
  }
}
