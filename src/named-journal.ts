/** A journal that is named by a namespace, a file or a folder, as the catalog asks it. */
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import type { IndexEntry, IndexQuery, JournalIndex } from "./catalog/journal.ts";
import { RecError } from "./errors.ts";
import { isJournalFile } from "./reader/detect.ts";
import { fieldValues, type Journal, journalName, readBriefEntries, readEntries } from "./reader/journal.ts";

/** A journal as the catalog asks it. */
export function journalIndex(journal: Journal): JournalIndex {
  return {
    name: journalName(journal),
    entries: (query) => (query.isWhole === true ? readWhole(journal, query) : readBriefEntries(journal, query)),
    values: (name, maxBytes) => fieldValues(journal, name, maxBytes),
  };
}

async function* readWhole(journal: Journal, query: IndexQuery): AsyncGenerator<IndexEntry> {
  for await (const entry of readEntries(journal, query)) yield { value: (name) => entry.value(name)?.toString() };
}

/** The name of a journald, which becomes part of a path. Throws REC_USAGE. */
export function namespaceNamed(name: string | undefined): string | undefined {
  if (name === undefined || /^[A-Za-z0-9_.-]+$/.test(name)) return name;
  const what = `${name === "" ? "nothing" : name} is no namespace of journald: expected letters, digits, and any of _.-`;
  throw new RecError("REC_USAGE", { what });
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
