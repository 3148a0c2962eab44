/** The emulator: bytes that a program wrote to its terminal, to the screen that its user saw. Needs no Node. */
import type { IBufferCell, Terminal } from "@xterm/headless";
import { type Cell, emptyCell, loadCell } from "./cell.ts";
import { listen, type TerminalEvent, Title } from "./event.ts";
import { coreOf } from "./internals.ts";
import { readSnapshot, writeSnapshot } from "./snapshot.ts";
import { giveLines } from "./spare-lines.ts";
import { feed, openTerminal, resize, workOf } from "./terminal.ts";

/** Where the program's cursor is. */
export interface Cursor {
  /** From 0 to `columns` - 1. */
  readonly column: number;
  /** From 0 to `rows` - 1. */
  readonly row: number;
  /** Whether the program shows it. */
  readonly isVisible: boolean;
}

/** What is to be kept to show a moment again: `Emulator.restore` makes the emulator of it. */
export type Snapshot = Uint8Array<ArrayBuffer>;

/** Lines kept above the screen. */
const defaultScrollback = 1000;
/** Of a cell. */
const readCost = 10;

/** A screen: bytes are fed to it, and its rows are read. */
export class Emulator {
  readonly #terminal: Terminal;
  readonly #title: Title;
  #listener: (event: TerminalEvent) => void = () => {};
  #hasWindow: boolean;
  #spare: IBufferCell | undefined;

