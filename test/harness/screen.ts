/** All that an emulator shows, for comparison: cells with attributes, cursor, scrollback, modes that show. */
import type { Cell } from "../../src/emulator/cell.ts";
import type { Emulator } from "../../src/emulator/emulator.ts";
import type { Item } from "../../src/format/item.ts";

export function screenOf(emulator: Emulator): object {
  const rows: object[] = [];
  for (let row = -emulator.scrollbackRows; row < emulator.rows; row++) {
    const cells: Cell[] = [];
    emulator.readRow(row, cells);
    rows.push({ cells, isWrapped: emulator.isWrapped(row) });
  }
  const { columns, isAlternate, title, cursor } = emulator;
  return { rows, columns, isAlternate, title, cursor };
}

export function show(emulator: Emulator, item: Item): void {
  if (item.kind === "output") emulator.feed(item.bytes);
  else if (item.kind === "window") emulator.resize(item.columns, item.rows);
}

/** Whether two emulators show the same now and will for whatever follows. */
export function isSame(one: Emulator, other: Emulator): boolean {
  if (one.isWhole !== other.isWhole) return false;
  if (one.isWhole) return Buffer.from(one.snapshot()).equals(other.snapshot());
  return JSON.stringify(screenOf(one)) === JSON.stringify(screenOf(other));
}
