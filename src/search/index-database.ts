/** The database of the search index: its file, its tables, and what is forgotten in it. */
import { chmodSync, lstatSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { RecError, systemReason } from "../errors.ts";
import { markParts, maxBlocks } from "./trigram.ts";

/** Raised with every change of what is kept, or of what counts as shown: an index of another version is made anew. */
const version = 5;
/** The database grows no further; what does not fit is searched without it. */
const maxBytes = 8 * 1024 ** 3;
/** So long another process that writes is waited for: several times its transactions. */
const busyMs = 2000;
/** A block of text and the end of its table's tree are one page. */
const pageBytes = 16 * 1024;
/** What is written lies beside the database until it is so much: that is the memory and the disk that it costs, and a sync each. */
const checkpointPages = (64 * 1024 ** 2) / pageBytes;

/** Each has one part of the marks of all pieces: what a search reads lies together. */
export const markTables: readonly string[] = Array.from({ length: markParts }, (_, part) => `marks${part}`);

/**
 * Opens the index in the folder, which is made for its owner alone; one that is damaged is made again. `addon`: its path, for SQLite to have
 * what native/search.c does. Throws REC_INDEX.
 */
export function openDatabase(folder: string, addon: string | null): DatabaseSync {
  const path = join(folder, "search.db");
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    refuseForeign(folder);
    const database = openAnew(path, addon !== null);
    if (addon !== null) {
      database.loadExtension(addon);
      database.enableLoadExtension(false);
    }
    return database;
  } catch (cause) {
    if (cause instanceof RecError) throw cause;
    throw new RecError("REC_INDEX", { path, why: systemReason(cause) }, cause);
  }
}

function refuseForeign(folder: string): void {
  const { uid, mode } = lstatSync(folder);
  if (uid === process.geteuid?.() && (mode & 0o022) === 0) return;
  throw new RecError("REC_INDEX", { path: folder, why: "others may write to the folder, or it is another user's" });
}

/** Nothing in it is not elsewhere. */
function openAnew(path: string, allowExtension: boolean): DatabaseSync {
  try {
    return openFile(path, allowExtension);
  } catch (error) {
    if (!(error instanceof Error) || !/malformed|not a database/.test(error.message)) throw error;
    removeFile(path);
    return openFile(path, allowExtension);
  }
}

function openFile(path: string, allowExtension: boolean): DatabaseSync {
  const opening = { timeout: busyMs, allowExtension };
  let database = new DatabaseSync(path, opening);
  const known = Number(database.prepare("PRAGMA user_version").get()?.["user_version"]);
  if (known !== version && known !== 0) {
    // Its pages have another size: that is not changed in place.
    database.close();
    removeFile(path);
    database = new DatabaseSync(path, opening);
  }
  chmodSync(path, 0o600);
  database.exec(`PRAGMA page_size = ${pageBytes}; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;`);
  if (known !== version) create(database);
  database.exec(
    `PRAGMA max_page_count = ${maxBytes / pageBytes}; PRAGMA cache_size = -64000; PRAGMA wal_autocheckpoint = ${checkpointPages}; PRAGMA secure_delete = ON`,
  );
  return database;
}

function removeFile(path: string): void {
  for (const end of ["", "-wal", "-shm"]) rmSync(path + end, { force: true });
}

function create(database: DatabaseSync): void {
  const marks = markTables.map(
    (table) => `DROP TABLE IF EXISTS ${table}; CREATE TABLE ${table} (piece INTEGER PRIMARY KEY, bits BLOB);`,
  );
  database.exec(`
    BEGIN IMMEDIATE;
    DROP TABLE IF EXISTS recordings;
    DROP TABLE IF EXISTS pieces;
    DROP TABLE IF EXISTS blocks;
    DROP TABLE IF EXISTS trigrams;
    CREATE TABLE recordings (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, state TEXT);
    CREATE TABLE pieces (id INTEGER PRIMARY KEY AUTOINCREMENT, recording INTEGER);
    ${marks.join("\n    ")}
    CREATE INDEX pieces_of ON pieces (recording);
    CREATE TABLE blocks (id INTEGER PRIMARY KEY, lines BLOB);
    CREATE VIRTUAL TABLE trigrams USING fts5 (words, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii');
    PRAGMA user_version = ${version};
    COMMIT;
  `);
}

/** The blocks of a piece have its number in front of theirs. */
export function blockId(piece: number, block: number): number {
  return piece * maxBlocks + block;
}

/** Takes out the text of a recording, and overwrites it. */
export function forget(database: DatabaseSync, recording: number): void {
  const pieces = "SELECT id FROM pieces WHERE recording = ?";
  database.prepare(`DELETE FROM trigrams WHERE rowid IN (${pieces})`).run(recording);
  const blocks = database.prepare("DELETE FROM blocks WHERE id BETWEEN ? AND ?");
  for (const { id } of database.prepare(pieces).all(recording)) {
    blocks.run(blockId(Number(id), 0), blockId(Number(id), maxBlocks - 1));
  }
  for (const table of markTables) database.prepare(`DELETE FROM ${table} WHERE piece IN (${pieces})`).run(recording);
  database.prepare("DELETE FROM pieces WHERE recording = ?").run(recording);
  database.prepare("DELETE FROM recordings WHERE id = ?").run(recording);
}
