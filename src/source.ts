/** A recording that was found and can be read, and the settings that name one. */
import type { Settings } from "./config/options.ts";
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
