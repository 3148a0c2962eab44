/** The options that name where recordings are, and the list of what is there. */
import { listRecordingFolder } from "../catalog/file-list.ts";
import type { JournalIndex } from "../catalog/journal.ts";
import { listJournal } from "../catalog/journal-list.ts";
import { recordingsFolder, siteFolder } from "../catalog/place.ts";
import { type Filter, newestFirst, type Recording, takesAll } from "../catalog/recording.ts";
import type { CommandOption } from "../config/option.ts";
import { readEnds } from "../ends.ts";
import { RecError } from "../errors.ts";
import type { Listed } from "../indexing/indexed.ts";
import { listFile } from "../listing.ts";
import { meantJournals } from "../meant-journals.ts";
import { hasJournalSignature, journalIndex, namespaceNamed } from "../named-journal.ts";
import type { Context } from "./context.ts";
import { foldersOption } from "./folder-option.ts";
import { idWords } from "./play-line.ts";
import type { ValuesOf } from "./subcommand.ts";

export const placeOptions = [
  {
    path: "source",
    type: { kind: "choice", choices: ["journal", "folder", "file"] },
    defaultText: "folder and journal, or what is named",
    long: "source",
    placeholder: "NAME",
    help: "Only these: journal, folder, file",
  },
  {
    ...foldersOption,
    details: `Without it root lists ${siteFolder} too, where recorders keep login sessions that the journal does not take.`,
  },
  {
    path: "file",
    type: { kind: "list" },
    short: "i",
    long: "file-path",
    alias: "file",
    placeholder: "FILE",
    help: "A file that rec-play plays; may be given again",
  },
  {
    path: "namespace",
    type: { kind: "string" },
    defaultText: "the recordings' own, where there is one, and the system's",
    short: "N",
    long: "namespace",
    alias: "journal-namespace",
    placeholder: "NAME",
    help: "The journal of journald@NAME",
  },
  {
    path: "journalFile",
    type: { kind: "string" },
    long: "journal-file",
    placeholder: "FILE",
    help: "The journal file FILE",
  },
  {
    path: "journalDirectory",
    type: { kind: "string" },
    long: "journal-directory",
    placeholder: "DIR",
    help: "The journal files of DIR",
  },
] as const satisfies readonly CommandOption[];

export type Places = ValuesOf<typeof placeOptions>;

/** A recording, and how it is found again. */
export interface Found extends Listed {
  /** The arguments by which rec-play finds it. */
  readonly words: readonly string[];
}

interface Lister {
  /** Of the journal in words; null where it is none. */
  readonly journal: string | null;
  /** Null where it cannot be listed, which was told. */
  list(filter: Filter): Promise<Recording[] | null>;
  found(recording: Recording): Found;
}

/** The options that name a place, by the source that they name. */
const named = [
  ["folder", "folder", "--folder-path"],
  ["file", "file", "--file-path"],
  ["namespace", "journal", "--namespace"],
  ["journalFile", "journal", "--journal-file"],
  ["journalDirectory", "journal", "--journal-directory"],
] as const;

/** The recordings of what is named, else of everything that is there; newest first. */
export async function listPlaces(context: Context, places: Places, filter: Filter): Promise<Recording[]> {
  const lists = await Promise.all(listersOf(context, places).map(async ({ list }) => (await list(filter)) ?? []));
  return newestFirst(lists.flat()).slice(0, filter.limit);
}

/** The same with the way to each, and the journals, in words, of which all that they hold is in it. */
export async function findPlaces(
  context: Context,
  places: Places,
  filter: Filter,
): Promise<{ found: Found[]; wholeJournals: ReadonlySet<string> }> {
  const wholeJournals = new Set<string>();
  const lists = await Promise.all(
    listersOf(context, places).map(async ({ journal, list, found }) => {
      const listed = await list(filter);
      if (listed !== null && journal !== null && takesAll(filter)) wholeJournals.add(journal);
      return (listed ?? []).map(found);
    }),
  );
  const ways = new Map(lists.flat().map((found) => [found.recording, found]));
  const found = newestFirst([...ways.keys()]).map((recording) => ways.get(recording) as Found);
  return { found, wholeJournals };
}

