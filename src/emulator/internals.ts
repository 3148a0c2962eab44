/**
 * Internals of @xterm/headless 6.0.0: what its public interface does not give. The package is pinned to that version;
 * the tests of this folder fail when a new one has moved them.
 */
import type { Terminal } from "@xterm/headless";

/** Attributes: flags and colour of the foreground, the same of the background, and underlines in `extended`. */
export interface Attributes {
  fg: number;
  bg: number;
  extended: Extended;
}

export interface Extended {
  ext: number;
  readonly urlId: number;
  clone(): Extended;
}

/** In the first word of a cell: its text is in `_combined`. */
export const combinedFlag = 0x200000;
/** In the third word of a cell, and in `bg`: there are extended attributes. */
export const extendedFlag = 0x10000000;

/** Words of `_data` that a cell takes: width, flag and code point; foreground; background. */
export const cellWords = 3;

export interface CellContents {
  readonly content: number;
  readonly bg: number;
}

export interface Line {
  isWrapped: boolean;
  length: number;
  _data: Uint32Array;
  /** By column, the text of cells that hold more than one code point. */
  _combined: Record<number, string>;
  _extendedAttrs: Record<number, Extended | undefined>;
  clone(): Line;
  copyFrom(other: Line): void;
  setCell(column: number, cell: CellContents): void;
  fill(cell: CellContents, isSelective?: boolean): void;
  replaceCells(from: number, to: number, cell: CellContents, isSelective?: boolean): void;
  addCodepointToCell(column: number, codePoint: number, width: number): void;
  /** From the last cell to the first if `isBackward`, as both may be the same line. */
  copyCellsFrom(from: Line, source: number, target: number, count: number, isBackward: boolean): void;
}

export type Charset = Readonly<Record<string, string>> | undefined;

export interface Buffer {
  x: number;
  y: number;
  ybase: number;
  ydisp: number;
  scrollTop: number;
  scrollBottom: number;
  savedX: number;
  /** Counted from the first line that is kept. */
  savedY: number;
  savedCurAttrData: Attributes;
  savedCharset: Charset;
  tabs: Record<number, boolean | undefined>;
  readonly lines: {
    length: number;
    maxLength: number;
    get(y: number): Line | undefined;
    set(y: number, line: Line | undefined): void;
    push(line: Line): void;
  };
  readonly _bufferService: { readonly cols: number };
  /** What is left for when nothing else is to be done. */
  readonly _memoryCleanupQueue: { enqueue(task: () => boolean): void };
  getBlankLine(attributes: Attributes, isWrapped?: boolean): Line;
  fillViewportRows(): void;
}

type Modes = Record<string, boolean | string | undefined>;

/** Of operating system commands and device control strings. */
export interface StringParser {
  /** Those that collect the string that is being read. */
  readonly _active: readonly { _data: string; _hitLimit: boolean }[];
  put(codePoints: Uint32Array, from: number, to: number): void;
}

/** The parameters of a sequence as its handlers share them. */
export interface Parameters {
  readonly params: Int32Array;
  readonly length: number;
}

/** Carries out a sequence; always true. */
type Sequence = (params: Parameters, isSelective?: boolean) => boolean;

export interface Core {
  readonly _bufferService: {
    readonly buffers: {
      readonly normal: Buffer;
      readonly alt: Buffer;
      readonly active: Buffer;
      activateAltBuffer(): void;
    };
  };
  readonly _inputHandler: {
    _curAttrData: Attributes;
    readonly _utf8Decoder: { readonly interim: Uint8Array };
    readonly _parser: {
      /** 0 is the ground state. */
      readonly currentState: number;
      precedingJoinState: number;
      readonly _oscParser: StringParser;
      readonly _dcsParser: StringParser;
      setPrintHandler(handler: (codePoints: Uint32Array, from: number, to: number) => void): void;
      setExecuteHandler(control: string, handler: () => boolean): void;
      registerCsiHandler(sequence: { readonly final: string }, handler: (params: Parameters) => boolean): void;
    };
    parse(bytes: Uint8Array): void;
    fullReset: Sequence;
    eraseInDisplay: Sequence;
    screenAlignmentPattern: Sequence;
    insertLines: Sequence;
    deleteLines: Sequence;
    scrollUp: Sequence;
    scrollDown: Sequence;
    scrollLeft: Sequence;
    scrollRight: Sequence;
    insertColumns: Sequence;
    deleteColumns: Sequence;
    repeatPrecedingCharacter: Sequence;
    setModePrivate: Sequence;
  };
  readonly _charsetService: { charset: Charset; glevel: number; _charsets: Charset[] };
  readonly coreService: { modes: Modes; decPrivateModes: Modes; isCursorHidden: boolean };
  readonly coreMouseService: { activeProtocol: string; activeEncoding: string };
  readonly optionsService: { readonly options: { convertEol: boolean; cursorBlink: boolean } };
}

export function coreOf(terminal: Terminal): Core {
  return (terminal as unknown as { readonly _core: Core })._core;
}
