/**
 * The text that a recording showed: every line as it stood when output paused, when it scrolled away, and when the program was about to
 * write over it. So the lines of full-screen programs are there too.
 */
import { Emulator } from "../emulator/emulator.ts";
import type { Item } from "../format/item.ts";
import type { OutputPacket } from "../format/packet.ts";
import { expanded, joined, type Output, partsOf, plainRun } from "./plain-run.ts";

/** A line that stood on the screen. */
export interface ShownLine {
  /** Milliseconds from the recording's beginning: when the line had come to stand so. */
  readonly atMs: number;
  /** What it said, its wrapped rows joined, without blanks at its end; never empty. `printable()` before it is shown. */
  readonly text: string;
}

/** A line of more rows is taken in pieces: a longer one could be a whole recording. */
const maxRows = 50;
/** Shorter output is not worth the look for what can be passed over. */
const minPlainBytes = 4096;
/** Output that is looked at as one: the screen at its end is all that the emulator must see of plain text. */
const maxRunBytes = 128 * 1024;
/** Of a line that is passed over; as much as the rows of the others. */
const maxLineLength = 4000;
const bell = 0x07;
const tab = 0x09;
/** The most cells that a tab goes over. */
const tabCells = 8;
const escapeByte = 0x1b;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const backspace = 0x08;

export class ShownText {
  readonly #emulator = Emulator.open({ scrollback: maxRows });
  readonly #tell: (line: ShownLine) => void;
  /** What the cursor's line said last: it may only have grown since. */
  #pending: { row: number; text: string; atMs: number } | null = null;
  /** What each row said when it was told last, so that a screen that is painted again is not told again. */
  readonly #told = new Map<number, string>();
  #atMs = 0;
  /** Of the row that was read last, marks included. */
  #rowLength = 0;

  constructor(tell: (line: ShownLine) => void) {
    this.#tell = tell;
  }

  take(item: Item): void {
    if (item.kind === "window") this.#emulator.resize(item.columns, item.rows);
    if (item.kind !== "output") return;
    if (!this.#passOver([item])) this.#show(item);
  }

  /** The same lines as one by one, sooner: output that follows output is looked at together. */
  takeAll(items: Iterable<Item>): void {
    let run: OutputPacket[] = [];
    let bytes = 0;
    const end = (): void => {
      if (run.length > 0 && !this.#passOver(run)) for (const item of run) this.take(item);
      run = [];
      bytes = 0;
    };
    for (const item of items) {
      if (item.kind === "output") {
        run.push(item);
        bytes += item.bytes.length;
        if (bytes >= maxRunBytes) end();
      } else if (item.kind === "window") {
        end();
        this.take(item);
      }
    }
    end();
  }

  /** Call it when there is no more. */
  finish(): void {
    this.#flush();
  }

  #show({ bytes, atMs }: Output): void {
    this.#atMs = atMs;
    this.#feed(bytes);
    this.#look();
  }

  /**
   * Much plain text scrolls through: only its last screenful is shown to the emulator, as what was above it is on no screen. False when
   * anything in it, or on the screen, could make it more than lines that follow each other.
   */
  #passOver(run: readonly Output[]): boolean {
    const bytes = joined(run);
    if (bytes.length < minPlainBytes) return false;
    const lineEnd = this.#emulator.plainLineEnd;
    const first = bytes.indexOf(lineFeed);
    if (lineEnd === null || first === -1 || !this.#isBlankBelow()) return false;
    let last = bytes.length;
    for (let rows = this.#emulator.rows + 2; rows > 0; rows--) {
      last = bytes.lastIndexOf(lineFeed, last - 1);
      if (last <= first) return false;
    }
    const passed = plainRun(run, bytes, { from: first + 1, to: last + 1 }, lineEnd);
    if (passed === null) return false;
    for (const part of partsOf(run, bytes, 0, first + 1)) this.#show(part);
    this.#flush();
    for (const { atMs, lines } of passed) {
      this.#atMs = atMs;
      for (const line of lines) this.#tellPlain(line);
    }
    for (const part of partsOf(run, bytes, last + 1, bytes.length)) this.#show(part);
    return true;
  }

  #isBlankBelow(): boolean {
    for (let row = this.#emulator.cursor.row + 1; row < this.#emulator.rows; row++) {
      if (this.#emulator.rowText(row) !== "") return false;
    }
    return true;
  }

  #tellPlain(line: string): void {
    const text = expanded(line).trimEnd();
    for (let from = 0; from < text.length; from += maxLineLength) {
      this.#tell({ atMs: this.#atMs, text: text.slice(from, from + maxLineLength) });
    }
  }

