/** Methods of xterm's lines that are others here: for what they would show wrongly, and for what they would cost. */
import { cellWords, combinedFlag, extendedFlag, type Line } from "./internals.ts";

/** Of one cell, in UTF-16 units: nothing that can be read needs more, and a cell could hold a whole recording. */
const maxCombined = 64;

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
