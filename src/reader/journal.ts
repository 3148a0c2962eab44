/** The journal reader: journald's journals to message lines, by a journalctl child. */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { resolve } from "node:path";
import type { Readable } from "node:stream";
import { RecError, systemReason } from "../errors.ts";
import { entryFields } from "./entry.ts";
import { EntrySplitter } from "./entry-splitter.ts";
import { type ExportEntry, ExportParser } from "./export-format.ts";
import { valuesOfJournalJson } from "./journal-json.ts";
import { LineSplitter } from "./line-splitter.ts";
import type { Reader, SourceLine } from "./reader.ts";

/** Which journal, and which part of it. Undefined: the system's, from its beginning to its end. */
export interface Journal {
  readonly namespace?: string | undefined;
  /** A file of journald's own, or a folder of such. */
  readonly file?: string | undefined;
  readonly directory?: string | undefined;
  /** Seconds since the epoch, or what journalctl takes. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  /** The user's time zone, for times without one. */
  readonly timeZone?: string | undefined;
}

export interface JournalQuery {
  /** What journalctl is to match, as in `matchWords`. */
  readonly matches?: readonly string[];
  /** Wait at the end for more. */
  readonly isFollowing?: boolean;
  /** Newest first. */
  readonly isReversed?: boolean;
  readonly limit?: number;
  /** Only these fields; all without. */
  readonly fields?: readonly string[];
  /** As JSON without the values of 4 KB and more, which are null: anyone may file values of 30 MB, that cost him nothing. */
  readonly isBrief?: boolean;
}

/** Not the caller's: the launcher may have given us rights that its programs have not. */
const searchPath = "/usr/bin:/bin:/usr/local/bin:/run/current-system/sw/bin";
const maxStderrBytes = 4096;
/** An entry has 1024 fields at most, of which a value in JSON takes six times its bytes. */
const maxBriefBytes = 32 * 1024 * 1024;

/** An entry without its large values. */
export interface BriefEntry {
  /** The first value of that field; undefined without one. */
  value(name: string): string | undefined;
}

/** In words, for messages. */
export function journalName({ namespace, file, directory }: Journal): string {
  if (file !== undefined) return file;
  if (directory !== undefined) return directory;
  return namespace === undefined ? "the journal" : `the journal ${namespace}`;
}

/** The words after `journalctl`; none of the values can be taken for an option, and only matches follow the `--`. */
export function journalArguments(journal: Journal, query: JournalQuery): string[] {
  const { namespace, file, directory, since, until } = journal;
  const words = [
    "--no-pager",
    "--quiet",
    ...(query.isBrief === true ? ["--output=json"] : ["--all", "--output=export"]),
  ];
  if (namespace !== undefined) words.push(`--namespace=${namespace}`);
  if (file !== undefined) words.push(`--file=${escapeGlob(resolve(file))}`);
  if (directory !== undefined) words.push(`--directory=${resolve(directory)}`);
  if (since !== undefined) words.push(`--since=${moment(since)}`);
  if (until !== undefined) words.push(`--until=${moment(until)}`);
  // Without a number of lines journalctl follows from the last ten.
  if (query.isFollowing === true) words.push("--follow", "--lines=all");
  if (query.isReversed === true) words.push("--reverse");
  if (query.limit !== undefined) words.push(`--lines=${query.limit}`);
  if (query.fields !== undefined) words.push(`--output-fields=${query.fields.join(",")}`);
  return [...words, "--", ...(query.matches ?? [])];
}

/** Plain numbers are tlog's seconds since the epoch; journalctl would take them for something else. */
function moment(text: string): string {
  return /^\d+(\.\d+)?$/.test(text) ? `@${text}` : text;
}

/** journalctl takes the name of a file for a pattern. */
function escapeGlob(path: string): string {
  return path.replace(/[\\*?[\]{}~]/g, "\\$&");
}

/** Message lines of all entries that match, in the order of the journal. journalctl starts at once. */
export function openJournalReader(journal: Journal, query: JournalQuery, keepsEntries = false): Reader {
  const words = journalArguments(journal, keepsEntries ? query : { ...query, fields: entryFields });
  return new JournalReader(new Journalctl(journal, words), new EntrySplitter(keepsEntries));
}

/** The entries that match; each is valid until the next is asked for. Leaving early ends journalctl. */
export async function* readEntries(journal: Journal, query: JournalQuery): AsyncGenerator<ExportEntry> {
  const parser = new ExportParser();
  for await (const chunk of readJournal(journal, query)) {
    for (const found of parser.push(chunk)) if (typeof found !== "string") yield found;
  }
}

