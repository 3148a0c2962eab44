/** The source of what rec-play plays: which recording is meant, in which medium, and how that is read. */
import { closeSync, constants, existsSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import { ambiguity } from "./catalog/ambiguity.ts";
import { locateRecording } from "./catalog/folder.ts";
import { findInJournal, firstMessage, headsOf, type JournalIndex, newestInJournal } from "./catalog/journal.ts";
import { recordingsFolder } from "./catalog/place.ts";
import type { Settings } from "./config/options.ts";
import { RecError } from "./errors.ts";
import { isWholeId } from "./format/recording-id.ts";
import { type Foreign, findForeign, openForeignReader } from "./importing.ts";
import { isJournalFile } from "./reader/detect.ts";
import { openFileReader } from "./reader/file.ts";
import { fieldValues, type Journal, journalName, openJournalReader, readEntries } from "./reader/journal.ts";
import { isMatchSymbol, matchAlternatives, matchWords } from "./reader/journal-match.ts";
import type { NamedSender } from "./reader/provenance.ts";
import type { Reader } from "./reader/reader.ts";

/** The settings that name a recording. */
export type SourceSettings = Pick<Settings<"rec-play">, (typeof sourcePaths)[number] | "follow">;

/** The options that name a recording, by their paths. */
export const sourcePaths = [
  "file.path",
  "file.match",
  "folder.path",
  "reader",
  "journal.match",
  "journal.since",
  "journal.until",
  "journal.namespace",
  "journal.file",
  "journal.directory",
] as const;

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

type Environment = (name: string) => string | undefined;

export interface Source {
  /** In words, for messages. */
  readonly name: string;
  /** The recording that is meant, by its id or a part of it; undefined for the first that comes. */
  readonly wanted: string | undefined;
  readonly isStandardInput: boolean;
  /** Of a file, as large as it is now; for progress. */
  readonly bytes?: number;
  /** Of the file that it is in; null on standard input and in a journal. */
  readonly path: string | null;
  /** `isFollowing`: more is waited for at the end. `keepsEntries`: lines come with their journal entries. */
  open(options: { readonly isFollowing: boolean; readonly keepsEntries: boolean }): Promise<Reader>;
  /** Whether a process wrote any message of the recording; null where the medium cannot be asked. */
  readonly hasMessagesOf: ((rec: string, sender: NamedSender) => Promise<boolean>) | null;
}

/** A journal as the catalog asks it. */
export function journalIndex(journal: Journal): JournalIndex {
  return {
    name: journalName(journal),
    entries: (query) => readEntries(journal, query),
    values: (name) => fieldValues(journal, name),
  };
}

/** `positional` is FILE, FOLDER or ID. */
export async function findSource(
  settings: SourceSettings,
  positional: readonly string[],
  environment: Environment,
): Promise<Source> {
  const named = [...positional, ...(settings["file.path"] === undefined ? [] : [settings["file.path"]])];
  if (named.length > 1) throw new RecError("REC_USAGE", { what: "only one recording can be played" });
  const journal = journalOf(settings, environment);
  if (readsJournal(settings)) return await inJournal(journal, settings, named[0]);
  return await inFiles(journal, settings, named[0], environment);
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

/** The name of a journald, which becomes part of a path. Throws REC_USAGE. */
export function namespaceNamed(name: string | undefined): string | undefined {
  if (name === undefined || /^[A-Za-z0-9_.-]+$/.test(name)) return name;
  const what = `${name === "" ? "nothing" : name} is no namespace of journald: expected letters, digits, and any of _.-`;
  throw new RecError("REC_USAGE", { what });
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
  const status = path === "-" ? undefined : statSync(path, { throwIfNoEntry: false });
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

/** Another program's recording under that path; null where there is none. */
async function foreignAt(path: string): Promise<Foreign | null> {
  const status = path === "-" ? undefined : statSync(path, { throwIfNoEntry: false });
  return status?.isFile() || status?.isDirectory() ? await findForeign(path) : null;
}

/** Where no folder was named, the journal is the next place to look. */
function mayBeInJournal(settings: SourceSettings, error: unknown): boolean {
  return settings.reader !== "file" && settings["folder.path"] === undefined && isNotFound(error);
}

/** It is not there, which another place may mend. */
export function isNotFound(error: unknown): boolean {
  return error instanceof RecError && (error.code === "REC_RECORDING_UNKNOWN" || error.code === "REC_RECORDING_NONE");
}

async function inJournalInstead(
  journal: Journal,
  settings: SourceSettings,
  named: string | undefined,
  folder: string,
): Promise<Source> {
  try {
    return await inJournal(journal, settings, named);
  } catch (error) {
    if (!(error instanceof RecError) || error.code === "REC_RECORDINGS_MANY") throw error;
    const place = isNotFound(error) ? `${folder} or ${journalName(journal)}` : `${folder} (and ${error.message})`;
    if (named === undefined) throw new RecError("REC_RECORDING_NONE", { place }, error);
    throw new RecError("REC_RECORDING_UNKNOWN", { id: named, place }, error);
  }
}

/** A file of journald's own; anything that cannot be read is left to who opens it. */
export function hasJournalSignature(path: string): boolean {
  try {
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const head = Buffer.alloc(8);
      return fstatSync(fd).isFile() && readSync(fd, head, 0, head.length, 0) === head.length && isJournalFile(head);
    } finally {
      closeSync(fd);
    }
  } catch {
    return false;
  }
}

async function inJournal(journal: Journal, settings: SourceSettings, named: string | undefined): Promise<Source> {
  if (named !== undefined && journal.file === undefined && hasJournalSignature(named)) {
    return await inJournal({ ...journal, file: named }, settings, undefined);
  }
  if (named !== undefined && (named === "-" || named === settings["file.path"] || existsSync(named))) {
    const what = `${named} is no journal: with a file or a folder use -m/--file-match, and no option of the journal`;
    throw new RecError("REC_USAGE", { what });
  }
  const ids = [named, settings["file.match"]].filter((text) => text !== undefined);
  const symbols = [...(settings["journal.match"] ?? []), ...ids];
  const { wanted, matches } = await choose(journal, symbols, settings.follow);
  return {
    name: journalName(journal),
    wanted,
    isStandardInput: false,
    path: null,
    open: async ({ isFollowing, keepsEntries }) => openJournalReader(journal, { matches, isFollowing }, keepsEntries),
    hasMessagesOf: (rec, { boot, pid, group }) =>
      isAny(
        readEntries(journal, {
          matches: [
            ...[`TLOG_REC=${rec}`, `_PID=${pid}`, `_BOOT_ID=${boot}`],
            ...(group === undefined ? [] : [`_GID=${group}`]),
          ],
          limit: 1,
          fields: ["_PID"],
        }),
      ),
  };
}

interface Choice {
  readonly wanted: string | undefined;
  readonly matches: readonly string[];
}

/** One recording, or a failure that lists those that could be meant. */
async function choose(journal: Journal, symbols: readonly string[], isFollowing: boolean): Promise<Choice> {
  const index = journalIndex(journal);
  const [only, second] = symbols;
  if (only === undefined) return await chooseUnnamed(journal, index);
  if (second === undefined && isId(only)) {
    // A recording that is yet to begin can be followed by its whole id.
    return ofRecording(isFollowing && isWholeId(only) ? only : await findInJournal(index, only));
  }
  const alternatives = matchAlternatives(symbols.map((text) => (isId(text) ? `TLOG_REC=${text}` : text)));
  const heads = await headsOf(index, matchWords(alternatives, hasField(alternatives, "TLOG_ID") ? [] : [firstMessage]));
  if (heads.length > 1) throw ambiguity(heads, heads.length, symbols.join(" "));
  return { wanted: heads[0]?.rec, matches: matchWords(alternatives) };
}

async function chooseUnnamed(journal: Journal, index: JournalIndex): Promise<Choice> {
  if (journal.file === undefined && journal.directory === undefined) {
    const newest = await newestInJournal(index);
    if (newest === null) throw new RecError("REC_RECORDING_NONE", { place: index.name });
    return ofRecording(newest);
  }
  const heads = await headsOf(index, [firstMessage]);
  if (heads.length > 1) throw ambiguity(heads, heads.length, index.name);
  // Without tlog's fields nothing is indexed: what is a message is seen when it is read.
  return heads[0] === undefined ? { wanted: undefined, matches: [] } : ofRecording(heads[0].rec);
}

function ofRecording(rec: string): Choice {
  return { wanted: rec, matches: [`TLOG_REC=${rec}`] };
}

/** Anything that cannot be meant as a match. */
function isId(text: string): boolean {
  return !isMatchSymbol(text) && !text.includes("=");
}

function hasField(alternatives: readonly (readonly string[])[], name: string): boolean {
  return alternatives.some((words) => words.some((word) => word.startsWith(`${name}=`)));
}

async function isAny(items: AsyncIterable<unknown>): Promise<boolean> {
  for await (const _ of items) return true;
  return false;
}