  /** Before each byte that may move the cursor or wipe something, its line is looked at. */
  #feed(bytes: Uint8Array): void {
    let room = this.#room();
    let isUnseen = false;
    let from = 0;
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at] as number;
      const isControl = byte < 0x20 || byte === 0x7f;
      if (isControl && byte !== lineFeed && isStyle(bytes, at)) {
        const end = bytes.indexOf(0x6d, at);
        room += end - at + 1;
        at = end;
        continue;
      }
      if (!isControl && !isC1(bytes, at) && at - from < room) continue;
      if (at === from && !isControl) continue;
      if (byte === tab) room -= tabCells - 1;
      if (byte === bell || byte === tab || byte === 0) continue;
      if (byte === backspace && bytes[at - 1] === backspace) continue;
      if (byte === lineFeed && bytes[at - 1] === carriageReturn) continue;
      if (at > from || isUnseen) {
        this.#emulator.feed(bytes.subarray(from, at));
        this.#look();
        isUnseen = false;
        room = this.#room();
      }
      // What stands there from now on is another text, also where it begins alike.
      if (isControl || isC1(bytes, at)) this.#flush();
      from = at;
      if (byte !== escapeByte) continue;
      room = Math.min(room, 2 * this.#emulator.columns);
      const end = this.#isWholeScrolling() ? -1 : sequenceEnd(bytes, at);
      if (end === -1) continue;
      this.#emulator.feed(bytes.subarray(at, end));
      isUnseen = true;
      room = this.#room();
      from = end;
      at = end - 1;
    }
    this.#emulator.feed(bytes.subarray(from));
  }

  /**
   * So many cells may be written before the line is looked at again: no row goes, and is kept nowhere, before it was looked at, and two
   * looks have half of their rows in common, so that no word is torn.
   */
  #room(): number {
    const { columns, rows, scrolling } = this.#emulator;
    const { top, bottom, isKept } = scrolling;
    const isBelow = bottom < rows - 1 && this.#emulator.cursor.row > bottom;
    const kept = isBelow ? 1 : isKept ? maxRows : Math.min(maxRows, bottom - top + 1);
    return kept === 1 ? columns - this.#emulator.cursor.column : columns * Math.floor(kept / 2);
  }

  /** Whether two rows may be written wherever an escape sequence leads, and whatever rows it chooses to scroll. */
  #isWholeScrolling(): boolean {
    const { rows, scrolling } = this.#emulator;
    return rows > 2 && scrolling.top === 0 && scrolling.bottom === rows - 1;
  }

  /** Takes the cursor's line as it stands. */
  #look(): void {
    const { row } = this.#emulator.cursor;
    let text = this.#rowText(row);
    let top = row;
    while (row - top < maxRows && top > -this.#emulator.scrollbackRows && this.#emulator.isWrapped(top)) {
      // Read again and again, a long line would take longer than all else: then its rows are taken one by one.
      if (!this.#emulator.mayRead(Math.max(text.length, this.#emulator.columns))) break;
      top--;
      text = this.#emulator.rowText(top) + text;
    }
    text = text.trimEnd();
    const pending = this.#pending;
    if (pending !== null && pending.row === top && text.startsWith(pending.text)) {
      if (text.length > pending.text.length) this.#pending = { row: top, text, atMs: this.#atMs };
      return;
    }
    this.#flush();
    this.#pending = { row: top, text, atMs: this.#atMs };
  }

  /** Of a row of more marks than letters all are read only where that is not too much work. */
  #rowText(row: number): string {
    const hasManyMarks = this.#rowLength > 2 * this.#emulator.columns;
    if (hasManyMarks && !this.#emulator.mayRead(this.#rowLength)) return this.#emulator.rowLetters(row);
    const text = this.#emulator.rowText(row);
    this.#rowLength = text.length;
    return text;
  }

  #flush(): void {
    const pending = this.#pending;
    this.#pending = null;
    if (pending === null || pending.text === "" || this.#told.get(pending.row) === pending.text) return;
    this.#told.set(pending.row, pending.text);
    this.#tell({ atMs: pending.atMs, text: pending.text });
  }
}

/** Whether a sequence begins there that only chooses colours. */
function isStyle(bytes: Uint8Array, at: number): boolean {
  if (bytes[at] !== escapeByte || bytes[at + 1] !== 0x5b) return false;
  for (let end = at + 2; end < at + 40; end++) {
    const byte = bytes[end];
    if (byte === 0x6d) return true;
    if (byte === undefined || byte < 0x30 || byte > 0x3b) return false;
  }
  return false;
}

/** Where the control sequence that begins there has ended; -1 where it is none, or not whole. */
function sequenceEnd(bytes: Uint8Array, at: number): number {
  if (bytes[at + 1] !== 0x5b) return -1;
  for (let end = at + 2; end < at + 40; end++) {
    const byte = bytes[end] ?? 0;
    if (byte >= 0x40 && byte <= 0x7e) return end + 1;
    if (byte < 0x20) return -1;
  }
  return -1;
}

/** A control character of two bytes in UTF-8. */
function isC1(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0xc2 && (bytes[at + 1] ?? 0xff) < 0xa0;
}
