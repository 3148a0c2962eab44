/** Methods of xterm's lines that are others here: for what they would show wrongly, and for what they would cost. */
import { type CellContents, cellWords, combinedFlag, extendedFlag, type Line } from "./internals.ts";

/** Of one cell, in UTF-16 units: nothing that can be read needs more, and a cell could hold a whole recording. */
const maxCombined = 64;

/** Fewer cells are as quickly written one by one. */
const minRepeated = 16;

const mended = new WeakSet<Line>();

/** Once for all terminals: lines share a prototype. */
export function mendLines(line: Line): void {
  const prototype = Object.getPrototypeOf(line) as Line;
  if (mended.has(prototype)) return;
  mended.add(prototype);
  const { addCodepointToCell } = prototype;
  prototype.addCodepointToCell = function (this: Line, column, codePoint, width) {
    const isCombined = ((this._data[column * cellWords] ?? 0) & combinedFlag) !== 0;
    if (isCombined && (this._combined[column]?.length ?? 0) >= maxCombined) return;
    addCodepointToCell.call(this, column, codePoint, width);
  };
  prototype.copyCellsFrom = copyCellsFrom;
  const { fill, replaceCells } = prototype;
  prototype.fill = function (this: Line, cell, isSelective) {
    if (isSelective === true || !isPlain(cell)) {
      fill.call(this, cell, isSelective);
      return;
    }
    this._combined = {};
    this._extendedAttrs = {};
    repeatCell(this, 0, this.length, cell);
  };
  prototype.replaceCells = function (this: Line, from, to, cell, isSelective) {
    const end = Math.min(to, this.length);
    // Its own method looks at what stands at either end.
    const inner = from + 1;
    if (isSelective === true || end - inner < minRepeated || !isPlain(cell)) {
      replaceCells.call(this, from, to, cell, isSelective);
      return;
    }
    replaceCells.call(this, end - 1, to, cell, false);
    replaceCells.call(this, from, inner, cell, false);
    repeatCell(this, inner, end - 1, cell);
  };
}

/** Whether all of it is in the words of a cell. */
function isPlain({ content, bg }: CellContents): boolean {
  return (content & combinedFlag) === 0 && (bg & extendedFlag) === 0;
}

/** One by one cells take ten times as long. */
function repeatCell(line: Line, from: number, to: number, cell: CellContents): void {
  if (from >= to) return;
  line.setCell(from, cell);
  const [start, end] = [from * cellWords, to * cellWords];
  for (let done = cellWords; start + done < end; done *= 2) {
    line._data.copyWithin(start + done, start, Math.min(start + done, end - done));
  }
}

/**
 * xterm's copies the combined text of every cell from the first on, those behind the last too, and those that were written over
 * since: text that is on no screen any more would come over cells that nobody copied to.
 */
function copyCellsFrom(
  this: Line,
  from: Line,
  source: number,
  target: number,
  count: number,
  isBackward: boolean,
): void {
  for (let done = 0; done < count; done++) {
    const place = isBackward ? count - 1 - done : done;
    copyCell(from, source + place, this, target + place);
  }
}

function copyCell(from: Line, source: number, to: Line, target: number): void {
  const [at, into] = [source * cellWords, target * cellWords];
  for (let word = 0; word < cellWords; word++) to._data[into + word] = from._data[at + word] ?? 0;
  if (((from._data[at] ?? 0) & combinedFlag) !== 0) to._combined[target] = from._combined[source] ?? "";
  if (((from._data[at + 2] ?? 0) & extendedFlag) !== 0) to._extendedAttrs[target] = from._extendedAttrs[source];
}
