/** recctl search: where a pattern was shown. */
import { existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { shortId } from "../catalog/name.ts";
import { compilePattern, type Pattern, useLinearEngine } from "../catalog/pattern.ts";
import { RecError } from "../errors.ts";
import { formatMoment } from "../play/time.ts";
import { printable, printableJson } from "../printable.ts";
import { type Hit, hitsIn, packed } from "../search/scan.ts";
import { type IndexKey, SearchIndex } from "../search/search-index.ts";
import { ShownText } from "../search/shown-text.ts";
import { requirementOf } from "../search/trigram.ts";
import { findSource, nowhere } from "../source.ts";
import type { Context } from "./context.ts";
import { filterOf, filterOptions } from "./filter-options.ts";
import { openSource } from "./one-recording.ts";
import { count } from "./option-type.ts";
import { type Found, findPlaces, placeOptions } from "./place-options.ts";
import { playLine } from "./play-line.ts";
import { subcommand } from "./subcommand.ts";

/** The text of a recording that is not indexed is matched so many characters at a time. */
const batchLength = 64 * 1024;

export const search = subcommand({
  name: "search",
  operands: { usage: "REGEX", min: 1, max: 1 },
  summary: "search what recordings showed",
  description: [
    "Prints every line that was shown and matches the regular expression (JavaScript's, and POSIX's names of sets), newest recording first: the recording, the time in it, the line with the match marked, and below it the command that shows that moment.",
    "A line counts as shown as it stood when output paused, when it scrolled away, and when the program was about to write over it, so that full-screen programs are searched too. Its wrapped rows are one line, of at most 50 rows. What stays the same on a row while the screen is painted again is shown once. What was typed and not echoed, and titles of windows, are not searched.",
    "The text of recordings that have ended is kept in an index, so that the next search is quick: search.db in /var/cache/rec-session of root, $XDG_CACHE_HOME/rec-session of others. It holds all that was shown, for its owner's eyes only, is renewed as recordings come, change and go, takes 4 GiB at most, and may be deleted at any time. A pattern without three plain characters in a row reads all of it.",
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
    useLinearEngine();
    const run = new Search(context, compilePattern(source, values.ignoreCase ? "i" : ""), values);
    const found = await findPlaces(context, values, filterOf(values));
    const index = values.noIndex ? null : openIndex(context);
    try {
      index?.retain(isThere);
      if (index !== null) await run.renew(index, found);
      await run.search(index, found);
    } finally {
      index?.close();
    }
    return run.hits > 0 && !run.hasFailed ? 0 : 1;
  },
});

interface SearchOptions {
  readonly limit: number | undefined;
  readonly json: boolean;
}

class Search {
  readonly #context: Context;
  readonly #pattern: Pattern;
  readonly #options: SearchOptions;
  hits = 0;
  hasFailed = false;

  constructor(context: Context, pattern: Pattern, options: SearchOptions) {
    this.#context = context;
    this.#pattern = pattern;
    this.#options = options;
  }

  /** Indexes what is not yet. */
  async renew(index: SearchIndex, found: readonly Found[]): Promise<void> {
    const missing = found.flatMap((one) => {
      const key = keyOf(one);
      return key === null || index.has(key) ? [] : [{ one, key }];
    });
    const progress = this.#context.progress(
      "indexing",
      missing.reduce((sum, { one }) => sum + (one.recording.bytes ?? 0), 0),
    );
    let done = 0;
    for (const { one, key } of missing) {
      try {
        const writer = index.write(key);
        const text = new ShownText((line) => writer.add(line));
        await readItems(this.#context, one, text, (bytes) => progress.advance(done + bytes));
        writer.commit();
        done += one.recording.bytes ?? 0;
      } catch (error) {
        index.rollback();
        // What cannot be read is told when it is searched; an index that is full, or in use, is no reason to stop.
        if (error instanceof RecError) continue;
        progress.end();
        this.#context.tell(`the index takes no more: ${reasonOf(error)}; searching the rest without it`);
        break;
      }
    }
    progress.end();
  }

  async search(index: SearchIndex | null, found: readonly Found[]): Promise<void> {
    index?.freeze();
    const candidates = index?.candidates(requirementOf(this.#pattern.source)) ?? null;
    const progress = this.#context.progress("searching", found.length);
    for (const [at, one] of found.entries()) {
      progress.advance(at);
      if (this.hits >= (this.#options.limit ?? Number.POSITIVE_INFINITY)) break;
      const key = index === null ? null : keyOf(one);
      if (index === null || key === null || !index.has(key)) await this.#read(one, () => progress.end());
      else if (candidates === null || candidates.has(key.name)) {
        for (const text of index.texts(key.name, candidates?.get(key.name) ?? null)) {
          await this.#print(one, hitsIn(this.#pattern, text), () => progress.end());
        }
      }
    }
    progress.end();
  }

  async #read(one: Found, beforePrint: () => void): Promise<void> {
    const hits: Hit[] = [];
    let lines = "";
    const match = (): void => {
      hits.push(...hitsIn(this.#pattern, lines));
      lines = "";
    };
    const text = new ShownText((line) => {
      lines += packed(line);
      if (lines.length >= batchLength) match();
    });
    try {
      await readItems(
        this.#context,
        one,
        text,
        () => {},
        async () => {
          if (hits.length > 0) await this.#print(one, hits.splice(0), beforePrint);
        },
      );
      match();
    } catch (error) {
      if (!(error instanceof RecError) || error.code === "REC_PATTERN") throw error;
      beforePrint();
      this.hasFailed = true;
      this.#context.tell(error.message);
    }
    await this.#print(one, hits, beforePrint);
  }

  async #print(one: Found, hits: readonly Hit[], beforePrint: () => void): Promise<void> {
    const { limit = Number.POSITIVE_INFINITY, json } = this.#options;
    const wanted = hits.slice(0, Math.max(0, limit - this.hits));
    this.hits += wanted.length;
    if (wanted.length === 0) return;
    beforePrint();
    const isMarked = this.#context.columns !== null;
    await this.#context.write(wanted.map((hit) => (json ? hitJson(one, hit) : hitLines(one, hit, isMarked))).join(""));
  }
}

/** Feeds everything of a recording to `text`; `each` is called after each message. */
async function readItems(
  context: Context,
  { settings }: Found,
  text: ShownText,
  advance: (bytes: number) => void,
  each: () => Promise<void> = async () => {},
): Promise<void> {
  const source = await findSource({ ...nowhere, ...settings }, [], context.environment);
  const recording = await openSource(source);
  let bytes = 0;
  try {
    for await (const batch of recording.items) {
      for (const item of batch) {
        text.take(item);
        if (item.kind === "output") bytes += item.bytes.length;
      }
      advance(bytes);
      await each();
    }
    text.finish();
  } finally {
    await recording.close();
  }
}

/** Null for what may still grow: it is read each time. */
function keyOf({ recording, path }: Found): IndexKey | null {
  const { rec, source, state, startedMs, durationMs, bytes } = recording;
  if (path === null) {
    if (state !== "complete") return null;
    return { name: `${source}\n${rec}`, state: `${startedMs} ${durationMs} ${bytes}` };
  }
  if (state === "running") return null;
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
    return { name: `${resolve(path)}\n${rec}`, state: [dev, ino, size, mtimeNs, ctimeNs].join(" ") };
  } catch {
    return null;
  }
}

/** Whether the file of an indexed recording is there; a journal is not asked. */
function isThere(name: string): boolean {
  return !name.startsWith("/") || existsSync(name.slice(0, name.lastIndexOf("\n")));
}

function openIndex({ environment, tell }: Context): SearchIndex | null {
  const folder = indexFolder(environment);
  if (folder === null) return null;
  try {
    return SearchIndex.open(folder);
  } catch (error) {
    if (!(error instanceof RecError)) throw error;
    tell(`${error.message}; searching without it`);
    return null;
  }
}

/** Null for who has no home. */
function indexFolder(environment: Context["environment"]): string | null {
  if (process.geteuid?.() === 0) return "/var/cache/rec-session";
  const cacheHome = environment("XDG_CACHE_HOME");
  if (cacheHome?.startsWith("/")) return join(cacheHome, "rec-session");
  const home = environment("HOME");
  return home?.startsWith("/") ? join(home, ".cache/rec-session") : null;
}

function hitLines(one: Found, { atMs, text, from, to }: Hit, isMarked: boolean): string {
  const [begin, end] = isMarked ? ["\x1b[7m", "\x1b[27m"] : [">>", "<<"];
  const [before, match, after] = [text.slice(0, from), text.slice(from, to), text.slice(to)].map(printable);
  const id = printable(shortId(one.recording.rec));
  return `${id}  ${formatMoment(atMs)}  ${before}${begin}${match}${end}${after}\n    ${printable(playLine(one.words, atMs))}\n`;
}

function hitJson(one: Found, { atMs, text, from, to }: Hit): string {
  const record = { rec: one.recording.rec, user: one.recording.user, at: atMs, line: text, from, to };
  return `${printableJson(JSON.stringify({ ...record, play: playLine(one.words, atMs) }))}\n`;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
