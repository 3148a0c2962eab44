/** Detection: by its first bytes, how a medium is to be split into message lines. */
import { EntrySplitter } from "./entry-splitter.ts";
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
  #head: Buffer = Buffer.alloc(0);
  #found: Splitter | null = null;

  constructor(options: DetectingOptions = {}) {
    this.#options = options;
  }

  *push(chunk: Buffer): Generator<SourceLine> {
    if (this.#found !== null) {
      yield* this.#found.push(chunk);
      return;
    }
    this.#head = Buffer.concat([this.#head, chunk]);
    let from = 0;
    while (this.#head[from] === newline) from++;
    const lineEnd = this.#head.indexOf(newline, from);
    if (lineEnd === -1 && this.#head.length - from < maxHeadBytes) return;
    yield* this.#detect(from, lineEnd === -1 ? this.#head.length : lineEnd);
  }

  *end(): Generator<SourceLine> {
    if (this.#found === null && this.#head.length > 0) yield* this.#detect(0, this.#head.length);
    if (this.#found !== null) yield* this.#found.end();
  }

  trouble(reason: string): SourceLine {
    this.#head = Buffer.alloc(0);
    return (this.#found ?? new LineSplitter()).trouble(reason);
  }

  restart(): void {
    this.#head = Buffer.alloc(0);
    this.#found = null;
  }

  *#detect(from: number, to: number): Generator<SourceLine> {
    const head = this.#head;
    this.#head = Buffer.alloc(0);
    if (isJournalFile(head)) {
      this.#found = new LineSplitter(0, () => null);
      yield this.trouble("a journal file cannot be read from a pipe, only by its name");
      return;
    }
    this.#found = this.#splitter(formatOf(head.toString("utf8", from, to)));
    yield* this.#found.push(head);
  }

  #splitter(format: MediumFormat): Splitter {
    const { maxLineBytes, keepsEntries } = this.#options;
    if (format === "export") return new EntrySplitter(keepsEntries, maxLineBytes);
    if (format === "json") return new LineSplitter(maxLineBytes, lineOfJournalJson);
    return new LineSplitter(maxLineBytes, format === "syslog" ? lineOfSyslog : undefined);
  }
}
