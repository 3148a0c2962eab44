/** Methods of xterm's buffers, and of the lists that they keep lines in, that are others here. */
import { type Buffer, extendedFlag, type Line } from "./internals.ts";

const mended = new WeakSet<object>();
/** The last blank line that was asked for: most are like the one before. */
let blank: { readonly line: Line; readonly fg: number; readonly bg: number } | null = null;

/** Once for all terminals: buffers share a prototype, and lists do. */
export function mendBuffers(buffer: Buffer): void {
  const prototype = Object.getPrototypeOf(buffer) as Buffer;
  if (mended.has(prototype)) return;
  mended.add(prototype);
  mendLists(Object.getPrototypeOf(buffer.lines) as Buffer["lines"]);
  forgoTidying(Object.getPrototypeOf(buffer._memoryCleanupQueue) as Buffer["_memoryCleanupQueue"]);
  const { getBlankLine } = prototype;
  // Copied as a whole: cell by cell it takes ten times as long.
  prototype.getBlankLine = function (this: Buffer, attributes, isWrapped = false) {
    const { fg, bg } = attributes;
    const columns = this._bufferService.cols;
    if ((bg & extendedFlag) !== 0) return getBlankLine.call(this, attributes, isWrapped);
    if (blank?.line.length !== columns || blank.fg !== fg || blank.bg !== bg) {
      blank = { line: getBlankLine.call(this, attributes, false), fg, bg };
    }
    const line = blank.line.clone();
    line.isWrapped = isWrapped;
    return line;
  };
}

/**
 * After a narrower window lines give back the memory of their wider days, by a timer, which warns on the console where the host is slow: in
 * the middle of what is played. They keep it instead, until they go.
 */
function forgoTidying(prototype: Buffer["_memoryCleanupQueue"]): void {
  prototype.enqueue = () => {};
}

/**
 * A narrower window makes more lines, and those that there is no room for are put before the first: in a ring that is the last one, which
 * would say what another says.
 */
function mendLists(prototype: Buffer["lines"]): void {
  const { set } = prototype;
  prototype.set = function (this: Buffer["lines"], y, line) {
    if (y >= 0) set.call(this, y, line);
  };
}
