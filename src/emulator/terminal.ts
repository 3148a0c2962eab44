/** The terminal that everything here is shown on: xterm's, without answers and with bounds to what a sequence may cost. */
import xterm, { type IUnicodeVersionProvider, type Terminal } from "@xterm/headless";
import { mendBuffers } from "./buffer-methods.ts";
import { charge, resizeCost } from "./costs.ts";
import { coreOf, type Line, type Parameters } from "./internals.ts";
import { mendLines } from "./line-methods.ts";
import { shownSize } from "./size.ts";
import { characterWidth } from "./width.ts";
import { Work, type WorkState } from "./work.ts";

export interface TerminalOptions {
  readonly columns: number;
  readonly rows: number;
  /** Lines kept above the screen. */
  readonly scrollback: number;
  /** What was left of another terminal's work. */
  readonly work?: WorkState;
}

/** Of a title, say, in UTF-16 units. */
const maxString = 65_536;
const works = new WeakMap<Terminal, Work>();

export function openTerminal({ columns, rows, scrollback, work }: TerminalOptions): Terminal {
  const terminal = new xterm.Terminal({
    cols: columns,
    rows,
    scrollback,
    allowProposedApi: true,
    // It would print what it cannot parse.
    logLevel: "off",
    // Answers to queries go nowhere.
    disableStdin: true,
    // Else nobody hears of them.
    windowOptions: { pushTitle: true, popTitle: true },
  });
  const own = new Work(work);
  works.set(terminal, own);
  charge(terminal, own);
  mendErasing(terminal);
  boundRepetition(terminal);
  boundStrings(terminal);
  const { normal } = coreOf(terminal)._bufferService.buffers;
  mendBuffers(normal);
  mendLines(normal.lines.get(0) as Line);
  useWidths(terminal);
  // Links are not shown, so they need not be kept; nor are palettes, and reading long ones takes the square of their length.
  for (const command of [4, 8, 10, 11, 12, 104]) terminal.parser.registerOscHandler(command, () => true);
  return terminal;
}

export function workOf(terminal: Terminal): Work {
  return works.get(terminal) as Work;
}

/** Shows the bytes; whatever they are, every one of them is taken at once. */
export function feed(terminal: Terminal, bytes: Uint8Array): void {
  const work = workOf(terminal);
  const { _inputHandler: handler } = coreOf(terminal);
  for (let from = 0; from < bytes.length; ) {
    const piece = bytes.subarray(from, from + work.left);
    handler.parse(piece);
    if (work.earn(piece.length) && work.window !== null) resize(terminal, ...work.window);
    from += piece.length;
  }
}

/** The terminal has the size that is shown for that window, at once or as soon as there is work left for it. Neither may be 0. */
export function resize(terminal: Terminal, columns: number, rows: number): void {
  const size = shownSize(columns, rows);
  const work = workOf(terminal);
  const isNew = work.window === null;
  work.window = null;
  if (!work.has(resizeCost(terminal, size.columns, size.rows))) {
    work.window = [size.columns, size.rows];
    if (isNew) work.omit();
    return;
  }
  work.pay(resizeCost(terminal, size.columns, size.rows));
  terminal.resize(size.columns, size.rows);
  // xterm leaves a hidden one the room it had, and shows lines above it, and then none at all, when it comes into a smaller window.
  const { lines } = coreOf(terminal)._bufferService.buffers.alt;
  if (lines.length === 0) lines.maxLength = size.rows;
}

/** Erasing up to the last cell of the screen, the emulator looks at the line below it: where there is none it throws. */
function mendErasing(terminal: Terminal): void {
  const { _inputHandler: handler, _bufferService: service } = coreOf(terminal);
  const { eraseInDisplay } = handler;
  handler.eraseInDisplay = function (this: typeof handler, params, isSelective) {
    const { active } = service.buffers;
    const { lines } = active;
    const below = active.ybase + terminal.rows;
    const isEmpty = params.params[0] === 1 && below < lines.maxLength && lines.get(below) === undefined;
    if (isEmpty) lines.set(below, active.getBlankLine(this._curAttrData));
    return eraseInDisplay.call(this, params, isSelective);
  };
}

/** The emulator does some sequences as often as they say, though once for each cell or line makes no difference. */
function boundRepetition(terminal: Terminal): void {
  const { _parser } = coreOf(terminal)._inputHandler;
  const bound = (finals: string, greatest: () => number) => {
    for (const final of finals) {
      _parser.registerCsiHandler({ final }, ({ params }: Parameters) => {
        params[0] = Math.min(params[0] ?? 0, greatest());
        return false;
      });
    }
  };
  bound("LMST", () => terminal.rows);
  bound("@PXIZb", () => terminal.cols);
}

/**
 * A longer string is passed over, as the emulator does from 10 million characters on: it makes strings of single characters, which take
 * some 30 bytes each while they are collected.
 */
function boundStrings(terminal: Terminal): void {
  const { _oscParser, _dcsParser } = coreOf(terminal)._inputHandler._parser;
  for (const parser of [_oscParser, _dcsParser]) {
    const { put } = parser;
    parser.put = (codePoints, from, to) => {
      put.call(parser, codePoints, from, to);
      for (const handler of parser._active) {
        if (handler._data.length <= maxString) continue;
        handler._data = "";
        handler._hitLimit = true;
      }
    };
  }
}

/** The emulator's own widths are those of Unicode 6, where pictures take one cell. */
function useWidths(terminal: Terminal): void {
  const version = "rec-session";
  const { unicode } = terminal;
  const older = olderWidths(terminal);
  unicode.register({
    version,
    wcwidth: (codePoint) => characterWidth(codePoint, older) as 0 | 1 | 2,
    // Bit 0: belongs to the character before it; bits 1 and 2: the width of both.
    charProperties(codePoint, preceding) {
      const width = characterWidth(codePoint, older);
      return width === 0 ? (preceding & 6) | 1 : width << 1;
    },
  });
  unicode.activeVersion = version;
}

function olderWidths(terminal: Terminal): (codePoint: number) => number {
  const { unicodeService } = (
    terminal as unknown as {
      readonly _core: { readonly unicodeService: { readonly _providers: Record<string, IUnicodeVersionProvider> } };
    }
  )._core;
  const older = unicodeService._providers["6"] as IUnicodeVersionProvider;
  return (codePoint) => older.wcwidth(codePoint);
}
