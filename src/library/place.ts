/** A place: where recordings are kept, as a caller of the library names it. */

import { namespaceNamed } from "../named-journal.ts";
import type { Journal } from "../reader/journal.ts";

/** A journal of journald's, read by `journalctl`; without any of the three it is the system's, and before it the recordings' own (`recctl enable --own-journal`), where this host has one. */
export interface JournalPlace {
  /** One of these at most. */
  readonly journal: {
    /** The journal of `journald@NAMESPACE`. */
    readonly namespace?: string;
    /** A file of journald's own. */
    readonly file?: string;
    /** A folder of such files. */
    readonly directory?: string;
  };
}

/**
 * A path, or a journal. The path is that of a folder of recordings, one `.jsonl` file each, or of one file: messages of ours or of
 * tlog, a journal export or its JSON, syslog lines, or a file of journald's own; which of them, its first bytes tell.
 */
export type Place = string | JournalPlace;

/** The path as one that can be nothing else: alone, a word could be an id, and "-" standard input. @internal */
export function pathOf(place: string): string {
  return place.includes("/") ? place : `./${place}`;
}

/** Throws REC_USAGE for a namespace that is none. @internal */
export function journalAt({ journal }: JournalPlace): Journal {
  return { ...journal, namespace: namespaceNamed(journal.namespace) };
}
