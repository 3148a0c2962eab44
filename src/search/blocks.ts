/** Blocks of text, as they are read from the index. */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { blockId } from "./index-database.ts";
import { maxBlocks } from "./trigram.ts";

/** A piece of text, and which of its blocks are meant: a bit for each. */
export type Selection = readonly [piece: number, blocks: number];

/** As text at once: an array of bytes for each takes longer than to look through it, and V8 collects garbage for what lies outside its heap. */
const whole = "CAST(lines AS TEXT)";
/** Those lines that have the word: native/search.c. */
const linesWith = "lines_with(lines, ?)";

export class Blocks {
  readonly #one: StatementSync;
  readonly #all: StatementSync;
  readonly #word: readonly Uint8Array[];

  /** `word`: blocks without it are empty, and of others only the lines that have it are there; for that the database has the addon. */
  constructor(database: DatabaseSync, word: string) {
    this.#word = word === "" ? [] : [Buffer.from(word)];
    const select = `SELECT ${word === "" ? whole : linesWith} FROM blocks WHERE id`;
    this.#one = database.prepare(`${select} = ?`);
    this.#all = database.prepare(`${select} BETWEEN ? AND ? ORDER BY id`);
    // Objects for rows take longer than the rows.
    this.#one.setReturnArrays(true);
    this.#all.setReturnArrays(true);
  }

  /** All of the pieces. */
  *all(pieces: readonly number[]): Generator<string> {
    for (const piece of pieces) {
      const ids = [blockId(piece, 0), blockId(piece, maxBlocks - 1)];
      for (const row of this.#all.iterate(...this.#word, ...ids)) yield linesOf(row);
    }
  }

  *some(selections: readonly Selection[]): Generator<string> {
    for (const [piece, blocks] of selections) {
      for (let left = blocks; left !== 0; left &= left - 1) {
        const row = this.#one.get(...this.#word, blockId(piece, 31 - Math.clz32(left & -left)));
        if (row !== undefined) yield linesOf(row);
      }
    }
  }
}

function linesOf(row: unknown): string {
  return (row as readonly [string | null])[0] ?? "";
}
