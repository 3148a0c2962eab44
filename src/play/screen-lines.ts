/** Lines of a screen as they were written: rows that one line was wrapped into, together. */
import type { Emulator } from "../emulator/emulator.ts";

/** A hostile screen is one line; what comes after so many of its rows is another. */
const maxRows = 50;

/** From the first row to the last; a line that begins above the screen begins with it. */
export function screenLines(emulator: Emulator): string[] {
  const lines: string[] = [];
  let rows = 0;
  for (let row = 0; row < emulator.rows; row++) {
    const text = emulator.rowText(row);
    rows = row > 0 && rows < maxRows && emulator.isWrapped(row) ? rows + 1 : 1;
    if (rows > 1) lines[lines.length - 1] += text;
    else lines.push(text);
  }
  return lines;
}
