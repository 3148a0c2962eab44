/** A screen: a terminal emulator that gives the text of each line once, when the line has left the screen for good. */
import type { IBufferLine, IMarker, Terminal } from "@xterm/headless";
import { feed, openTerminal, resize, workOf } from "../emulator/terminal.ts";
import { divert } from "./plain-text.ts";

/** What the emulator is given between two looks at it. A byte scrolls one line at most, so none is lost in between. */
const pieceBytes = 4096;
const scrollbackLines = 2 * pieceBytes;
/** Of a cell that is looked at, and of a character on its way out; and of all that and wiping it, at most. See src/emulator/work.ts. */
const readCost = 2;
const printCost = 20;
const wipeCost = 40;
// What the emulator keeps in a cell is printable; this holds also if it ever errs.
const unprintable = /[\p{Cc}\p{Cs}]/gu;

export class Screen {
  readonly #terminal: Terminal;
  #text: string[] = [];
  /** Blanks that belong to the text only if more of the line follows. */
  #blanks = "";
  /** The first line that was not printed; null where no line was. */
  #next: IMarker | null = null;
  #hasWindow = false;
  #isDiverted = false;

  constructor() {
    this.#terminal = openTerminal({ columns: 80, rows: 24, scrollback: scrollbackLines });
    // Without a window there was no terminal, whose driver would have made CR LF of a line feed.
    this.#terminal.options.convertEol = true;
    this.#next = this.#markFirstLine();
    const { parser } = this.#terminal;
    parser.registerCsiHandler({ final: "J" }, (params) => this.#erase(params[0]));
    for (const final of ["S", "T"]) {
      parser.registerCsiHandler({ final }, ([lines]) => Number(lines) >= this.#terminal.rows && this.#wipe());
    }
    parser.registerEscHandler({ final: "c" }, () => this.#reset());
    workOf(this.#terminal).onOmit = () => this.#divert();
    // Lines are looked at before the alternate screen hides them.
    parser.registerCsiHandler({ prefix: "?", final: "h" }, () => this.#printScrolled());
  }

  feed(bytes: Uint8Array): void {
    for (let from = 0; from < bytes.length; from += pieceBytes) {
      feed(this.#terminal, bytes.subarray(from, from + pieceBytes));
      this.#printScrolled();
    }
  }

  resize(columns: number, rows: number): void {
    if (!this.#hasWindow) this.#terminal.options.convertEol = false;
    this.#hasWindow = true;
    if (columns === 0 || rows === 0 || this.#isDiverted) return;
    resize(this.#terminal, columns, rows);
    this.#printScrolled();
  }

  /** Drawing the screen became too much work: what comes since is given as it comes. See src/emulator/work.ts. */
  get isDiverted(): boolean {
    return this.#isDiverted;
  }

  /** Prints what is still on the screen. */
  finish(): void {
    if (this.#isDiverted) return;
    this.#printScreen();
    const { active, normal } = this.#terminal.buffer;
    if (active !== normal) this.#printLines(active.baseY, lastLine(active), active.getLine.bind(active));
  }

  /** The text since the last call. */
  takeText(): Uint8Array {
    const text = Buffer.from(this.#text.join(""));
    this.#text = [];
    return text;
  }

  #markFirstLine(): IMarker | null {
    const { active, normal } = this.#terminal.buffer;
    if (active !== normal) return this.#next;
    this.#next?.dispose();
    return this.#terminal.registerMarker(-normal.cursorY) ?? null;
  }

  /** Always false: the emulator does what the sequence says. */
  #printScrolled(): false {
    const { active, normal } = this.#terminal.buffer;
    if (active === normal && !this.#isDiverted && this.#firstLine() < normal.baseY) {
      this.#printLines(this.#firstLine(), normal.baseY, normal.getLine.bind(normal));
      this.#next = this.#markFirstLine();
    }
    return false;
  }

  #firstLine(): number {
    return this.#next === null || this.#next.isDisposed ? 0 : this.#next.line;
  }

  #printScreen(): void {
    const { normal } = this.#terminal.buffer;
    this.#printLines(this.#firstLine(), lastLine(normal), normal.getLine.bind(normal));
  }

  /** Erasing the whole screen, or the scrollback: what it said goes. True keeps the emulator from it. */
  #erase(param: number | number[] | undefined): boolean {
    const { active, normal } = this.#terminal.buffer;
    if (param === 3) return this.#printScrolled();
    const isWhole =
      param === 2 || ((param === undefined || param === 0) && active.cursorX === 0 && active.cursorY === 0);
    return isWhole && active === normal ? this.#wipe() : false;
  }

  /** What is left out of the drawing could cover text that nobody has printed: all of it is, and nothing is drawn any more. */
  #divert(): void {
    if (this.#isDiverted) return;
    this.finish();
    this.#isDiverted = true;
    divert(this.#terminal, (text) =>
      this.#text.push(text === "\n" || text === "\t" ? text : text.replace(unprintable, "")),
    );
  }

  /** True where there is not as much work left. */
  #wipe(): boolean {
    this.#printScrolled();
    const { active, normal } = this.#terminal.buffer;
    if (active !== normal) return false;
    const area = this.#terminal.cols * this.#terminal.rows;
    const work = workOf(this.#terminal);
    if (!work.has(area * wipeCost)) {
      work.omit();
      return true;
    }
    const before = this.#text.length;
    this.#printLines(Math.max(this.#firstLine(), normal.baseY), lastLine(normal), normal.getLine.bind(normal));
    let length = 0;
    for (let at = before; at < this.#text.length; at++) length += (this.#text[at] as string).length;
    work.pay(Math.min(area * printCost, area * readCost + length * printCost));
    return false;
  }

  /** A full reset begins with lines of which none was printed, and the old ones go with their marker. */
  #reset(): boolean {
    if (this.#wipe()) return true;
    this.#next?.dispose();
    this.#next = null;
    return false;
  }

  #printLines(from: number, to: number, lineAt: (y: number) => IBufferLine | undefined): void {
    for (let y = from; y < to; y++) {
      const goesOn = lineAt(y + 1)?.isWrapped === true;
      const row = lineAt(y)?.translateToString(!goesOn).replace(unprintable, "") ?? "";
      const said = row.trimEnd();
      if (said !== "") {
        this.#text.push(this.#blanks, said);
        this.#blanks = "";
      }
      if (goesOn) {
        this.#blanks += row.slice(said.length);
      } else {
        this.#text.push("\n");
        this.#blanks = "";
      }
    }
  }
}

/** One past the last line that says anything. */
function lastLine(buffer: { readonly length: number; getLine(y: number): IBufferLine | undefined }): number {
  let last = buffer.length;
  while (last > 0 && (buffer.getLine(last - 1)?.translateToString(true) ?? "") === "") last--;
  return last;
}
