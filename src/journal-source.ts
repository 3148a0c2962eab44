/** A recording in a journal: which one is meant by an id, by matches, or by none. */
import { existsSync } from "node:fs";
import { ambiguity } from "./catalog/ambiguity.ts";
import { findInJournal, firstMessage, headsOf, type JournalIndex, newestInJournal } from "./catalog/journal.ts";
import { RecError } from "./errors.ts";
import { isWholeId } from "./format/recording-id.ts";
import { hasJournalSignature, journalIndex } from "./named-journal.ts";
import { type Journal, journalName, openJournalReader, readEntries } from "./reader/journal.ts";
import { isMatchSymbol, matchAlternatives, matchWords } from "./reader/journal-match.ts";
import type { Source, SourceSettings } from "./source.ts";

/** `named`: an id, or a file of journald's own. Throws REC_RECORDING_UNKNOWN, REC_RECORDING_NONE, REC_RECORDINGS_MANY, REC_JOURNAL_READ, REC_USAGE. */
export async function inJournal(
  journal: Journal,
  settings: SourceSettings,
  named: string | undefined,
): Promise<Source> {
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