function listersOf(context: Context, places: Places): Lister[] {
  const { source, folder, file, namespace, journalFile, journalDirectory } = places;
  const given = named.filter(([path]) => places[path] !== undefined);
  const stray = given.find(([, of]) => source !== undefined && of !== source);
  if (stray !== undefined) {
    throw new RecError("REC_USAGE", { what: `${stray[2]} names a ${stray[1]}, but --source ${source} lists none` });
  }
  if (source === "file" && file === undefined) {
    throw new RecError("REC_USAGE", { what: "--source file needs the file: name it with --file-path" });
  }
  const wants = (name: Places["source"]): boolean =>
    source === undefined ? given.length === 0 || given.some(([, of]) => of === name) : source === name;
  const listers: Lister[] = [];
  if (wants("journal")) {
    const isNamed = source !== undefined || given.length > 0;
    const named = { namespace: namespaceNamed(namespace), file: journalFile, directory: journalDirectory };
    for (const meant of meantJournals(named)) {
      const journal = journalIndex(meant);
      listers.push({
        journal: journal.name,
        list: (filter) => {
          const told = { ...filter, notice: context.tell };
          return isNamed ? listJournal(journal, told) : listJournalIfThere(context, journal, told);
        },
        found: (recording) => inJournal(recording, places, meant.namespace),
      });
    }
  }
  if (wants("folder")) {
    const own = recordingsFolder(context.environment);
    const usual = [own, context.siteFolder].filter((path) => path !== null);
    for (const path of folder ?? usual)
      listers.push({
        journal: null,
        list: (filter) => listFolder(path, filter, folder !== undefined),
        found: (recording) =>
          inFile(
            recording,
            recording.source,
            folder === undefined && path === own ? idWords(recording.rec) : undefined,
          ),
      });
  }
  for (const path of file ?? []) {
    const found = (recording: Recording): Found =>
      inFile(recording, path, ["-i", path, ...(hasJournalSignature(path) ? ["-M"] : ["-m"]), recording.rec]);
    listers.push({ journal: null, list: (filter) => listFile(path, filter), found });
  }
  return listers;
}

function inFile(recording: Recording, path: string, words: readonly string[] = ["-i", path]): Found {
  return { recording, path, settings: { "file.path": path, "file.match": recording.rec }, words };
}

/** `meant`: the namespace that it is in, where none is named. */
function inJournal(
  recording: Recording,
  { namespace, journalFile, journalDirectory }: Places,
  meant: string | undefined,
): Found {
  const options = [
    ["journal.namespace", "-N", namespace],
    ["journal.file", "--journal-file", journalFile],
    ["journal.directory", "--journal-directory", journalDirectory],
  ] as const;
  const given = options.filter(([, , value]) => value !== undefined);
  const settings = Object.fromEntries(given.map(([path, , value]) => [path, value]));
  const words = given.flatMap(([, option, value]) => [option, value ?? ""]);
  return {
    recording,
    path: null,
    settings: { reader: "journal", "journal.match": [recording.rec], "journal.namespace": meant, ...settings },
    words: [...words, "-M", recording.rec],
  };
}

/** Where nobody asked for the journal, the rest is listed without it. */
async function listJournalIfThere(
  { tell }: Context,
  journal: JournalIndex,
  filter: Filter,
): Promise<Recording[] | null> {
  try {
    return await listJournal(journal, filter);
  } catch (error) {
    if (!(error instanceof RecError)) throw error;
    tell(`${error.message}; listing the rest`);
    return null;
  }
}

/** Without recordings nobody has a recordings folder; that is no failure unless it was named. */
async function listFolder(path: string, filter: Filter, isNamed: boolean): Promise<Recording[]> {
  try {
    return await listRecordingFolder(path, filter, readEnds);
  } catch (error) {
    if (!isNamed && error instanceof RecError && error.code === "REC_RECORDING_NONE") return [];
    throw error;
  }
}
