/** The list of recordings in files: of a folder from the first and last line of each, of one file from every line. */
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { RecError } from "../errors.ts";
import type { Message } from "../format/message.ts";
import { parseMessage } from "../format/parse-message.ts";
import { listFolder } from "./folder.ts";
import { accepts, admits, type Filter, newestFirst, type Recording, stateOf } from "./recording.ts";

const newline = 10;
/** The first line as the recorders make it fits into this, as does the last; with 64 KiB a list of 10 000 takes a third longer. */
const pieceBytes = 4 * 1024;
const maxPieceBytes = 16 * 1024 * 1024;
/** For pieces of the first length: a buffer for each would be garbage by the thousand. */
const shared = Buffer.allocUnsafe(pieceBytes);

/** Newest first. Files that hold no message are left out. */
export async function listRecordingFolder(folder: string, filter: Filter): Promise<Recording[]> {
  const entries = (await listFolder(folder)).reverse();
  const found: Recording[] = [];
  // The names tell users and starts, so that most files need not be opened.
  for (const entry of entries) {
    if (found.length >= (filter.limit ?? Number.POSITIVE_INFINITY) && entry.startedMs !== null) break;
    if (!admits(filter, withinItsSecond(entry, filter))) continue;
    const recording = readRecording(entry.path);
    if (recording !== null && accepts(filter, recording)) found.push(recording);
  }
  return newestFirst(found).slice(0, filter.limit);
}

/** A name has whole seconds: its recording may have begun up to a second later. */
function withinItsSecond<Entry extends { user: string | null; startedMs: number | null }>(
  { user, startedMs }: Entry,
  { sinceMs }: Filter,
): { user: string | null; startedMs: number | null } {
  const isJustBefore = startedMs !== null && sinceMs !== undefined && startedMs < sinceMs && startedMs > sinceMs - 2000;
  return { user, startedMs: isJustBefore ? sinceMs : startedMs };
}

/** Null for what cannot be read or holds no message. */
function readRecording(path: string): Recording | null {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  } catch {
    return null;
  }
  try {
    const count = readSync(fd, shared, 0, pieceBytes, 0);
    // The whole of a short file is read at once, and its size known: most of a list's time goes into system calls.
    const size = count < pieceBytes ? count : fstatSync(fd).size;
    const first = parse(firstLine(fd, count, size));
    return first === null ? null : recordingOf(first, parse(lastLine(fd, size)), size, path);
  } catch {
    return null;
  } finally {
    closeSync(fd);
  }
}

/** `count` bytes of the beginning are in the shared piece. */
function firstLine(fd: number, count: number, size: number): string {
  for (let length = pieceBytes; ; length *= 4) {
    const piece = length === pieceBytes ? shared.subarray(0, count) : read(fd, 0, Math.min(length, size));
    const end = piece.indexOf(newline);
    if (end !== -1) return piece.toString("utf8", 0, end);
    if (length >= Math.min(size, maxPieceBytes)) return piece.toString();
  }
}

/** The last whole line: a recorder that still writes may be in the middle of the next. A short file is still in the shared piece. */
function lastLine(fd: number, size: number): string {
  for (let length = pieceBytes; ; length *= 4) {
    const from = Math.max(0, size - length);
    const piece = size < pieceBytes ? shared.subarray(0, size) : read(fd, from, size - from);
    const end = piece.lastIndexOf(newline);
    const start = end === -1 ? -1 : piece.lastIndexOf(newline, end - 1);
    if (end > 0 && (start !== -1 || from === 0)) return piece.toString("utf8", start + 1, end);
    if (from === 0 || length >= maxPieceBytes) return "";
  }
}

/** Valid until the next read. */
function read(fd: number, from: number, length: number): Buffer {
  const piece = length <= pieceBytes ? shared : Buffer.allocUnsafe(length);
  let at = 0;
  while (at < length) {
    const count = readSync(fd, piece, at, length - at, from + at);
    if (count === 0) break;
    at += count;
  }
  return piece.subarray(0, at);
}

function parse(line: string): Message | null {
  const message = parseOrWhy(line);
  return typeof message === "string" ? null : message;
}

/** The message, or in words why it is none. */
function parseOrWhy(line: string): Message | string {
  try {
    return parseMessage(line);
  } catch (error) {
    if (error instanceof RecError) return error.message;
    throw error;
  }
}

function recordingOf(first: Message, last: Message | null, size: number, source: string): Recording {
  const { rec, user, host, start, timeMs, posMs } = first;
  const end = last?.rec === rec ? last.end : null;
  return {
    rec,
    user,
    host,
    startedMs: timeMs === null ? null : timeMs - posMs,
    durationMs: end?.durationMs ?? (last?.rec === rec ? last.posMs : null),
    bytes: end?.outBytes ?? size,
    tty: start?.tty ?? null,
    command: start?.command.join(" ") ?? null,
    cwd: start?.cwd ?? null,
    state: stateOf(rec, end !== null, start !== null),
    by: start?.import === undefined ? null : "import",
    source,
  };
}

/** Every recording of one file, from all its lines, newest first. Throws REC_RECORDING_FORMAT, REC_RECORDING_EMPTY. */
export async function listRecordingFile(
  lines: AsyncIterable<{ readonly text: string; readonly place: string; readonly trouble?: string }>,
  source: string,
  filter: Filter,
): Promise<Recording[]> {
  const found = new Map<string, { first: Message; last: Message; bytes: number }>();
  let why: string | null = null;
  for await (const { text, place, trouble } of lines) {
    const message = trouble ?? (text.trim() === "" ? null : parseOrWhy(text));
    if (message === null) continue;
    if (typeof message === "string") {
      why ??= `${place}: ${message}`;
      continue;
    }
    const known = found.get(message.rec);
    if (known === undefined) found.set(message.rec, { first: message, last: message, bytes: text.length });
    else {
      known.last = message;
      known.bytes += text.length;
    }
  }
  if (found.size === 0 && why !== null) throw new RecError("REC_RECORDING_FORMAT", { path: source, why });
  if (found.size === 0) throw new RecError("REC_RECORDING_EMPTY", { path: source });
  const all = [...found.values()].map(({ first, last, bytes }) => recordingOf(first, last, bytes, source));
  return newestFirst(all.filter((recording) => accepts(filter, recording))).slice(0, filter.limit);
}
