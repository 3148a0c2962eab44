/** Lines of a terminal to bytes and back: runs of like cells, each with its attributes where they change. */
import type { ByteReader } from "./byte-reader.ts";
import type { ByteWriter } from "./byte-writer.ts";
import { type Buffer, cellWords, combinedFlag, type Extended, extendedFlag, type Line } from "./internals.ts";
import { maxCells } from "./size.ts";

/** The first word of an ASCII character: its width is 1. */
const asciiWord = 1 << 22;
/** Kinds of runs: one cell repeated; ASCII characters; any cells. */
const repeated = 0;
const ascii = 1;
const mixed = 2;
/** Of cells that are alike, so many are worth a run of their own. */
const minRepeated = 4;
const noExtended = 0xffffffff;

/** What the runs of one snapshot share: the attributes of the last. */
interface Last {
  fg: number;
  bg: number;
  ext: number;
}

export function writeLines(writer: ByteWriter, { lines }: Buffer): void {
  const last: Last = { fg: 0, bg: 0, ext: 0 };
  for (let y = 0; y < lines.length; y++) writeLine(writer, lines.get(y) as Line, last);
}

function writeLine(writer: ByteWriter, line: Line, last: Last): void {
  const { _data: data, length } = line;
  writer.number(length * 2 + (line.isWrapped ? 1 : 0));
  for (let from = 0; from < length; ) {
    const same = sameFrom(line, from);
    const kind = same >= minRepeated || same === length - from ? repeated : isAscii(data, from) ? ascii : mixed;
    const count = kind === repeated ? same : kindFrom(line, from, kind);
    const isNew = !hasStyle(line, from, last);
    writer.number(count * 8 + (isNew ? 4 : 0) + kind);
    if (isNew) writeStyle(writer, line, from, last);
    if (kind === ascii) writer.bytes(count, (place) => (data[(from + place) * cellWords] as number) & 0x7f);
    else for (let x = from; x < from + (kind === repeated ? 1 : count); x++) writeContent(writer, line, x);
    from += count;
  }
}

/** How many cells from that on are the same, attributes included. */
function sameFrom(line: Line, from: number): number {
  const { _data: data, length } = line;
  const content = data[from * cellWords] as number;
  let x = from + 1;
  if ((content & combinedFlag) !== 0) return 1;
  while (x < length && data[x * cellWords] === content && isSameStyle(line, x)) x++;
  return x - from;
}

/** How many cells from that on are of that kind and have the same attributes, up to where cells that are alike begin. */
function kindFrom(line: Line, from: number, kind: number): number {
  const { _data: data, length } = line;
  let x = from + 1;
  let alike = 1;
  for (; x < length; x++) {
    if (isAscii(data, x) !== (kind === ascii) || !isSameStyle(line, x)) return x - from;
    const content = data[x * cellWords] as number;
    // Combined text is never alike, as the word does not tell it.
    alike = content === data[(x - 1) * cellWords] && (content & combinedFlag) === 0 ? alike + 1 : 1;
    if (alike === 2 * minRepeated) return x - from - alike + 1;
  }
  return x - from;
}

function isAscii(data: Uint32Array, x: number): boolean {
  const content = data[x * cellWords] as number;
  return content >= asciiWord && content < asciiWord + 0x80;
}

/** Whether a cell's attributes are those of the cell before it. */
function isSameStyle(line: Line, x: number): boolean {
  const { _data: data } = line;
  const at = x * cellWords;
  if (data[at + 1] !== data[at - 2] || data[at + 2] !== data[at - 1]) return false;
  return extendedOf(line, x) === extendedOf(line, x - 1);
}

function hasStyle(line: Line, x: number, last: Last): boolean {
  const at = x * cellWords;
  return line._data[at + 1] === last.fg && line._data[at + 2] === last.bg && extendedOf(line, x) === last.ext;
}

function extendedOf(line: Line, x: number): number {
  if (((line._data[x * cellWords + 2] as number) & extendedFlag) === 0) return 0;
  const extended = line._extendedAttrs[x];
  return extended === undefined ? noExtended : extended.ext >>> 0;
}

function writeStyle(writer: ByteWriter, line: Line, x: number, last: Last): void {
  last.fg = line._data[x * cellWords + 1] as number;
  last.bg = line._data[x * cellWords + 2] as number;
  last.ext = extendedOf(line, x);
  writer.number(last.fg);
  writer.number(last.bg);
  writer.number(last.ext);
}

function writeContent(writer: ByteWriter, line: Line, x: number): void {
  const content = line._data[x * cellWords] as number;
  writer.number(content);
  if ((content & combinedFlag) !== 0) writer.text(line._combined[x] ?? "");
}

/** Fills the blank lines of a buffer; `extended` is copied for cells that need one. Throws RangeError. */
export function readLines(reader: ByteReader, { lines }: Buffer, extended: Extended): void {
  const last: Last = { fg: 0, bg: 0, ext: 0 };
  for (let y = 0; y < lines.length; y++) readLine(reader, lines.get(y) as Line, last, extended);
}

function readLine(reader: ByteReader, line: Line, last: Last, extended: Extended): void {
  const lengthAndFlag = reader.number();
  const length = lengthAndFlag >>> 1;
  line.isWrapped = (lengthAndFlag & 1) !== 0;
  if (length !== line.length) setLength(line, length);
  const { _data: data } = line;
  for (let from = 0; from < length; ) {
    const head = reader.number();
    const end = from + (head >>> 3);
    if (end === from || end > length) throw new RangeError("a run does not fit its line");
    if ((head & 4) !== 0) readStyle(reader, last);
    const kind = head & 3;
    if (kind === repeated) {
      readContent(reader, line, from);
      for (let x = from + 1; x < end; x++) data[x * cellWords] = data[from * cellWords] as number;
    } else if (kind === ascii) {
      for (let x = from; x < end; x++) data[x * cellWords] = asciiWord + (reader.byte() & 0x7f);
    } else {
      for (let x = from; x < end; x++) readContent(reader, line, x);
    }
    for (let x = from; x < end; x++) setStyle(line, x, last, extended);
    from = end;
  }
}

/** On the alternate screen lines keep what a narrower window does not show. */
function setLength(line: Line, length: number): void {
  if (length > maxCells) throw new RangeError("a line is too long");
  line._data = new Uint32Array(length * cellWords);
  line.length = length;
}

function readStyle(reader: ByteReader, last: Last): void {
  last.fg = reader.number();
  last.bg = reader.number();
  last.ext = reader.number();
}

function setStyle(line: Line, x: number, { fg, bg, ext }: Last, extended: Extended): void {
  line._data[x * cellWords + 1] = fg;
  line._data[x * cellWords + 2] = bg;
  if ((bg & extendedFlag) === 0 || ext === noExtended) return;
  const own = extended.clone();
  own.ext = ext | 0;
  line._extendedAttrs[x] = own;
}

function readContent(reader: ByteReader, line: Line, x: number): void {
  const content = reader.number();
  line._data[x * cellWords] = content;
  if ((content & combinedFlag) !== 0) line._combined[x] = reader.text();
}
