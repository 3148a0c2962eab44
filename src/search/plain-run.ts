/** Output that came in a row, looked at as one piece of plain text. */
import type { OutputPacket } from "../format/packet.ts";

export type Output = Pick<OutputPacket, "bytes" | "atMs">;

/** Lines that ended at that moment. */
export interface PlainLines {
  readonly atMs: number;
  readonly lines: readonly string[];
}

const tabStop = 8;
const lineFeed = 0x0a;
const decoder = new TextDecoder("utf-8", { fatal: true });

export function joined(run: readonly Output[]): Uint8Array {
  const [only] = run;
  return run.length === 1 && only !== undefined ? only.bytes : Buffer.concat(run.map(({ bytes }) => bytes));
}

/** What lies between two places of the joined bytes, in the pieces as they came. */
export function* partsOf(run: readonly Output[], bytes: Uint8Array, from: number, to: number): Generator<Output> {
  let begin = 0;
  for (const { atMs, bytes: own } of run) {
    const end = begin + own.length;
    if (end > from && begin < to) yield { atMs, bytes: bytes.subarray(Math.max(begin, from), Math.min(end, to)) };
    begin = end;
  }
}

/** The lines between two places of the joined bytes, each of which ends a line; null where they are not plain. */
export function plainRun(
  run: readonly Output[],
  bytes: Uint8Array,
  { from, to }: { from: number; to: number },
  lineEnd: string,
): readonly PlainLines[] | null {
  const passed: PlainLines[] = [];
  let [begin, end] = [from, 0];
  for (const { atMs, bytes: own } of run) {
    end += own.length;
    const upTo = end >= to ? to : bytes.lastIndexOf(lineFeed, end - 1) + 1;
    if (upTo <= begin) continue;
    const lines = plainLines(bytes.subarray(begin, upTo), lineEnd);
    if (lines === null) return null;
    passed.push({ atMs, lines });
    begin = upTo;
  }
  return passed;
}

/** Lines of nothing but characters, tabs and colours; null for anything else. */
function plainLines(bytes: Uint8Array, lineEnd: string): string[] | null {
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    return null;
  }
  if (text.includes("\x1b")) text = text.replaceAll(/\x1b\[[0-9;:]*m/g, "");
  const lines = text.replaceAll("\r\n", "\n").split("\n");
  const isEndedRight = lineEnd === "\n" || text.split("\r\n").length === lines.length;
  if (!isEndedRight || /[\x00-\x08\x0b-\x1f\x7f-\x9f]/.test(text.replaceAll("\r\n", ""))) return null;
  return lines;
}

/** With its tabs as blanks. */
export function expanded(line: string): string {
  if (!line.includes("\t")) return line;
  let text = "";
  for (const [index, piece] of line.split("\t").entries()) {
    if (index > 0) text += " ".repeat(tabStop - (text.length % tabStop));
    text += piece;
  }
  return text;
}
