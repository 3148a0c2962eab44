/** recctl search: where a pattern was shown. */
import { shortId } from "../catalog/name.ts";
import { compilePattern, type Pattern } from "../catalog/pattern.ts";
import type { RecError } from "../errors.ts";
import { findHits } from "../indexing/hits.ts";
import { renewIndex } from "../indexing/renew.ts";
import { formatMoment } from "../play/time.ts";
import { printable, printableJson } from "../printable.ts";
import type { Hit } from "../search/scan.ts";
import type { SearchIndex } from "../search/search-index.ts";
import type { Context } from "./context.ts";
import { filterOf, filterOptions } from "./filter-options.ts";
import { count } from "./option-type.ts";
import { openIndex } from "./own-index.ts";
import { Pages } from "./pages.ts";
import { type Found, findPlaces, placeOptions } from "./place-options.ts";
import { playLines } from "./play-line.ts";
import { subcommand } from "./subcommand.ts";

/** Hits are written as soon as they are found where nothing was written for so long. */
const pageMs = 20;

export const search = subcommand({
  name: "search",
  operands: { usage: "REGEX", min: 1, max: 1 },
  summary: "search what recordings showed",
  description: [
    "Prints every line that was shown and matches the regular expression (JavaScript's, and POSIX's names of sets), newest recording first: the recording, the time in it, the line with the match marked, and below it the command that shows that moment.",
    "A line counts as shown as it stood when output paused, when it scrolled away, and when the program was about to write over it, so that full-screen programs are searched too. Its wrapped rows are one line, of at most 50 rows. What stays the same on a row while the screen is painted again is shown once. What was typed and not echoed, and titles of windows, are not searched.",
    "The text of recordings that have ended is kept in an index, so that the next search is quick: search.db in /var/cache/rec-session of root, $XDG_CACHE_HOME/rec-session of others. It holds all that was shown, for its owner's eyes only, is renewed as recordings come, change and go (in a journal when all of it is searched: without a filter), takes 8 GiB at most, somewhat more than the text that it holds, and may be deleted at any time. A pattern without three plain characters in a row reads all of it.",
  ],
  options: [
    { path: "ignoreCase", type: { kind: "flag" }, long: "ignore-case", help: "Small letters match capitals too" },
    { path: "limit", type: count, short: "n", long: "limit", placeholder: "COUNT", help: "Stop after so many lines" },
    { path: "json", type: { kind: "flag" }, long: "json", help: "One JSON object a line; times in milliseconds" },
    { path: "noIndex", type: { kind: "flag" }, long: "no-index", help: "Read the recordings, whatever is indexed" },
    ...filterOptions,
    ...placeOptions,
  ],
  examples: [
    ["recctl search 'permission denied'", "where it was shown"],
    ["recctl search --user bob 'rm -rf? /'", "in bob's recordings"],
  ],
  exitStatus: [["1", "Nothing matched, or a recording could not be read."]],
  async run(context, values, [source = ""]) {
    const pattern = compilePattern(source, values.ignoreCase ? "i" : "");
    const { found, wholeJournals } = await findPlaces(context, values, { ...filterOf(values), wantsRevision: true });
    const index = values.noIndex ? null : await openIndex(context, "searching without it");
    try {
      if (index !== null) await renewIndex(index, found, { ...context, wholeJournals });
      return await printHits(context, values, { pattern, index, found });
    } finally {
      index?.close();
    }
  },
});

interface PrintOptions {
  readonly limit: number | undefined;
  readonly json: boolean;
}

interface Searched {
  readonly pattern: Pattern;
  readonly index: SearchIndex | null;
  readonly found: readonly Found[];
}

/** Prints what matches as it is found; the result is the exit status. */
async function printHits(
  context: Context,
  { limit = Number.POSITIVE_INFINITY, json }: PrintOptions,
  { pattern, index, found }: Searched,
): Promise<number> {
  const progress = context.progress("searching", found.length);
  const isMarked = context.columns !== null;
  const pages = new Pages((bytes) => {
    progress.end();
    return context.write(bytes);
  });
  let printed = 0;
  let hasFailed = false;
  const options = {
    environment: context.environment,
    onRecording: (at: number) => progress.advance(at),
    onFailure(error: RecError) {
      progress.end();
      hasFailed = true;
      context.tell(error.message);
    },
  };
  try {
    for await (const { one, hits } of findHits(pattern, index, found, options)) {
      const textOf = json ? hitJson(one) : hitLines(one, isMarked);
      for (const hit of hits.slice(0, limit - printed)) {
        printed++;
        const room = pages.add(textOf(hit));
        if (room !== undefined) await room;
      }
      if (printed >= limit) break;
      if (pages.waitingMs >= pageMs) await pages.turn();
    }
  } finally {
    // What was found before a failure is shown whole before it is told.
    await pages.end();
    progress.end();
  }
  if (printed === 0 && isMarked && !json) context.tell(nothingFound(found.length));
  return printed > 0 && !hasFailed ? 0 : 1;
}

/** For who sees nothing else; programs have the exit status. */
function nothingFound(recordings: number): string {
  if (recordings === 0) return "there are no such recordings to search";
  return `nothing matched in ${recordings === 1 ? "1 recording" : `${recordings} recordings`}`;
}

type HitText = (hit: Hit) => string;

function hitLines({ recording, words }: Found, isMarked: boolean): HitText {
  const [begin, end] = isMarked ? ["\x1b[7m", "\x1b[27m"] : [">>", "<<"];
  const id = printable(shortId(recording.rec));
  const play = playLines(words);
  return ({ atMs, text, from, to }) => {
    const before = printable(text.slice(0, from));
    const match = printable(text.slice(from, to));
    const after = printable(text.slice(to));
    return `${id}  ${formatMoment(atMs)}  ${before}${begin}${match}${end}${after}\n    ${printable(play(atMs))}\n`;
  };
}

function hitJson({ recording, words }: Found): HitText {
  const { rec, user } = recording;
  const play = playLines(words);
  return ({ atMs, text, from, to }) => {
    const record = { rec, user, at: atMs, line: text, from, to, play: play(atMs) };
    return `${printableJson(JSON.stringify(record))}\n`;
  };
}
