/** Detection: by its first bytes, how a medium is to be split into message lines. */
import { EntrySplitter } from "./entry-splitter.ts";
import { HeldBytes } from "./held-bytes.ts";
import { lineOfJournalJson } from "./journal-json.ts";
import { LineSplitter } from "./line-splitter.ts";
import type { SourceLine, Splitter } from "./reader.ts";
import { isSyslogLine, lineOfSyslog } from "./syslog-line.ts";

/** A first line longer than this is taken for a message. */
export const maxHeadBytes = 1024 * 1024;
const newline = 10;

/** What a file of journald's own begins with. */
const journalSignature: Buffer = Buffer.from("LPKSHHRH");

/** Whether the bytes begin a file of journald's own: only journalctl reads those. */
export function isJournalFile(head: Buffer): boolean {
  return head.subarray(0, journalSignature.length).equals(journalSignature);
}

type MediumFormat = "messages" | "export" | "json" | "syslog";

/** The format of a medium that begins with that line, empty ones left out. */
function formatOf(line: string): MediumFormat {
  if (line.startsWith("{")) {
    const isEntry = !line.startsWith('{"ver"') && /"(?:__CURSOR|__REALTIME_TIMESTAMP|_BOOT_ID)"/.test(line);
    return isEntry ? "json" : "messages";
  }
  if (/^[A-Z_][A-Z0-9_]*=/.test(line)) return "export";
  return isSyslogLine(line) ? "syslog" : "messages";
}

/** Whether each line of a medium is a message as it stands there; `head` is its beginning, as far as `maxHeadBytes`. */
export function hasMessageLines(head: Buffer): boolean {
  let from = 0;
  while (head[from] === newline) from++;
  const lineEnd = head.indexOf(newline, from);
  return (
    !isJournalFile(head) && formatOf(head.toString("utf8", from, lineEnd === -1 ? head.length : lineEnd)) === "messages"
  );
}

export interface DetectingOptions {
  readonly maxLineBytes?: number;
  /** Lines of a medium in journal export format come with their entries as they stand there. */
  readonly keepsEntries?: boolean;
}

/** A splitter of any format that a recording may have. */
export class DetectingSplitter implements Splitter {
  readonly #options: DetectingOptions;
  /** The medium's first bytes, from its first line that is not empty. */
  readonly #head = new HeldBytes();
  /** Before that line. */
  #emptyLines = 0;
  #found: Splitter | null = null;

  constructor(options: DetectingOptions = {}) {
    this.#options = options;
  }

  *push(chunk: Buffer): Generator<SourceLine> {
    if (this.#found !== null) {
      yield* this.#found.push(chunk);
      return;
    }
    let from = 0;
    // Not held: there may be any number of them.
    if (this.#head.length === 0) while (chunk[from] === newline) from++;
    this.#emptyLines += from;
    if (from === chunk.length) return;
    const part = chunk.subarray(from);
    this.#head.add(part);
    if (part.includes(newline) || this.#head.length >= maxHeadBytes) yield* this.#detect();
  }

  *end(): Generator<SourceLine> {
    if (this.#found === null && this.#head.length > 0) yield* this.#detect();
    if (this.#found !== null) yield* this.#found.end();
  }

  trouble(reason: string): SourceLine {
    this.#head.drop();
    return (this.#found ?? new LineSplitter(undefined, undefined, this.#emptyLines)).trouble(reason);
  }

  restart(): void {
    this.#head.drop();
    this.#emptyLines = 0;
    this.#found = null;
  }

  *#detect(): Generator<SourceLine> {
    // A copy: whoever takes the lines may begin anew meanwhile.
    const head = Buffer.from(this.#head.bytes);
    this.#head.drop();
    if (this.#emptyLines === 0 && isJournalFile(head)) {
      this.#found = new LineSplitter(0, () => null);
      yield this.trouble("a journal file cannot be read from a pipe, only by its name");
      return;
    }
    const lineEnd = head.indexOf(newline);
    this.#found = this.#splitter(formatOf(head.toString("utf8", 0, lineEnd === -1 ? head.length : lineEnd)));
    yield* this.#found.push(head);
  }

  #splitter(format: MediumFormat): Splitter {
    const { maxLineBytes, keepsEntries } = this.#options;
    if (format === "export") return new EntrySplitter(keepsEntries, maxLineBytes);
    if (format === "json") return new LineSplitter(maxLineBytes, lineOfJournalJson, this.#emptyLines);
    return new LineSplitter(maxLineBytes, format === "syslog" ? lineOfSyslog : undefined, this.#emptyLines);
  }
}
