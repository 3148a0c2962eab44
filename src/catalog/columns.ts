/** Texts in columns: padded, and fitted into a terminal's width. */
import { isPlain } from "../printable.ts";

/** Cut texts end in it. */
const ellipsis = "…";
// Unicode TR11 by blocks: what is rarer may misalign a row, no more.
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const mark = /[\p{Mn}\p{Me}\u200b-\u200f]/u;
const gap = 2;
/** Where nothing is cut, other rows are not filled up to texts that are wider: a single one could make gigabytes of a list. */
const mostFilled = 64;

export interface Column {
  readonly title: string;
  /** It may be cut to so many cells. */
  readonly min?: number;
  /** Where cutting is not enough, those with the highest numbers stay, as many as have room. Without a number it is never left out. */
  readonly worth?: number;
}

/** Rows under their titles, a line each; texts must be safe to print. `width` null: nothing is cut. */
export function inColumns(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number | null,
): string {
  let shown = columns.map((column, at) => ({
    ...column,
    at,
    cells: Math.min(widest(column.title, rows, at), width ?? mostFilled),
  }));
  if (width !== null) {
    const room = (): number => width - shown.reduce((sum, { cells }) => sum + cells + gap, -gap);
    shown = withRoom(shown, width);
    // The widest gives first.
    for (let over = -room(); over > 0; over--) {
      const widestOne = shown.reduce((a, b) => (spare(b) > spare(a) ? b : a));
      if (spare(widestOne) <= 0) break;
      widestOne.cells--;
    }
  }
  const line = (texts: readonly string[]): string => {
    let text = "";
    for (const { at, cells } of shown) {
      if (text !== "") text += " ".repeat(gap);
      text += width === null ? filled(texts[at] ?? "", cells) : fitted(texts[at] ?? "", cells);
    }
    return `${text.trimEnd()}\n`;
  };
  let text = line(columns.map(({ title }) => title));
  for (const row of rows) text += line(row);
  return text;
}

function widest(title: string, rows: readonly (readonly string[])[], at: number): number {
  // Not Math.max(...): a list may be longer than a call may have arguments.
  return rows.reduce((cells, row) => Math.max(cells, cellsOf(row[at] ?? "")), title.length);
}

interface Shown extends Column {
  readonly at: number;
  cells: number;
}

function spare({ cells, min, title }: Shown): number {
  return min === undefined ? 0 : cells - Math.max(min, title.length);
}

/** The columns that are worth most and have room, if need be cut; in their order. */
function withRoom(columns: readonly Shown[], width: number): Shown[] {
  const byWorth = columns.toSorted((a, b) => (b.worth ?? Number.MAX_VALUE) - (a.worth ?? Number.MAX_VALUE));
  const kept = new Set<Shown>();
  let left = width + gap;
  for (const column of byWorth) {
    const cells = column.cells - Math.max(0, spare(column)) + gap;
    if (column.worth !== undefined && cells > left) continue;
    kept.add(column);
    left -= cells;
  }
  return columns.filter((column) => kept.has(column));
}

/** How many cells a terminal gives the text. */
export function cellsOf(text: string): number {
  if (isPlain(text)) return text.length;
  let cells = 0;
  for (const character of text) cells += mark.test(character) ? 0 : wide.test(character) ? 2 : 1;
  return cells;
}

function filled(text: string, length: number): string {
  return text + " ".repeat(Math.max(0, length - cellsOf(text)));
}

function fitted(text: string, length: number): string {
  const cells = cellsOf(text);
  if (cells <= length) return filled(text, length);
  let cut = "";
  let used = 0;
  for (const character of text) {
    const next = cellsOf(character);
    if (used + next > length - 1) break;
    cut += character;
    used += next;
  }
  return cut + ellipsis + " ".repeat(length - used - 1);
}
