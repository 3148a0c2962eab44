/** A frame: what is, or should be, on the auditor's terminal, cell by cell. Only glyphs get into it. */
import { glyph } from "./glyph.ts";

export interface Cursor {
  readonly column: number;
  readonly row: number;
}

/** The parameters of SGR that make a cell's looks; "" is the terminal's own. */
export type Style = string;

export const reverse: Style = "7";

export class Frame {
  readonly columns: number;
  readonly rows: number;
  /** Row by row; "" is the right half of the wide character before it. */
  readonly texts: string[];
  readonly styles: Style[];
  /** Null when it is hidden. */
  cursor: Cursor | null = null;

  constructor(columns: number, rows: number) {
    this.columns = columns;
    this.rows = rows;
    this.texts = new Array<string>(columns * rows).fill(" ");
    this.styles = new Array<Style>(columns * rows).fill("");
  }

  /** Puts a character with its marks into one cell, or two; what does not fit into its row is left out. */
  put(column: number, row: number, text: string, width: 1 | 2, style: Style): void {
    if (column < 0 || row < 0 || row >= this.rows || column + width > this.columns) return;
    const at = row * this.columns + column;
    this.#cutWide(column, at);
    if (width === 2) this.#cutWide(column + 1, at + 1);
    this.texts[at] = glyph(text);
    this.styles[at] = style;
    if (width === 1) return;
    this.texts[at + 1] = "";
    this.styles[at + 1] = style;
  }

  /** One cell a character, which takes no more. */
  write(column: number, row: number, text: string, style: Style): void {
    for (const [index, character] of [...text].entries()) this.put(column + index, row, character, 1, style);
  }

  isWide(at: number): boolean {
    return (at + 1) % this.columns !== 0 && this.texts[at + 1] === "";
  }

  /** A wide character of which one half is overwritten loses the other. */
  #cutWide(column: number, at: number): void {
    if (this.texts[at] === "" && column > 0) this.texts[at - 1] = " ";
    else if (this.isWide(at)) this.texts[at + 1] = " ";
  }
}