  private constructor(terminal: Terminal, title: Title, hasWindow: boolean) {
    this.#terminal = terminal;
    this.#title = title;
    this.#hasWindow = hasWindow;
    listen(terminal, title, (event) => this.#listener(event));
  }

  /** An empty screen of 80 x 24, which the first window changes. */
  static open({ scrollback = defaultScrollback } = {}): Emulator {
    const terminal = openTerminal({ columns: 80, rows: 24, scrollback });
    // Without a window there was no terminal, whose driver would have made CR LF of a line feed.
    terminal.options.convertEol = true;
    return new Emulator(terminal, new Title(), false);
  }

  /** The emulator that a snapshot was taken of. Throws for what is no snapshot of this version. */
  static restore(snapshot: Uint8Array): Emulator {
    const { terminal, beside } = readSnapshot(snapshot);
    return new Emulator(terminal, new Title(beside.title, beside.titles), beside.hasWindow);
  }

  /** Width of the screen, in cells. */
  get columns(): number {
    return this.#terminal.cols;
  }

  /** Height of the screen. */
  get rows(): number {
    return this.#terminal.rows;
  }

  /** Whether its size is a window's, and not the one that a screen begins with. */
  get hasWindow(): boolean {
    return this.#hasWindow;
  }

  /** How many lines are kept above the screen now. */
  get scrollbackRows(): number {
    return this.#terminal.buffer.active.baseY;
  }

  /** Whether a program has the alternate screen, as editors and pagers do. */
  get isAlternate(): boolean {
    return this.#terminal.buffer.active.type === "alternate";
  }

  /** @internal The first and the last row of those that scroll, and whether what scrolls away is kept above the screen. */
  get scrolling(): { readonly top: number; readonly bottom: number; readonly isKept: boolean } {
    const { active, normal } = coreOf(this.#terminal)._bufferService.buffers;
    const { scrollTop: top, scrollBottom: bottom } = active;
    return { top, bottom, isKept: active === normal && top === 0 };
  }

  /** As a program wrote it: `printable()` before it is shown. */
  get title(): string {
    return this.#title.text;
  }

  /** Where the cursor is now. */
  get cursor(): Cursor {
    const { cursorX, cursorY } = this.#terminal.buffer.active;
    return {
      column: Math.min(cursorX, this.columns - 1),
      row: cursorY,
      isVisible: !coreOf(this.#terminal).coreService.isCursorHidden,
    };
  }

  /** Whether the last byte ended what it belonged to, a character or an escape sequence: only then there is a snapshot. */
  get isWhole(): boolean {
    const { _parser, _utf8Decoder } = coreOf(this.#terminal)._inputHandler;
    return _parser.currentState === 0 && _utf8Decoder.interim[0] === 0;
  }

  /**
   * What ends a line of text where text is shown as it comes: whole lines scroll, nothing is inserted, no character is exchanged. Null
   * where any of that is not so. LF stands for CR LF too.
   */
  get plainLineEnd(): "\n" | "\r\n" | null {
    const { coreService, _charsetService, optionsService } = coreOf(this.#terminal);
    const { top, bottom } = this.scrolling;
    const { insertMode } = coreService.modes;
    const { wraparound, origin } = coreService.decPrivateModes;
    const isPlain =
      insertMode === false && wraparound === true && origin === false && _charsetService.charset === undefined;
    if (!isPlain || !this.isWhole || top !== 0 || bottom !== this.rows - 1) return null;
    return optionsService.options.convertEol ? "\n" : "\r\n";
  }

  /** Hears what happens beside the screen; one at a time. */
  listen(listener: (event: TerminalEvent) => void): void {
    this.#listener = listener;
  }

  /**
   * How often something was not carried out, as it would be too much work for so few bytes: wiping, moving or filling the screen,
   * or a window. From then on the screen may say more than its user saw, or say it elsewhere; no text is left out.
   */
  get omitted(): number {
    return workOf(this.#terminal).omitted;
  }

  /** @internal Whether so many cells may be read beside the showing, where a few bytes can ask for it: paid for as sequences are. */
  mayRead(cells: number): boolean {
    return workOf(this.#terminal).pay(cells * readCost);
  }

  /** Takes all of the bytes before it returns: at a rate of megabytes a second, hostile ones after the first at one. */
  feed(bytes: Uint8Array): void {
    feed(this.#terminal, bytes);
  }

  /**
   * The terminal has that size from now on, or as soon as there is work left for it (`omitted`); one without columns or rows is passed
   * over.
   */
  resize(columns: number, rows: number): void {
    if (!this.#hasWindow) this.#terminal.options.convertEol = false;
    this.#hasWindow = true;
    if (columns === 0 || rows === 0) return;
    resize(this.#terminal, columns, rows);
  }

  /**
   * Loads the cells of a row, of which 0 is the screen's first and -1 the last line above it. `cells` is made as long as the
   * row; its cells are used again.
   */
  readRow(row: number, cells: Cell[]): void {
    const { active } = this.#terminal.buffer;
    const line = active.getLine(active.baseY + row);
    this.#spare ??= active.getNullCell();
    cells.length = Math.min(cells.length, this.columns);
    while (cells.length < this.columns) cells.push(emptyCell());
    for (const [column, cell] of cells.entries()) {
      loadCell(cell, line?.getCell(column, this.#spare) ?? active.getNullCell());
    }
  }

  /** What a row says, blanks at its end left out. */
  rowText(row: number): string {
    const { active } = this.#terminal.buffer;
    return active.getLine(active.baseY + row)?.translateToString(true) ?? "";
  }

  /** @internal The same without the marks on its letters: a row of 1000 cells may have 64 000 of them. */
  rowLetters(row: number): string {
    const { active } = this.#terminal.buffer;
    const line = active.getLine(active.baseY + row);
    this.#spare ??= active.getNullCell();
    let text = "";
    for (let column = 0; column < this.columns; column++) {
      const cell = line?.getCell(column, this.#spare);
      if (cell === undefined || cell.getWidth() === 0) continue;
      const code = cell.getChars().codePointAt(0);
      text += code === undefined ? " " : String.fromCodePoint(code);
    }
    return text.trimEnd();
  }

  /** Whether a row goes on with the line of the row above it. */
  isWrapped(row: number): boolean {
    const { active } = this.#terminal.buffer;
    return active.getLine(active.baseY + row)?.isWrapped ?? false;
  }

  /** Everything that decides what is shown from now on. Only while `isWhole`. */
  snapshot(): Snapshot {
    const { text: title, stack: titles } = this.#title;
    return writeSnapshot(this.#terminal, { hasWindow: this.#hasWindow, title, titles });
  }

  /** Nothing may be asked of it from then on: its memory is for the next that is restored. */
  close(): void {
    const { normal, alt } = coreOf(this.#terminal)._bufferService.buffers;
    giveLines(normal);
    giveLines(alt);
  }
}
