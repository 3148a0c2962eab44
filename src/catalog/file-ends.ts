/** The ends of message files: what a list needs of them. */
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";

export interface FileEnds {
  /** Without its line feed; the whole file where it has none. */
  readonly first: string;
  /** The last whole line: a recorder that still writes may be in the middle of the next. Empty where there is none. */
  readonly last: string;
  readonly size: number;
  /** What changes with the file's content; null where nobody wants it. */
  readonly revision: string | null;
}

/** Of each of the names in the folder, in their order; null for what cannot be read, or is no regular file. */
export type EndsReader = (
  folder: string,
  names: readonly string[],
  wantsRevision: boolean,
) => Iterable<FileEnds | null>;

const newline = 10;
/** The first line as the recorders make it fits into this, as does the last. */
const pieceBytes = 4 * 1024;
const maxPieceBytes = 16 * 1024 * 1024;

/** By Node alone. */
export const readEnds: EndsReader = function* (folder, names, wantsRevision) {
  for (const name of names) yield endsOf(`${folder}/${name}`, wantsRevision);
};

/** Null for what cannot be read, or is no regular file. */
export function endsOf(path: string, wantsRevision: boolean): FileEnds | null {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  } catch {
    return null;
  }
  try {
    const status = fstatSync(fd, { bigint: true });
    if (!status.isFile()) return null;
    const { dev, ino, mtimeNs, ctimeNs } = status;
    const size = Number(status.size);
    const revision = wantsRevision ? revisionOf([dev, ino, status.size, mtimeNs, ctimeNs]) : null;
    return { first: firstLine(fd, size), last: lastLine(fd, size), size, revision };
  } catch {
    return null;
  } finally {
    closeSync(fd);
  }
}

/** Of device, inode, size and the nanoseconds of both changes. */
export function revisionOf(status: readonly (bigint | number)[]): string {
  return status.join(" ");
}

function firstLine(fd: number, size: number): string {
  for (let length = pieceBytes; ; length *= 4) {
    const piece = read(fd, 0, Math.min(length, size));
    const end = piece.indexOf(newline);
    if (end !== -1) return piece.toString("utf8", 0, end);
    if (length >= Math.min(size, maxPieceBytes)) return piece.toString();
  }
}

function lastLine(fd: number, size: number): string {
  for (let length = pieceBytes; ; length *= 4) {
    const from = Math.max(0, size - length);
    const piece = read(fd, from, size - from);
    const end = piece.lastIndexOf(newline);
    const start = end === -1 ? -1 : piece.lastIndexOf(newline, end - 1);
    if (end > 0 && (start !== -1 || from === 0)) return piece.toString("utf8", start + 1, end);
    if (from === 0 || length >= maxPieceBytes) return "";
  }
}

function read(fd: number, from: number, length: number): Buffer {
  const piece = Buffer.allocUnsafe(length);
  let at = 0;
  while (at < length) {
    const count = readSync(fd, piece, at, length - at, from + at);
    if (count === 0) break;
    at += count;
  }
  return piece.subarray(0, at);
}
