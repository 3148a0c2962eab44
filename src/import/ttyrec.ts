/** ttyrec: frames of twelve bytes of header (seconds, microseconds, length, each 32 bits, little-endian) and what was shown. */

import { type ImportItem, unknownHead } from "./item.ts";
import type { ImportSource } from "./source.ts";

const headerBytes = 12;
/** A frame may be as long as 4 GiB; it is taken in pieces. */
const pieceBytes = 64 * 1024;

interface Frame {
  readonly seconds: number;
  readonly microseconds: number;
  readonly length: number;
}

/** Null for what is no header: nothing after it can be made sense of, as only headers tell where the next one is. */
export function parseFrame(header: Buffer): Frame | null {
  if (header.length < headerBytes) return null;
  const microseconds = header.readUInt32LE(4);
  if (microseconds >= 1e6) return null;
  return { seconds: header.readUInt32LE(0), microseconds, length: header.readUInt32LE(8) };
}

export async function* importTtyrec(source: ImportSource): AsyncGenerator<ImportItem> {
  const bytes = await source.open("");
  if (bytes === null) return;
  let startedMs: number | null = null;
  for (;;) {
    const place = `byte ${bytes.takenBytes + 1}`;
    const header = await bytes.exactly(headerBytes);
    if (header.length === 0) break;
    const frame = parseFrame(header);
    if (frame === null) {
      const reason = header.length < headerBytes ? "the file ends inside a frame's header" : "no frame begins here";
      yield { kind: "bad", place, reason };
      break;
    }
    const nowMs = frame.seconds * 1000 + frame.microseconds / 1000;
    if (startedMs === null) {
      startedMs = nowMs;
      yield { ...unknownHead, format: "ttyrec", startedMs };
    }
    let left = frame.length;
    while (left > 0) {
      const piece = await bytes.next(Math.min(left, pieceBytes));
      if (piece === null) break;
      left -= piece.length;
      yield { kind: "output", atMs: nowMs - startedMs, bytes: piece };
    }
    if (left > 0) yield { kind: "bad", place, reason: `the file ends ${left} bytes before its frame does` };
  }
}
