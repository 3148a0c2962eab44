/** What the index knows a recording by. */
import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { revisionOf } from "../catalog/file-ends.ts";
import type { Recording } from "../catalog/recording.ts";
import type { IndexKey } from "../search/index-writer.ts";
import type { SourceSettings } from "../source.ts";

/** A recording, and how it is found again. */
export interface Listed {
  readonly recording: Recording;
  /** Its file; null where it is in a journal. */
  readonly path: string | null;
  readonly settings: Partial<SourceSettings>;
}

/** Null for what may still grow: it is read each time. */
export function keyOf({ recording, path }: Listed): IndexKey | null {
  const { rec, source, state, startedMs, durationMs, bytes, revision } = recording;
  if (path === null) {
    if (state !== "complete") return null;
    return { name: `${source}\n${rec}`, state: `${startedMs} ${durationMs} ${bytes}` };
  }
  if (state === "running") return null;
  // As it was listed, a moment ago: a look at each file again would take as long as the rest of a search.
  if (revision !== undefined) return { name: nameOf(path, rec), state: revision };
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
    return { name: nameOf(path, rec), state: revisionOf([dev, ino, size, mtimeNs, ctimeNs]) };
  } catch {
    return null;
  }
}

/** What resolve() would change. */
const unresolved = /^[^/]|\/(?:\/|\.{1,2}(?:\/|$)|$)/;

function nameOf(path: string, rec: string): string {
  return `${unresolved.test(path) ? resolve(path) : path}\n${rec}`;
}

/** Whether the file of an indexed recording is there; what is in a journal is, but for journals that hold no more than was listed. */
export function isThere(name: string, wholeJournals: ReadonlySet<string> = new Set()): boolean {
  const place = name.slice(0, name.lastIndexOf("\n"));
  return !wholeJournals.has(place) && (!place.startsWith("/") || existsSync(place));
}
