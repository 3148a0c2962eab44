/** The size of the screen that is shown for a window: what any program may ask for is not what memory and time are spent on. */

/** Larger windows are no terminal's: cells cost memory and every erasing sequence time. */
export const maxCells = 1000;
/** Of the whole screen: a sequence of three bytes may erase, or scroll away, all of it. */
const maxArea = 250_000;
/** The emulator would take two columns at least. */
const minColumns = 2;

/** The size that is shown for a window of that size. Neither may be 0. */
export function shownSize(columns: number, rows: number): { readonly columns: number; readonly rows: number } {
  const shown = Math.min(Math.max(columns, minColumns), maxCells);
  return { columns: shown, rows: Math.min(rows, maxCells, Math.floor(maxArea / shown)) };
}
