/** The state of a terminal beside its lines: all that decides how the next byte is shown. */
import type { Terminal } from "@xterm/headless";
import { type Attributes, type Buffer, type Charset, type Core, coreOf } from "./internals.ts";
import { takeLine } from "./spare-lines.ts";
import { openTerminal, workOf } from "./terminal.ts";
import type { WorkState } from "./work.ts";

/** Foreground, background, extended. */
type Style = readonly [number, number, number];

export interface BufferState {
  readonly x: number;
  readonly y: number;
  readonly ybase: number;
  readonly scrollTop: number;
  readonly scrollBottom: number;
  readonly savedX: number;
  readonly savedY: number;
  readonly savedStyle: Style;
  readonly savedCharset: string;
  readonly tabs: readonly number[];
  readonly lines: number;
  /** Rows and scrollback. */
  readonly maxLines: number;
}

export interface TerminalState {
  readonly columns: number;
  readonly rows: number;
  readonly scrollback: number;
  readonly convertsEol: boolean;
  readonly blinks: boolean;
  readonly isCursorHidden: boolean;
  readonly modes: Record<string, boolean | string | undefined>;
  readonly privateModes: Record<string, boolean | string | undefined>;
  readonly mouse: readonly [string, string];
  readonly style: Style;
  readonly joinState: number;
  readonly level: number;
  readonly charset: string;
  readonly charsets: readonly string[];
  readonly isAlternate: boolean;
  readonly normal: BufferState;
  readonly alternate: BufferState;
  readonly work: WorkState;
}

export function stateOf(terminal: Terminal): TerminalState {
  const core = coreOf(terminal);
  const { buffers } = core._bufferService;
  const { options } = core.optionsService;
  return {
    columns: terminal.cols,
    rows: terminal.rows,
    scrollback: terminal.options.scrollback ?? 0,
    convertsEol: options.convertEol,
    blinks: options.cursorBlink,
    isCursorHidden: core.coreService.isCursorHidden,
    modes: core.coreService.modes,
    privateModes: core.coreService.decPrivateModes,
    mouse: [core.coreMouseService.activeProtocol, core.coreMouseService.activeEncoding],
    style: styleOf(core._inputHandler._curAttrData),
    joinState: core._inputHandler._parser.precedingJoinState,
    level: core._charsetService.glevel,
    charset: charsetName(core._charsetService.charset),
    charsets: Array.from({ length: 4 }, (_, level) => charsetName(core._charsetService._charsets[level])),
    isAlternate: buffers.active === buffers.alt,
    normal: bufferState(buffers.normal),
    alternate: bufferState(buffers.alt),
    work: workOf(terminal).state,
  };
}

function bufferState(buffer: Buffer): BufferState {
  const { x, y, ybase, scrollTop, scrollBottom, savedX, savedY, savedCurAttrData, savedCharset, tabs, lines } = buffer;
  return {
    ...{ x, y, ybase, scrollTop, scrollBottom, savedX, savedY },
    savedStyle: styleOf(savedCurAttrData),
    savedCharset: charsetName(savedCharset),
    tabs: Object.keys(tabs)
      .map(Number)
      .filter((column) => tabs[column]),
    lines: lines.length,
    maxLines: lines.maxLength,
  };
}

/** A terminal in that state; its lines are blank. */
export function terminalIn(state: TerminalState): Terminal {
  const terminal = openTerminal(state);
  const core = coreOf(terminal);
  const { buffers } = core._bufferService;
  const { options } = core.optionsService;
  if (state.isAlternate) buffers.activateAltBuffer();
  options.convertEol = state.convertsEol;
  options.cursorBlink = state.blinks;
  core.coreService.isCursorHidden = state.isCursorHidden;
  Object.assign(core.coreService.modes, state.modes);
  Object.assign(core.coreService.decPrivateModes, state.privateModes);
  [core.coreMouseService.activeProtocol, core.coreMouseService.activeEncoding] = state.mouse;
  setStyle(core._inputHandler._curAttrData, state.style);
  core._inputHandler._parser.precedingJoinState = state.joinState;
  core._charsetService.glevel = state.level;
  core._charsetService.charset = charsetNamed(state.charset);
  core._charsetService._charsets = state.charsets.map(charsetNamed);
  fillBuffer(core, buffers.normal, state.normal);
  fillBuffer(core, buffers.alt, state.alternate);
  return terminal;
}

function fillBuffer(core: Core, buffer: Buffer, state: BufferState): void {
  const { x, y, ybase, scrollTop, scrollBottom, savedX, savedY } = state;
  Object.assign(buffer, { x, y, ybase, ydisp: ybase, scrollTop, scrollBottom, savedX, savedY });
  setStyle(buffer.savedCurAttrData, state.savedStyle);
  buffer.savedCharset = charsetNamed(state.savedCharset);
  buffer.tabs = Object.fromEntries(state.tabs.map((column) => [column, true]));
  const blank = buffer.getBlankLine({ ...core._inputHandler._curAttrData, fg: 0, bg: 0 });
  buffer.lines.length = 0;
  buffer.lines.maxLength = state.maxLines;
  for (let count = 0; count < state.lines; count++) buffer.lines.push(takeLine(blank));
}

function styleOf({ fg, bg, extended }: Attributes): Style {
  return [fg, bg, extended.ext];
}

function setStyle(attributes: Attributes, [fg, bg, ext]: Style): void {
  attributes.fg = fg;
  attributes.bg = bg;
  attributes.extended = attributes.extended.clone();
  attributes.extended.ext = ext;
}

/** Final characters of the sequences that choose the emulator's character sets; "B" is ASCII, which has no table. */
const charsetFinals = "0A4CRQKYEZH=";
let charsets: ReadonlyMap<string, Charset> | undefined;

/** The tables themselves, which only the emulator has. */
function knownCharsets(): ReadonlyMap<string, Charset> {
  if (charsets !== undefined) return charsets;
  const terminal = openTerminal({ columns: 2, rows: 1, scrollback: 0 });
  const core = coreOf(terminal);
  const found = new Map<string, Charset>();
  for (const final of charsetFinals) {
    core._inputHandler.parse(Uint8Array.of(0x1b, 0x28, final.charCodeAt(0)));
    found.set(final, core._charsetService._charsets[0]);
  }
  charsets = found;
  return found;
}

function charsetName(charset: Charset): string {
  if (charset === undefined) return "B";
  for (const [name, table] of knownCharsets()) if (table === charset) return name;
  throw new Error("the emulator has a character set that is not known here");
}

function charsetNamed(name: string): Charset {
  return name === "B" ? undefined : knownCharsets().get(name);
}
