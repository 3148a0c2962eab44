/** Search: on from a place of a recording, or back, to where a line is shown that was not before. */

import { type Cell, emptyCell } from "../emulator/cell.ts";
import type { Emulator } from "../emulator/emulator.ts";
import type { Highlight } from "./draw/compose.ts";
import { type Place, Scan } from "./scan.ts";
import type { Timeline } from "./timeline/timeline.ts";

/** Back, this many packets are searched first, then each time so many times as many. */
const firstStretch = 1000;
const growth = 4;

/** Where in the recording, told by packets and bytes of the next one. */
export interface Position {
  readonly packets: number;
  readonly offset: number;
}

export interface Watch {
  readonly signal: AbortSignal;
  /** How much of the recording has been searched, 0 to 1. */
  progress(ratio: number): void;
}

/** The next place after this one; null when there is none. */
export async function searchOn(
  timeline: Timeline,
  expression: RegExp,
  from: Position,
  { signal, progress }: Watch,
): Promise<Place | null> {
  const place = await placeAt(timeline, from, signal);
  if (place === null) return null;
  const scan = new Scan(expression, place);
  while (await scan.next(signal)) {
    const { packets } = scan.place.cursor;
    if (scan.isHit && !scan.isOver) return scan.place;
    if (scan.isHit) {
      scan.place.cursor.close();
      return await placeAt(timeline, { packets, offset: 0 }, signal);
    }
    progress(Math.min(1, packets / Math.max(1, timeline.packets)));
  }
  scan.place.cursor.close();
  return null;
}

async function placeAt(timeline: Timeline, { packets, offset }: Position, signal: AbortSignal): Promise<Place | null> {
  const moment = await timeline.seek({ packets }, signal);
  if (moment === null) return null;
  const next = offset === 0 ? null : await moment.cursor.peek();
  if (next?.kind !== "output") return { ...moment, offset: 0 };
  moment.emulator.feed(next.bytes.subarray(0, offset));
  return { ...moment, offset };
}

/** The last place before this one. */
export async function searchBack(
  timeline: Timeline,
  expression: RegExp,
  from: Position,
  watch: Watch,
): Promise<Place | null> {
  let end = from;
  for (let stretch = firstStretch; isBefore({ packets: 0, offset: 0 }, end); stretch *= growth) {
    const begin = Math.max(0, end.packets - stretch);
    const last = await lastHit(timeline, expression, begin, end, watch.signal);
    if (watch.signal.aborted) return null;
    if (last !== null) return await placeAt(timeline, last, watch.signal);
    if (begin === 0) break;
    end = { packets: begin, offset: 0 };
    watch.progress(1 - begin / from.packets);
  }
  return null;
}

async function lastHit(
  timeline: Timeline,
  expression: RegExp,
  begin: number,
  end: Position,
  signal: AbortSignal,
): Promise<Position | null> {
  const place = await placeAt(timeline, { packets: begin, offset: 0 }, signal);
  if (place === null) return null;
  const scan = new Scan(expression, place);
  let last: Position | null = null;
  while (await scan.next(signal)) {
    const position = { packets: place.cursor.packets, offset: scan.place.offset };
    if (!isBefore(position, end)) break;
    if (scan.isHit) last = position;
  }
  place.cursor.close();
  return last;
}

function isBefore(one: Position, other: Position): boolean {
  return one.packets < other.packets || (one.packets === other.packets && one.offset < other.offset);
}

/** Where the screen shows what is searched for, row by row. */
export function highlightsOf(emulator: Emulator, expression: RegExp): Highlight[] {
  const highlights: Highlight[] = [];
  const cells: Cell[] = Array.from({ length: emulator.columns }, emptyCell);
  for (let row = 0; row < emulator.rows; row++) {
    emulator.readRow(row, cells);
    let text = "";
    const columns: number[] = [];
    for (const [column, cell] of cells.entries()) {
      if (cell.width === 0) continue;
      const shown = cell.text === "" ? " " : cell.text;
      for (let unit = 0; unit < shown.length; unit++) columns.push(column);
      text += shown;
    }
    columns.push(cells.length);
    for (const { index, 0: match } of text.matchAll(expression)) {
      const column = columns[index] ?? 0;
      const end = columns[index + match.length] ?? column;
      if (match !== "") highlights.push({ column, row, columns: end - column });
    }
  }
  return highlights;
}
