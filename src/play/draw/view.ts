/** The view: which part of a recording's screen is on a terminal that is smaller. */
import type { Cursor } from "./frame.ts";

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

export class View {
  #column = 0;
  #row = 0;
  #isFollowing = true;

  /** The first column and row that are shown. */
  get column(): number {
    return this.#column;
  }

  get row(): number {
    return this.#row;
  }

  /** Moved by hand; follows the cursor again once that is back in sight. */
  move(columns: number, rows: number): void {
    this.#column += columns;
    this.#row += rows;
    this.#isFollowing = false;
  }

  /** Takes its place for the next frame: within the screen, and no farther moved than the cursor needs it. */
  place(screen: Size, window: Size, cursor: Cursor): void {
    const isInSight =
      isWithin(cursor.column, this.#column, window.columns) && isWithin(cursor.row, this.#row, window.rows);
    this.#isFollowing ||= isInSight;
    if (this.#isFollowing) {
      this.#column = covering(cursor.column, this.#column, window.columns);
      this.#row = covering(cursor.row, this.#row, window.rows);
    }
    this.#column = Math.max(0, Math.min(this.#column, screen.columns - window.columns));
    this.#row = Math.max(0, Math.min(this.#row, screen.rows - window.rows));
  }
}

function isWithin(at: number, from: number, length: number): boolean {
  return at >= from && at < from + length;
}

function covering(at: number, from: number, length: number): number {
  return at < from ? at : Math.max(from, at - length + 1);
}
