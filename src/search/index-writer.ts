/** Writes the texts of recordings to the index, of several at the same time. */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { monotonicMs } from "../clock.ts";
import { blockId, forget, markTables } from "./index-database.ts";
import type { Piece } from "./piece.ts";
import { marksOfPart } from "./trigram.ts";

/** Which state of which recording a text is of: when any of it changes, the text is taken again. */
export interface IndexKey {
  /** The place and the recording's id. */
  readonly name: string;
  /** What changes with its content; never empty. */
  readonly state: string;
}

export interface TextWriter {
  add(piece: Piece): void;
  /** The recording is whole, and found when the writer has ended. */
  commit(): void;
  /** Takes back what was added. */
  undo(): void;
}

/** What was written is kept together after so long: another process waits no longer to write, and a sync is not needed for each recording. */
const transactionMs = 500;
/** The state of what is not whole. */
const unfinished = "";

export class IndexWriter {
  readonly #database: DatabaseSync;
  readonly #addPiece: StatementSync;
  readonly #addMarks: readonly StatementSync[];
  readonly #addBlock: StatementSync;
  readonly #addWords: StatementSync;
  readonly #unfinished = new Set<number>();
  #begunMs = 0;
  #isAbandoned = false;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#addPiece = database.prepare("INSERT INTO pieces (recording) VALUES (?)");
    this.#addMarks = markTables.map((table) => database.prepare(`INSERT INTO ${table} (piece, bits) VALUES (?, ?)`));
    this.#addBlock = database.prepare("INSERT INTO blocks (id, lines) VALUES (?, ?)");
    this.#addWords = database.prepare("INSERT INTO trigrams (rowid, words) VALUES (?, ?)");
  }

  /** Takes the place of what was known of that recording. */
  write({ name, state }: IndexKey): TextWriter {
    const database = this.#database;
    this.#begin();
    const old = database.prepare("SELECT id FROM recordings WHERE name = ?").get(name);
    if (old !== undefined) forget(database, Number(old["id"]));
    const insert = database.prepare("INSERT INTO recordings (name, state) VALUES (?, ?)");
    const id = Number(insert.run(name, unfinished).lastInsertRowid);
    this.#unfinished.add(id);
    return {
      add: (piece) => this.#add(id, piece),
      commit: () => {
        this.#begin();
        const { changes } = database.prepare("UPDATE recordings SET state = ? WHERE id = ?").run(state, id);
        // Another process took the same recording meanwhile.
        if (changes === 0) forget(database, id);
        this.#unfinished.delete(id);
      },
      undo: () => {
        this.#begin();
        forget(database, id);
        this.#unfinished.delete(id);
      },
    };
  }

  /** Keeps what was written. */
  end(): void {
    if (this.#database.isTransaction) this.#database.exec("COMMIT");
  }

  /** Takes back what is not whole, and perhaps some of what is. */
  abandon(): void {
    this.#isAbandoned = true;
    if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
    try {
      for (const id of this.#unfinished) forget(this.#database, id);
    } catch {
      // Full, or in use: nothing finds what is not whole, and who takes that recording again takes it out.
    }
  }

  #begin(): void {
    if (this.#isAbandoned) throw new Error("the index is no longer written");
    const nowMs = monotonicMs();
    if (this.#database.isTransaction && nowMs - this.#begunMs > transactionMs) this.end();
    if (this.#database.isTransaction) return;
    this.#database.exec("BEGIN IMMEDIATE");
    this.#begunMs = nowMs;
  }

  #add(recording: number, { lines, ends, marks, words }: Piece): void {
    this.#begin();
    const id = Number(this.#addPiece.run(recording).lastInsertRowid);
    for (const [part, insert] of this.#addMarks.entries()) {
      const { buffer, byteOffset, byteLength } = marks.subarray(part * marksOfPart, (part + 1) * marksOfPart);
      insert.run(id, new Uint8Array(buffer, byteOffset, byteLength));
    }
    for (const [block, end] of ends.entries()) {
      this.#addBlock.run(blockId(id, block), lines.subarray(ends[block - 1] ?? 0, end));
    }
    this.#addWords.run(id, words);
  }
}
