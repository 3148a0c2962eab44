/** The status line: where the playing is and how it goes, in one row. Names come from the recording and are only data. */
import { printable } from "../../printable.ts";
import { formatMoment } from "../time.ts";
import { type Frame, reverse } from "./frame.ts";
import { certainWidth } from "./glyph.ts";

const gap = "  ";

export interface Status {
  /** In a word or two: "playing". */
  readonly state: string;
  /** What is being typed, or what went wrong: takes the place of the state. */
  readonly notice: string;
  readonly atMs: number;
  readonly lengthMs: number;
  /** More may come: the length is that of what is known. */
  readonly isOpen: boolean;
  readonly isPaused: boolean;
  /** Wall clock at 0; null when the recording does not tell. */
  readonly startedMs: number | null;
  /** Position and length are told as wall clock. */
  readonly isWallClock: boolean;
  readonly speedRatio: number;
  /** Null when it is off. */
  readonly idleLimitMs: number | null;
  readonly who: string;
  readonly gaps: number;
  /** The screen may be another than the user saw. */
  readonly isInexact: boolean;
  /** Which part of a larger screen is seen; "" when all of it is. */
  readonly part: string;
}

/** As many of its fields as there is room for. */
export function statusText(status: Status, formatDate: (ms: number) => string, columns: number): string {
  const { notice, state, startedMs, speedRatio, idleLimitMs, gaps } = status;
  const wall = (ms: number): string => (startedMs === null ? "-" : formatDate(startedMs + ms));
  const moment = (ms: number): string => (status.isPaused ? formatMoment(ms) : formatMoment(ms).slice(0, -4));
  const [own, other] = status.isWallClock ? [wall, moment] : [moment, wall];
  const open = status.isOpen ? "+" : "";
  const fields = [
    notice === "" ? state : notice,
    `${own(status.atMs)} / ${own(status.lengthMs)}${open}`,
    `x${speedRatio < 1 ? `1/${Math.round(1 / speedRatio)}` : Number(speedRatio.toFixed(2))}`,
    gaps === 0 ? "" : gaps === 1 ? "1 gap" : `${gaps} gaps`,
    status.isInexact ? "inexact" : "",
    status.part,
    status.who,
    idleLimitMs === null ? "" : `idle ${idleLimitMs / 1000} s`,
    other(status.atMs),
    "h help",
  ];
  let text = fields[0] ?? "";
  for (const field of fields.slice(1)) {
    // One column is left free at either edge.
    if (field !== "" && text.length + gap.length + field.length + 2 <= columns) text += gap + field;
  }
  return text;
}

/** Fills a row with the text, as far as it goes, in reverse. */
export function writeLine(frame: Frame, row: number, text: string): void {
  for (let column = 0; column < frame.columns; column++) frame.put(column, row, " ", 1, reverse);
  let column = 1;
  for (const character of printable(text)) {
    const shown = certainWidth(character) === null ? escaped(character) : character;
    for (const part of shown) {
      const width = certainWidth(part) ?? 1;
      if (column + width > frame.columns - 1) return;
      frame.put(column, row, part, width, reverse);
      column += width;
    }
  }
}

/** Terminals do not agree how wide it is. */
function escaped(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
