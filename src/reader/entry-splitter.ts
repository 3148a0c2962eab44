/** The entry splitter: chunks of journal export format to message lines. */
import { lineOfEntry } from "./entry.ts";
import { type ExportEntry, ExportParser, type ExportTrouble } from "./export-format.ts";
import type { SourceLine, Splitter } from "./reader.ts";

export class EntrySplitter implements Splitter {
  readonly #parser: ExportParser;
  readonly #keepsEntries: boolean;
  #number = 0;

  constructor(keepsEntries = false, maxEntryBytes?: number) {
    this.#parser = new ExportParser(maxEntryBytes);
    this.#keepsEntries = keepsEntries;
  }

  *push(chunk: Buffer): Generator<SourceLine> {
    for (const found of this.#parser.push(chunk)) yield this.#line(found);
  }

  *end(): Generator<SourceLine> {
    for (const found of this.#parser.end()) yield this.#line(found);
  }

  trouble(reason: string): SourceLine {
    this.#parser.restart();
    return { text: "", place: `entry ${this.#number + 1}`, isWhole: true, trouble: reason };
  }

  restart(): void {
    this.#parser.restart();
    this.#number = 0;
  }

  #line(found: ExportEntry | ExportTrouble): SourceLine {
    const place = `entry ${++this.#number}`;
    if (typeof found === "string") return { text: "", place, isWhole: true, trouble: found };
    const line = lineOfEntry((name) => found.value(name)?.toString(), place);
    return this.#keepsEntries ? { ...line, entry: Buffer.from(found.bytes) } : line;
  }
}
