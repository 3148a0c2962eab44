/** The list of recordings in files: of a folder from the first and last line of each, of one file from every line. */
import { join } from "node:path";
import { RecError } from "../errors.ts";
import type { Message } from "../format/message.ts";
import { parseMessage } from "../format/parse-message.ts";
import { type EndsReader, type FileEnds, readEnds } from "./file-ends.ts";
import { namesIn } from "./folder.ts";
import { parseRecordingName } from "./name.ts";
import { accepts, admits, type Filter, newestFirst, type Recording, stateOf } from "./recording.ts";

/** So many files are asked of at once: with a limit the rest need not be opened. */
const atOnce = 1024;
/** Names that tell their start: in the order of the alphabet they are in that of time. */
const dated = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ_/;

/** Newest first. Files that hold no message are left out. `ends` reads the files. */
export async function listRecordingFolder(
  folder: string,
  filter: Filter,
  ends: EndsReader = readEnds,
): Promise<Recording[]> {
  const { limit = Number.POSITIVE_INFINITY } = filter;
  // The names tell users and starts, so that most files need not be opened.
  const names = namesIn(folder).sort().reverse();
  const rest = names.filter((name) => dated.test(name));
  const found: Recording[] = [];
  while (rest.length > 0 && found.length < limit) {
    const batch = rest.splice(0, Math.min(atOnce, limit - found.length));
    found.push(...readRecordings(folder, batch, filter, ends));
  }
  const others = names.filter((name) => !dated.test(name));
  return newestFirst([...found, ...readRecordings(folder, others, filter, ends)]).slice(0, limit);
}

function readRecordings(folder: string, names: readonly string[], filter: Filter, ends: EndsReader): Recording[] {
  const admitted = isAllAdmitted(filter)
    ? names
    : names.filter((name) => admits(filter, withinItsSecond(name, filter)));
  const found: Recording[] = [];
  // Not join() for each: of 10 000 it takes 40 ms.
  const place = join(folder, "/");
  let at = 0;
  for (const told of ends(folder, admitted, filter.wantsRevision === true)) {
    const name = admitted[at++] as string;
    const recording = told === null ? null : readRecording(told, `${place}${name}`);
    if (recording !== null && accepts(filter, recording)) found.push(recording);
  }
  return found;
}

function isAllAdmitted({ user, sinceMs, untilMs }: Filter): boolean {
  return user === undefined && sinceMs === undefined && untilMs === undefined;
}

/** A name has whole seconds: its recording may have begun up to a second later. */
function withinItsSecond(name: string, { sinceMs }: Filter): { user: string | null; startedMs: number | null } {
  const { user = null, startedMs = null } = parseRecordingName(name) ?? {};
  const isJustBefore = startedMs !== null && sinceMs !== undefined && startedMs < sinceMs && startedMs > sinceMs - 2000;
  return { user, startedMs: isJustBefore ? sinceMs : startedMs };
}

/** Null for what holds no message. */
function readRecording({ first, last, size, revision }: FileEnds, path: string): Recording | null {
  const message = parse(first);
  if (message === null) return null;
  const recording = recordingOf(message, parse(last), size, path);
  return revision === null ? recording : { ...recording, revision };
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