/** The journal export format of all entries that match, as journalctl writes it. */
export async function* readJournal(journal: Journal, query: JournalQuery): AsyncGenerator<Buffer> {
  const journalctl = new Journalctl(journal, journalArguments(journal, query));
  try {
    yield* journalctl.chunks();
  } finally {
    journalctl.end();
  }
}

/** The same without large values, as far as journalctl's words are entries; a value may be null. Leaving early ends journalctl. */
export async function* readBriefEntries(journal: Journal, query: JournalQuery): AsyncGenerator<BriefEntry> {
  for await (const { text, trouble } of linesOf(readJournal(journal, { ...query, isBrief: true }), maxBriefBytes)) {
    const value = trouble === undefined ? valuesOfJournalJson(text) : null;
    if (value !== null) yield { value: (name) => value(name) ?? undefined };
  }
}

/**
 * Every value of so many bytes at most that the field has anywhere in the journal, from its index alone; matches and times do not
 * count. Leaving early ends journalctl.
 */
export async function* fieldValues(journal: Journal, name: string, maxBytes: number): AsyncGenerator<string> {
  const words = journalArguments({ ...journal, since: undefined, until: undefined }, {});
  words.splice(words.indexOf("--"), 1, `--field=${name}`);
  const journalctl = new Journalctl(journal, words);
  try {
    for await (const { text, trouble } of linesOf(journalctl.chunks(), maxBytes)) if (trouble === undefined) yield text;
  } finally {
    journalctl.end();
  }
}

async function* linesOf(chunks: AsyncIterable<Buffer>, maxBytes: number): AsyncGenerator<SourceLine> {
  const splitter = new LineSplitter(maxBytes);
  for await (const chunk of chunks) yield* splitter.push(chunk);
}

class JournalReader implements Reader {
  readonly #journalctl: Journalctl;
  readonly #splitter: EntrySplitter;

  constructor(journalctl: Journalctl, splitter: EntrySplitter) {
    this.#journalctl = journalctl;
    this.#splitter = splitter;
  }

  async *lines(): AsyncGenerator<SourceLine> {
    try {
      for await (const chunk of this.#journalctl.chunks()) yield* this.#splitter.push(chunk);
      yield* this.#splitter.end();
    } finally {
      await this.close();
    }
  }

  async close(): Promise<void> {
    this.#journalctl.end();
  }
}

/** A running journalctl. */
class Journalctl {
  readonly #name: string;
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  readonly #exited: Promise<number | null>;
  #stderr = "";
  #isEnded = false;

  constructor(journal: Journal, words: readonly string[]) {
    this.#name = journalName(journal);
    const zone = journal.timeZone === undefined ? {} : { TZ: journal.timeZone };
    const env = { PATH: searchPath, LC_ALL: "C", ...zone };
    this.#child = spawn("journalctl", words, { env, stdio: ["ignore", "pipe", "pipe"] });
    this.#child.stderr.on("data", (chunk: Buffer) => {
      if (this.#stderr.length < maxStderrBytes) this.#stderr += chunk.toString();
    });
    this.#exited = new Promise((resolve, reject) => {
      this.#child.on("error", (cause) => reject(this.#failure(cause)));
      this.#child.on("close", resolve);
    });
    // Told to who reads; one who left early does not ask.
    this.#exited.catch(() => {});
  }

  async *chunks(): AsyncGenerator<Buffer> {
    try {
      for await (const chunk of this.#child.stdout) yield chunk as Buffer;
    } catch (cause) {
      if (!this.#isEnded) throw this.#failure(cause);
    }
    const status = await this.#exited;
    if (status !== 0 && !this.#isEnded) throw this.#failure(undefined);
  }

  end(): void {
    this.#isEnded = true;
    this.#child.stdout.destroy();
    this.#child.kill();
  }

  #failure(cause: unknown): RecError {
    const isMissing = cause instanceof Error && "code" in cause && cause.code === "ENOENT";
    const told = this.#stderr.trim().split("\n")[0];
    const time = /^Failed to parse timestamp: (.*)$/.exec(told ?? "")?.[1];
    if (time !== undefined) return new RecError("REC_JOURNAL_TIME", { time, why: "journalctl knows no such time" });
    const why = isMissing
      ? "journalctl is not there: only systemd has it"
      : told || (cause === undefined ? "journalctl failed" : systemReason(cause));
    return new RecError("REC_JOURNAL_READ", { journal: this.#name, why }, cause);
  }
}
