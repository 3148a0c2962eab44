/** The list that xterm keeps the lines of a buffer in. */
import type { Buffer } from "./internals.ts";

type List = Buffer["lines"];

const mended = new WeakSet<object>();

/**
 * Once for all terminals: lists share a prototype. A narrower window makes more lines, and those that there is no room for are put before
 * the first: in a ring that is the last one, which would say what another says.
 */
export function mendLists(list: List): void {
  const prototype = Object.getPrototypeOf(list) as List;
  if (mended.has(prototype)) return;
  mended.add(prototype);
  const { set } = prototype;
  prototype.set = function (this: List, y, line) {
    if (y >= 0) set.call(this, y, line);
  };
}
