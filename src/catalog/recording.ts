/** A recording as lists show it, wherever it is kept. */
import { isRunning } from "../recorder-process.ts";

/**
 * complete: it told its end. running: no end yet, and its recorder lives. incomplete: the recorder is gone and told no end.
 * unended: as incomplete, but of a recorder that never tells an end (tlog), so it may well be whole.
 */
export type RecordingState = "complete" | "running" | "incomplete" | "unended";

/** What a list tells of a recording; names and commands are what the recorded user made them. */
export interface Recording {
  /** Its id. */
  readonly rec: string;
  /** Name of the recorded user, "" where nothing tells. */
  readonly user: string;
  /** Host name of the recorder, "" where nothing tells. */
  readonly host: string;
  /** Milliseconds since the epoch; null where nothing tells. */
  readonly startedMs: number | null;
  /** Until its end, without one until its last message; null where nothing tells. */
  readonly durationMs: number | null;
  /** Bytes that were shown, as its end tells; of a file without an end the size of the file. */
  readonly bytes: number | null;
  /** The terminal's device; null where there was none, or nothing tells. */
  readonly tty: string | null;
  /** The command and its arguments, a blank between each; null where nothing tells. */
  readonly command: string | null;
  /** Null where nothing tells; in lists of a journal, also where the filter does not want it. */
  readonly cwd: string | null;
  /** Whether it has its end. */
  readonly state: RecordingState;
  /** Who sent it: of a journal as Attribution says; import: made of another program's file; null where nothing tells. */
  readonly by: string | null;
  /** Where it is: a journal in words, or a file's path. */
  readonly source: string;
  /** What changes with the content of its file; where a folder was listed and the filter wants it. */
  readonly revision?: string;
}

/** `isOwn`: the recorder is one that tells its end. */
export function stateOf(rec: string, hasEnd: boolean, isOwn: boolean): RecordingState {
  if (hasEnd) return "complete";
  if (isRunning(rec)) return "running";
  return isOwn ? "incomplete" : "unended";
}

/** Newest first; what tells no start comes last. */
export function newestFirst(recordings: Recording[]): Recording[] {
  return recordings.sort((a, b) => (b.startedMs ?? -1) - (a.startedMs ?? -1) || (a.rec < b.rec ? 1 : -1));
}

/** Which recordings are wanted. */
export interface Filter {
  readonly user?: string | undefined;
  /** Bounds of the start, milliseconds since the epoch. */
  readonly sinceMs?: number | undefined;
  readonly untilMs?: number | undefined;
  readonly limit?: number | undefined;
  /** Asked of what the rest admits, when all of it is known. */
  readonly accepts?: ((recording: Recording) => boolean) | undefined;
  readonly wantsCwd?: boolean | undefined;
  readonly wantsRevision?: boolean;
  /** Told, in a sentence, what a list leaves out because somebody filed more than it has room for. */
  readonly notice?: ((sentence: string) => void) | undefined;
}

/** Whether no recording is left out. */
export function takesAll({ user, sinceMs, untilMs, limit, accepts }: Filter): boolean {
  return [user, sinceMs, untilMs, limit, accepts].every((wanted) => wanted === undefined);
}

export function admits(
  { user, sinceMs, untilMs }: Filter,
  found: { user: string | null; startedMs: number | null },
): boolean {
  if (user !== undefined && found.user !== null && found.user !== user) return false;
  if (found.startedMs === null) return sinceMs === undefined && untilMs === undefined;
  return (
    found.startedMs >= (sinceMs ?? Number.NEGATIVE_INFINITY) && found.startedMs <= (untilMs ?? Number.POSITIVE_INFINITY)
  );
}

/** The whole filter, of a recording that is wholly known. */
export function accepts(filter: Filter, recording: Recording): boolean {
  return admits(filter, recording) && filter.accepts?.(recording) !== false;
}
