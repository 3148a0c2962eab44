/** Piece readers: make pieces of what recordings showed, here or in a thread. */
import { RecError } from "../errors.ts";
import { type Piece, PieceWriter } from "../search/piece.ts";
import type { SourceSettings } from "../source.ts";
import { type Environment, readShown } from "./shown.ts";

export interface PieceTaker {
  /** `bytes` were shown by then. */
  take(piece: Piece, bytes: number): void;
  /** Resolved when more may come. */
  readonly room: () => Promise<void>;
}

export interface PieceReader {
  /** Whether all could be read; one recording at a time. Throws what `take` throws. */
  read(settings: Partial<SourceSettings>, taker: (piece: Piece, bytes: number) => void): Promise<boolean>;
  close(): Promise<void>;
}

/** Reads one recording after the other; false where one cannot be read. */
export class PieceMaker {
  readonly #environment: Environment;
  readonly #writer: PieceWriter;
  #take: (piece: Piece) => void = () => {};

  constructor(environment: Environment) {
    this.#environment = environment;
    this.#writer = new PieceWriter((piece) => this.#take(piece));
  }

  async make(settings: Partial<SourceSettings>, taker: PieceTaker): Promise<boolean> {
    let shown = 0;
    const writer = this.#writer;
    this.#take = (piece) => taker.take(piece, shown);
    try {
      for await (const { lines, bytes } of readShown(settings, this.#environment)) {
        shown = bytes;
        for (const line of lines) writer.add(line);
        await taker.room();
      }
      writer.end();
      return true;
    } catch (error) {
      writer.discard();
      // What cannot be read is told when it is searched.
      if (error instanceof RecError) return false;
      throw error;
    }
  }
}

/** In the thread that asks: for so little that another would not be ready sooner. */
export function readerHere(environment: Environment): PieceReader {
  const maker = new PieceMaker(environment);
  return {
    read: async (settings, take) => await maker.make(settings, { take, room: async () => {} }),
    close: async () => {},
  };
}
