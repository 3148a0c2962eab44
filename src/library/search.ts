/** Search: the lines that recordings showed and that match, by an index where one is wanted. */
import { stat } from "node:fs/promises";
import { compilePattern } from "../catalog/pattern.ts";
import type { Recording } from "../catalog/recording.ts";
import type { RecError } from "../errors.ts";
import { findHits } from "../indexing/hits.ts";
import type { Listed } from "../indexing/indexed.ts";
import { renewIndex } from "../indexing/renew.ts";
import { noProgress } from "../progress.ts";
import type { SearchIndex } from "../search/search-index.ts";
import { type ListOptions, list } from "./catalog.ts";
import { journalAt, type Place, pathOf } from "./place.ts";

/** Which recordings are searched, and how. */
export interface SearchOptions extends ListOptions {
  /** Small letters match capitals too. */
  readonly ignoreCase?: boolean;
  /**
   * A folder for an index, `search.db`, which is made for its owner alone, brought up to date first, and may be deleted at any time; it
   * holds all that was shown. Without one every recording is read.
   */
  readonly index?: string;
  /** Told of a recording that cannot be read, and is passed over. */
  readonly onFailure?: (error: RecError) => void;
  /** Told, in a sentence, why the index takes no more, and the rest is searched without it; and what `ListOptions` has it told. */
  readonly notice?: (sentence: string) => void;
}

/** A line that was shown, and its first match. */
export interface SearchHit {
  /** In which. */
  readonly recording: Recording;
  /** Milliseconds from the recording's beginning: when the line had come to stand so. */
  readonly atMs: number;
  /** `printable()` before it is shown. */
  readonly text: string;
  /** Where in the text the match begins, in UTF-16 units. */
  readonly from: number;
  /** Where it ends. */
  readonly to: number;
}

/**
 * Every line that was shown and matches, as `shownLines` tells lines, newest recording first, each as it is found. The pattern is
 * JavaScript's, with POSIX's names of sets in brackets; a hostile one is given up after 5 seconds with one piece of text. Hits are the same
 * with an index and without.
 *
 * An index needs a Node that has `node:sqlite` (22.13 or newer) and takes 1.3 times the text that was shown, 8 GiB at most; for a pattern
 * without three plain characters in a row all text is read. Recordings that still run are not in it.
 *
 * Throws RecError: what `catalog.list` throws, REC_PATTERN, REC_INDEX.
 *
 * @example
 * for await (const { recording, atMs, text } of search("/var/log/rec-session", "denied", { index: "cache" })) ...
 */
export async function* search(
  place: Place,
  pattern: string,
  options: SearchOptions = {},
): AsyncGenerator<SearchHit, void, undefined> {
  const { ignoreCase = false, index: folder, onFailure = () => {}, notice = () => {}, ...criteria } = options;
  const compiled = compilePattern(pattern, ignoreCase ? "i" : "");
  const listed = await listedIn(place, { ...criteria, notice });
  // What the environment says is for programs.
  const environment = (): undefined => undefined;
  const index = folder === undefined ? null : await openIndex(folder);
  try {
    if (index !== null) {
      await renewIndex(index, listed, { environment, indexer: null, progress: () => noProgress, tell: notice });
    }
    for await (const { one, hits } of findHits(compiled, index, listed, { environment, onRecording() {}, onFailure })) {
      for (const hit of hits) yield { recording: one.recording, ...hit };
    }
  } finally {
    index?.close();
  }
}

/** Older Nodes have no SQLite: without an index they search all the same. */
async function openIndex(folder: string): Promise<SearchIndex> {
  const { SearchIndex } = await import("../search/search-index.ts");
  return SearchIndex.open(folder);
}

async function listedIn(place: Place, criteria: ListOptions): Promise<Listed[]> {
  const recordings = await list(place, criteria);
  if (typeof place !== "string") {
    const { namespace, file, directory } = journalAt(place);
    const journal = { "journal.namespace": namespace, "journal.file": file, "journal.directory": directory };
    return recordings.map((recording) => {
      return { recording, path: null, settings: { ...journal, reader: "journal", "journal.match": [recording.rec] } };
    });
  }
  const isFolder = (await stat(pathOf(place))).isDirectory();
  return recordings.map((recording) => {
    const path = isFolder ? recording.source : pathOf(place);
    return { recording, path, settings: { "file.path": path, "file.match": recording.rec } };
  });
}
