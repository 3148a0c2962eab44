/** The painter: from what is on the terminal to what should be, in as few bytes as that takes. Its words are all that ever goes out. */
import type { Cursor, Style } from "./frame.ts";
import { Frame } from "./frame.ts";
import { certainWidth } from "./glyph.ts";

/** Unchanged cells up to this many are written again: a move of the cursor takes as much. */
const shortRun = 4;

const csi = "\u001b[";
/** Alternate screen; no wrapping at the right edge, where what we write must not scroll. */
export const opening = `${csi}?1049h${csi}0m${csi}?7l${csi}?25l${csi}2J`;
/** From the last row, for terminals that have no other screen. */
export const closing = `${csi}0m${csi}?7h${csi}?25h${csi}9999;1H${csi}?1049l`;

export class Painter {
  readonly #isSynchronous: boolean;
  #shown: Frame | null = null;
  #style: Style = "";
  /** Where the terminal's cursor surely is; -1 when that is not sure. */
  #column = -1;
  #row = -1;
  #isCursorShown = false;
  #out: string[] = [];

  /** `isSynchronous`: the terminal is told where a picture begins and ends, so that it never shows half of one. */
  constructor(isSynchronous: boolean) {
    this.#isSynchronous = isSynchronous;
  }

  /** What was shown is gone: the next frame is painted wholly. */
  forget(): void {
    this.#shown = null;
  }

  /** The text that turns what was painted last into the frame, which is then ours; "" when nothing has changed. */
  paint(frame: Frame): string {
    let shown = this.#shown;
    if (shown === null || shown.columns !== frame.columns || shown.rows !== frame.rows) {
      shown = new Frame(frame.columns, frame.rows);
      this.#clear();
    }
    for (let row = 0; row < frame.rows; row++) this.#paintRow(frame, shown, row);
    this.#setStyle("");
    this.#placeCursor(frame.cursor);
    this.#shown = frame;
    const text = this.#out.join("");
    this.#out = [];
    return text === "" || !this.#isSynchronous ? text : `${csi}?2026h${text}${csi}?2026l`;
  }

  #clear(): void {
    this.#out.push(`${csi}0m${csi}?25l${csi}2J`);
    this.#style = "";
    this.#column = -1;
    this.#isCursorShown = false;
  }

  #paintRow(frame: Frame, shown: Frame, row: number): void {
    const from = row * frame.columns;
    const blank = from + blankColumn(frame, row);
    const end = from + frame.columns;
    let at = from;
    for (let next = change(frame, shown, at, blank); next !== -1; next = change(frame, shown, at, blank)) {
      const first = startOf(frame, shown, next, at);
      const isNear = first - at <= shortRun && row === this.#row && at - from === this.#column;
      if (!isNear) at = first;
      // What follows a glyph of doubtful width may have been covered by it.
      for (let isSure = true; at <= next || (!isSure && at < end); ) {
        isSure = this.#write(frame, at, row);
        at += frame.isWide(at) ? 2 : 1;
      }
    }
    if (change(frame, shown, Math.max(at, blank), end) === -1) return;
    this.#move(Math.max(at, blank) - from, row);
    this.#setStyle("");
    this.#out.push(`${csi}K`);
  }

  /** Writes the glyph of that cell; false when its width is doubtful. */
  #write(frame: Frame, at: number, row: number): boolean {
    const text = frame.texts[at] ?? " ";
    const width = frame.isWide(at) ? 2 : 1;
    const column = at - row * frame.columns;
    const isSure = certainWidth(text) === width;
    this.#move(column, row);
    this.#setStyle(frame.styles[at] ?? "");
    if (!isSure && width === 2) {
      // Where the terminal thinks it narrower, nothing old stays beside it.
      this.#out.push("  ");
      this.#column = -1;
      this.#move(column, row);
    }
    this.#out.push(text);
    // At the right edge the cursor stays on the last cell.
    this.#column = isSure && column + width < frame.columns ? column + width : -1;
    return isSure;
  }

  #move(column: number, row: number): void {
    if (this.#row === row && this.#column === column) return;
    this.#out.push(`${csi}${row + 1};${column + 1}H`);
    this.#row = row;
    this.#column = column;
  }

  #setStyle(style: Style): void {
    if (this.#style === style) return;
    this.#out.push(style === "" ? `${csi}0m` : `${csi}0;${style}m`);
    this.#style = style;
  }

  #placeCursor(cursor: Cursor | null): void {
    if (cursor !== null) this.#move(cursor.column, cursor.row);
    if (this.#isCursorShown === (cursor !== null)) return;
    this.#isCursorShown = cursor !== null;
    this.#out.push(cursor === null ? `${csi}?25l` : `${csi}?25h`);
  }
}

/** The column from which on the row is blank in the terminal's own looks. */
function blankColumn(frame: Frame, row: number): number {
  const from = row * frame.columns;
  let end = frame.columns;
  while (end > 0 && frame.texts[from + end - 1] === " " && frame.styles[from + end - 1] === "") end--;
  return end;
}

/** The first cell that has changed, or -1. */
function change(frame: Frame, shown: Frame, from: number, end: number): number {
  for (let at = from; at < end; at++) {
    if (frame.texts[at] !== shown.texts[at] || frame.styles[at] !== shown.styles[at]) return at;
  }
  return -1;
}

/** Back to the first half of a wide character, on the terminal or to be there. */
function startOf(frame: Frame, shown: Frame, at: number, limit: number): number {
  let first = at;
  while (first > limit && (frame.texts[first] === "" || shown.texts[first] === "")) first--;
  return first;
}
