/** Composes a frame: the part of the recorded screen that is in view, marks where there is more, and lines of our own below it. */
import { type Cell, defaultColour } from "../../emulator/cell.ts";
import { type Cursor, Frame, reverse } from "./frame.ts";
import { writeLine } from "./status.ts";
import { Styles } from "./style.ts";
import type { Size, View } from "./view.ts";

/** What is needed of an emulator. */
export interface Screen extends Size {
  readonly cursor: Cursor & { readonly isVisible: boolean };
  readRow(row: number, cells: Cell[]): void;
  /** What a row says. */
  rowText(row: number): string;
}

export interface Layers {
  readonly screen: Screen;
  readonly view: View;
  /** Lines below the screen, the last at the bottom; told whether a part of the screen that says something is out of view. */
  readonly lines: readonly ((isPart: boolean) => string)[];
  /** Shown over the screen; none: nothing is. */
  readonly overlay: readonly string[];
  /** Cells of the screen that are to be seen. */
  readonly highlights: readonly Highlight[];
}

export interface Highlight extends Cursor {
  readonly columns: number;
}

/** The rows that are left for the screen. */
export function windowOf(terminal: Size, lines: number): Size {
  return { columns: terminal.columns, rows: Math.max(0, terminal.rows - lines) };
}

export function compose({ screen, view, lines, overlay, highlights }: Layers, terminal: Size): Frame {
  const frame = new Frame(terminal.columns, terminal.rows);
  const window = windowOf(terminal, lines.length);
  view.place(screen, window, screen.cursor);
  copy(frame, screen, view, window);
  highlight(frame, highlights, view, window);
  const isPart = markMore(frame, screen, view, window);
  writeOverlay(frame, overlay, window);
  for (const [index, line] of lines.entries()) writeLine(frame, window.rows + index, line(isPart));
  const { column, row, isVisible } = screen.cursor;
  const cursor = { column: column - view.column, row: row - view.row };
  const isInSight = isVisible && overlay.length === 0 && isWithin(cursor, window);
  frame.cursor = isInSight ? cursor : null;
  return frame;
}

function isWithin({ column, row }: Cursor, { columns, rows }: Size): boolean {
  return column >= 0 && column < columns && row >= 0 && row < rows;
}

function copy(frame: Frame, screen: Screen, view: View, window: Size): void {
  const cells: Cell[] = [];
  const styles = new Styles();
  const rows = Math.min(window.rows, screen.rows - view.row);
  const columns = Math.min(window.columns, screen.columns - view.column);
  for (let row = 0; row < rows; row++) {
    screen.readRow(view.row + row, cells);
    for (let column = 0; column < columns; column++) {
      const cell = cells[view.column + column];
      if (cell === undefined || cell.width === 0) continue;
      const isCut = cell.width === 2 && column + 1 >= columns;
      frame.put(column, row, isCut ? " " : cell.text, isCut ? 1 : cell.width, styles.of(cell));
    }
  }
}

/** Where a line goes on beyond the edge, and a corner where there are rows above or below that say something. */
function markMore(frame: Frame, screen: Screen, view: View, window: Size): boolean {
  const cells: Cell[] = [];
  const last = Math.min(window.columns, screen.columns) - 1;
  const right = view.column + window.columns;
  let isMore = false;
  const mark = (column: number, row: number, text: string): void => {
    frame.put(column, row, text, 1, reverse);
    isMore = true;
  };
  for (let row = 0; row < screen.rows; row++) {
    const shownRow = row - view.row;
    if (shownRow >= 0 && shownRow < window.rows) {
      if (view.column === 0 && right >= screen.columns) continue;
      screen.readRow(row, cells);
      if (isAny(cells, 0, view.column)) mark(0, shownRow, "<");
      if (isAny(cells, right, cells.length)) mark(last, shownRow, ">");
    } else if (screen.rowText(row).trim() !== "") {
      mark(last, shownRow < 0 ? 0 : window.rows - 1, shownRow < 0 ? "^" : "v");
    }
  }
  return isMore;
}

function isAny(cells: readonly Cell[], from: number, end: number): boolean {
  for (let column = from; column < end; column++) {
    const cell = cells[column];
    if (cell !== undefined && ((cell.text !== "" && cell.text !== " ") || cell.background !== defaultColour))
      return true;
  }
  return false;
}

function highlight(frame: Frame, highlights: readonly Highlight[], view: View, window: Size): void {
  for (const { column, row, columns } of highlights) {
    for (let offset = 0; offset < columns; offset++) {
      const place = { column: column + offset - view.column, row: row - view.row };
      if (isWithin(place, window)) frame.styles[place.row * frame.columns + place.column] = "7;33";
    }
  }
}

function writeOverlay(frame: Frame, overlay: readonly string[], window: Size): void {
  if (overlay.length === 0) return;
  const width = Math.min(window.columns, Math.max(...overlay.map((line) => line.length)) + 2);
  const left = Math.floor((window.columns - width) / 2);
  const rows = overlay.slice(0, window.rows);
  const top = Math.floor((window.rows - rows.length) / 2);
  for (const [index, line] of rows.entries()) {
    frame.write(left, top + index, ` ${line}`.padEnd(width).slice(0, width), reverse);
  }
}
