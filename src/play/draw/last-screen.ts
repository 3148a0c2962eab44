/** The last screen: what is left on the auditor's terminal after the playing, as lines that can be scrolled and copied. */
import { type Cell, defaultColour } from "../../emulator/cell.ts";
import type { Screen } from "./compose.ts";
import { glyph } from "./glyph.ts";
import { Styles } from "./style.ts";

/** Whole lines, also of a screen that is larger than the terminal, each ended by CR LF; blank ones at the end are left out. */
export function lastScreen(screen: Screen): string {
  const lines = Array.from({ length: screen.rows }, (_, row) => lineOf(screen, row));
  while (lines.at(-1) === "") lines.pop();
  return lines.map((line) => `${line}\r\n`).join("");
}

function lineOf(screen: Screen, row: number): string {
  const cells: Cell[] = [];
  screen.readRow(row, cells);
  const end = cells.findLastIndex(({ text, background }) => !isBlank(text) || background !== defaultColour) + 1;
  const styles = new Styles();
  let style = "";
  let line = "";
  for (const cell of cells.slice(0, end)) {
    if (cell.width === 0) continue;
    const next = styles.of(cell);
    if (next !== style) line += next === "" ? "\u001b[0m" : `\u001b[0;${next}m`;
    style = next;
    line += glyph(cell.text);
  }
  return style === "" ? line : `${line}\u001b[0m`;
}

function isBlank(text: string): boolean {
  return text === "" || text === " ";
}
