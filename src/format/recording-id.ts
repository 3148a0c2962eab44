/** The id of a recording, as people give it: whole, or a part that they can type. */

/**
 * Whether the id may be the one that is meant: it begins so, or what comes after one of its dashes does, as the boot that
 * opens an id is common to all recordings since.
 */
export function matchesId(rec: string, wanted: string): boolean {
  return rec.startsWith(wanted) || rec.includes(`-${wanted}`);
}

/** Whether the text is a whole id of tlog's form: boot id, process id and its start, in hexadecimal. */
export function isWholeId(text: string): boolean {
  return /^[0-9a-f]{32}-[0-9a-f]+-[0-9a-f]+$/.test(text);
}
