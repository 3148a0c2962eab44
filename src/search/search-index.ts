/** The index of shown text: an SQLite database that may be deleted at any time. It tells where a pattern may match; the texts are in it too. */
import { chmodSync, lstatSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { RecError, systemReason } from "../errors.ts";
import { packed } from "./scan.ts";
import type { ShownLine } from "./shown-text.ts";
import { type Requirement, Trigrams } from "./trigram.ts";

/** Raised with every change of what is kept, or of what counts as shown: an index of another version is made anew. */
const version = 1;
/** Text of one chunk, in characters: what is read to look into one. With 64 KiB indexing takes 1.6 times as long. */
const chunkLength = 256 * 1024;
/** The database grows no further; what does not fit is searched without it. */
const maxBytes = 4 * 1024 ** 3;
const pageBytes = 4096;

/** Which state of which recording a text is of: when any of it changes, the text is taken again. */
export interface IndexKey {
  /** The place and the recording's id. */
  readonly name: string;
  /** What changes with its content. */
  readonly state: string;
}

export interface TextWriter {
  add(line: ShownLine): void;
  /** The recording is whole, and found from now on. */
  commit(): void;
}

export class SearchIndex {
  readonly #database: DatabaseSync;
  readonly #ids: StatementSync;
  readonly #chunk: StatementSync;
  #recordings: ReadonlyMap<string, Known>;

  /** Opens the index in the folder, which is made for its owner alone. Throws REC_INDEX. */
  static open(folder: string): SearchIndex {
    const path = join(folder, "search.db");
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      refuseForeign(folder);
      return openAnew(path);
    } catch (cause) {
      if (cause instanceof RecError) throw cause;
      throw new RecError("REC_INDEX", { path, why: systemReason(cause) }, cause);
    }
  }

  constructor(path: string) {
    const database = new DatabaseSync(path, { timeout: 5000 });
    chmodSync(path, 0o600);
    this.#database = database;
    database.exec(`PRAGMA page_size = ${pageBytes}; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;`);
    const known = Number(database.prepare("PRAGMA user_version").get()?.["user_version"]);
    if (known !== version) create(database);
    database.exec(`PRAGMA max_page_count = ${maxBytes / pageBytes}; PRAGMA cache_size = -64000`);
    this.#recordings = recordingsOf(database);
    this.#ids = database.prepare("SELECT id FROM chunks WHERE recording = ? ORDER BY id");
    this.#chunk = database.prepare("SELECT lines FROM chunks WHERE id = ?");
  }

  has({ name, state }: IndexKey): boolean {
    return this.#recordings.get(name)?.state === state;
  }

  /** Takes the place of what was known of that recording, at the commit. */
  write({ name, state }: IndexKey): TextWriter {
    const database = this.#database;
    const trigrams = new Trigrams();
    let text = "";
    database.exec("BEGIN IMMEDIATE");
    const old = database.prepare("SELECT id FROM recordings WHERE name = ?").get(name);
    if (old !== undefined) forget(database, Number(old["id"]));
    database.prepare("DELETE FROM recordings WHERE name = ?").run(name);
    const { lastInsertRowid: id } = database
      .prepare("INSERT INTO recordings (name, state) VALUES (?, ?)")
      .run(name, state);
    const addChunk = database.prepare("INSERT INTO chunks (recording, lines) VALUES (?, ?)");
    const addWords = database.prepare("INSERT INTO trigrams (rowid, words) VALUES (?, ?)");
    const end = (): void => {
      if (text === "") return;
      const lines = zstdCompressSync(text, { params: { [constants.ZSTD_c_compressionLevel]: 1 } });
      const { lastInsertRowid: chunk } = addChunk.run(id, lines);
      addWords.run(chunk, trigrams.take().map(word).join(" "));
      text = "";
    };
    return {
      add(line) {
        text += packed(line);
        trigrams.add(line.text);
        if (text.length >= chunkLength) end();
      },
      commit() {
        end();
        database.exec("COMMIT");
      },
    };
  }

  /** Undoes what was not committed. */
  rollback(): void {
    if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
  }

  /** From here on what other processes change is not seen; `has` tells of the same moment. */
  freeze(): void {
    this.#database.exec("BEGIN");
    this.#recordings = recordingsOf(this.#database);
  }

  /** By the names of recordings, the pieces of their text that may hold what is required; null where everything may. */
  candidates(requirement: Requirement | null): ReadonlyMap<string, readonly number[]> | null {
    if (requirement === null) return null;
    const rows = this.#database
      .prepare(
        "SELECT name, chunks.id AS chunk FROM trigrams JOIN chunks ON chunks.id = trigrams.rowid JOIN recordings ON recordings.id = recording WHERE trigrams MATCH ? ORDER BY chunks.id",
      )
      .iterate(query(requirement));
    const found = new Map<string, number[]>();
    for (const { name, chunk } of rows) {
      const known = found.get(String(name));
      if (known === undefined) found.set(String(name), [Number(chunk)]);
      else known.push(Number(chunk));
    }
    return found;
  }

  /** The text of a recording, all of it or those pieces, in order; `hitsIn` reads it. */
  *texts(name: string, pieces: readonly number[] | null): Generator<string> {
    const id = this.#recordings.get(name)?.id;
    if (id === undefined) return;
    const ids = pieces ?? this.#ids.all(id).map((row) => Number(row["id"]));
    for (const piece of ids) {
      const row = this.#chunk.get(piece);
      if (row !== undefined) yield zstdDecompressSync(row["lines"] as Uint8Array).toString();
    }
  }

  /** Forgets recordings whose name is not among those that there are. */
  retain(isThere: (name: string) => boolean): void {
    for (const [name, { id }] of recordingsOf(this.#database)) {
      if (isThere(name)) continue;
      forget(this.#database, id);
      this.#database.prepare("DELETE FROM recordings WHERE id = ?").run(id);
    }
  }

  close(): void {
    this.#database.close();
  }
}

/** One that is damaged is made again: nothing in it is not elsewhere. */
function openAnew(path: string): SearchIndex {
  try {
    return new SearchIndex(path);
  } catch (error) {
    if (!(error instanceof Error) || !/malformed|not a database/.test(error.message)) throw error;
    for (const end of ["", "-wal", "-shm"]) rmSync(path + end, { force: true });
    return new SearchIndex(path);
  }
}

interface Known {
  readonly id: number;
  readonly state: string;
}

function recordingsOf(database: DatabaseSync): ReadonlyMap<string, Known> {
  const rows = database.prepare("SELECT id, name, state FROM recordings").all();
  return new Map(rows.map(({ id, name, state }) => [String(name), { id: Number(id), state: String(state) }]));
}

function refuseForeign(folder: string): void {
  const { uid, mode } = lstatSync(folder);
  if (uid === process.geteuid?.() && (mode & 0o022) === 0) return;
  throw new RecError("REC_INDEX", { path: folder, why: "others may write to the folder, or it is another user's" });
}

function create(database: DatabaseSync): void {
  database.exec(`
    DROP TABLE IF EXISTS recordings;
    DROP TABLE IF EXISTS chunks;
    DROP TABLE IF EXISTS trigrams;
    CREATE TABLE recordings (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, state TEXT);
    CREATE TABLE chunks (id INTEGER PRIMARY KEY AUTOINCREMENT, recording INTEGER, lines BLOB);
    CREATE INDEX chunks_of ON chunks (recording);
    CREATE VIRTUAL TABLE trigrams USING fts5 (words, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii');
    PRAGMA user_version = ${version};
  `);
}

function forget(database: DatabaseSync, recording: number): void {
  database.prepare("DELETE FROM trigrams WHERE rowid IN (SELECT id FROM chunks WHERE recording = ?)").run(recording);
  database.prepare("DELETE FROM chunks WHERE recording = ?").run(recording);
}

function word(trigram: number): string {
  return trigram.toString(36);
}

function query(requirement: Requirement): string {
  if (typeof requirement === "number") return `"${word(requirement)}"`;
  if ("all" in requirement) return requirement.all.map((part) => `(${query(part)})`).join(" AND ");
  return requirement.any.map((part) => `(${query(part)})`).join(" OR ");
}
