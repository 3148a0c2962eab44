/** The index of shown text: an SQLite database that may be deleted at any time. It tells where a pattern may match; the texts are in it too. */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { Blocks, type Selection } from "./blocks.ts";
import { forget, markTables, openDatabase } from "./index-database.ts";
import { type IndexKey, IndexWriter } from "./index-writer.ts";
import { word } from "./piece.ts";
import { blocksOf, marksOf, marksOfPart, type Requirement } from "./trigram.ts";

/** Text is handed on in parts of about so many characters: that is the memory it takes, and a pattern has a moment for each. */
const batchLength = 256 * 1024;
/** A block counts as so many at least, whatever of it may match: it was read. */
const leastLength = 8 * 1024;
/** Of the marks as they are kept, in the machine's order of bytes: both that we run on have the little end first. */
const markBytes = 4;
/** More marks of a requirement narrow no further. */
const maxMarks = 16;
/** So much of the file is looked at where it lies in the kernel's cache: SQLite itself maps no more. */
const mappedBytes = 2 * 1024 ** 3;
/** From so many pieces on it is mapped: wherever that is looked at, the kernel reads 128 KB from the disk, and else a page. */
const manyPieces = 200;

interface Known {
  readonly id: number;
  readonly state: string;
}

/** By what `SearchIndex` knows recordings by; null where everything may match. */
export type Candidates = ReadonlyMap<number, readonly Selection[]> | null;

export class SearchIndex {
  readonly #database: DatabaseSync;
  readonly #pieces: StatementSync;
  readonly #hasAddon: boolean;
  /** Another one when another process has changed anything. */
  #version: unknown;
  #isWritten = false;
  #recordings: ReadonlyMap<string, Known>;

  private constructor(database: DatabaseSync, hasAddon: boolean) {
    this.#database = database;
    this.#hasAddon = hasAddon;
    this.#version = versionOf(database);
    this.#recordings = recordingsOf(database);
    this.#pieces = database.prepare("SELECT id FROM pieces WHERE recording = ? ORDER BY id");
  }

  /** Opens the index in the folder, which is made for its owner alone; with the addon, a path, it is searched sooner. Throws REC_INDEX. */
  static open(folder: string, addon: string | null = null): SearchIndex {
    return new SearchIndex(openDatabase(folder, addon), addon !== null);
  }

  has({ name, state }: IndexKey): boolean {
    return this.#recordings.get(name)?.state === state;
  }

  /** One at a time; end it before `freeze`. */
  writer(): IndexWriter {
    this.#isWritten = true;
    return new IndexWriter(this.#database);
  }

  /** From here on what other processes change is not seen; `has` tells of the same moment. */
  freeze(): void {
    this.#database.exec("BEGIN");
    this.#refresh();
  }

  #refresh(): void {
    const version = versionOf(this.#database);
    if (version === this.#version && !this.#isWritten) return;
    this.#version = version;
    this.#recordings = recordingsOf(this.#database);
  }

  /** Which pieces of text may hold what is required. */
  candidates(requirement: Requirement | null): Candidates {
    if (requirement === null) {
      this.#map();
      return null;
    }
    const query = queryOf(requirement);
    if (this.#piecesWith(query) >= manyPieces) this.#map();
    const marks = [...marksOf(requirement)].slice(0, maxMarks);
    const slices = marks.map(sliceOf).join(" || ");
    const tables = [...new Set(marks.map(tableOf))].map(
      (table) => `CROSS JOIN ${table} ON ${table}.piece = trigrams.rowid`,
    );
    const select = this.#database.prepare(
      `SELECT pieces.id, recording, CAST(${slices} AS BLOB) FROM trigrams CROSS JOIN pieces ON pieces.id = trigrams.rowid ${tables.join(" ")} WHERE trigrams MATCH ? ORDER BY trigrams.rowid`,
    );
    select.setReturnArrays(true);
    const found = new Map<number, Selection[]>();
    for (const row of select.iterate(query)) {
      const [piece, recording, bytes] = row as unknown as [number, number, Uint8Array];
      const view = new DataView(bytes.buffer, bytes.byteOffset);
      const blocks = blocksOf(requirement, (mark) => {
        const at = marks.indexOf(mark);
        return at === -1 ? -1 : view.getInt32(at * markBytes, true);
      });
      const known = found.get(recording);
      if (known === undefined) found.set(recording, [[piece, blocks]]);
      else known.push([piece, blocks]);
    }
    return found;
  }

  /** What `texts` reads: all that lines which have that word may match, of any lines where it is empty. */
  blocks(word: string): Blocks {
    return new Blocks(this.#database, this.#hasAddon ? word : "");
  }

  /** The text of a recording, all that may match, in order, in batches of blocks; `hitsIn` reads them. */
  *texts(name: string, candidates: Candidates, blocks: Blocks): Generator<readonly string[]> {
    const id = this.#recordings.get(name)?.id;
    if (id === undefined) return;
    let batch: string[] = [];
    let length = 0;
    for (const lines of candidates === null ? blocks.all(this.#piecesOf(id)) : blocks.some(candidates.get(id) ?? [])) {
      if (lines !== "") batch.push(lines);
      length += Math.max(lines.length, leastLength);
      if (length < batchLength) continue;
      yield batch;
      batch = [];
      length = 0;
    }
    if (batch.length > 0) yield batch;
  }

  #map(): void {
    this.#database.exec(`PRAGMA mmap_size = ${mappedBytes}`);
  }

  #piecesWith(query: string): number {
    const select = this.#database.prepare("SELECT count(*) AS count FROM trigrams WHERE trigrams MATCH ?");
    return Number(select.get(query)?.["count"]);
  }

  #piecesOf(recording: number): number[] {
    return this.#pieces.all(recording).map(({ id }) => Number(id));
  }

  /** Forgets recordings whose name is not among those that there are. */
  retain(isThere: (name: string) => boolean): void {
    this.#refresh();
    for (const [name, { id }] of this.#recordings) {
      if (isThere(name)) continue;
      forget(this.#database, id);
      this.#isWritten = true;
    }
  }

  close(): void {
    this.#database.close();
  }
}

function tableOf(mark: number): string {
  return markTables[Math.floor(mark / marksOfPart)] as string;
}

/** What is kept of a mark of the piece. */
function sliceOf(mark: number): string {
  return `substr(${tableOf(mark)}.bits, ${(mark % marksOfPart) * markBytes + 1}, ${markBytes})`;
}

function recordingsOf(database: DatabaseSync): ReadonlyMap<string, Known> {
  const select = database.prepare("SELECT id, name, state FROM recordings");
  select.setReturnArrays(true);
  const rows = select.all() as unknown as readonly [number, string, string][];
  return new Map(rows.map(([id, name, state]) => [name, { id, state }]));
}

function versionOf(database: DatabaseSync): unknown {
  return database.prepare("PRAGMA data_version").get()?.["data_version"];
}

function queryOf(requirement: Requirement): string {
  if (typeof requirement === "number") return `"${word(requirement)}"`;
  if ("all" in requirement) return requirement.all.map((part) => `(${queryOf(part)})`).join(" AND ");
  return requirement.any.map((part) => `(${queryOf(part)})`).join(" OR ");
}
