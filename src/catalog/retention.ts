/** Retention: which recordings of a folder may go, and their removal. */
import { closeSync, lstatSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { systemReason } from "../errors.ts";
import { listRecordingFolder } from "./file-list.ts";
import { parseRecordingName } from "./name.ts";
import { openFiles } from "./open-files.ts";
import { type Recording, stateOf } from "./recording.ts";
import { fileIn, identityOf, openTrustedFolder, within } from "./trusted-folder.ts";

/** A recorder that we cannot see, on another host, may write without an end into a shared folder: so long it may be silent. */
const quietMs = 24 * 3600 * 1000;

export interface StoredRecording {
  readonly recording: Recording;
  /** Path by the name of its folder, for people. */
  readonly path: string;
  /** Size of the file. */
  readonly bytes: number;
  /** When it ended as it tells, else when its file was last written; milliseconds since the epoch. */
  readonly endedMs: number;
  /** Why it may not go, in words; null when it may. */
  readonly why: string | null;
}

export interface RetentionPolicy {
  /** What ended earlier goes. */
  readonly beforeMs?: number | undefined;
  /** The oldest go until the rest of the folder has no more bytes than this. */
  readonly maxBytes?: number | undefined;
  readonly keptUsers: readonly string[];
}

interface Entry extends StoredRecording {
  readonly name: string;
  readonly identity: string;
}

/**
 * The recordings of one folder: files that are named as recorders name them, and hold the recording of that name. Everything else is
 * foreign, and left alone. All is done by the folder's descriptor, and no link is followed.
 */
export class RetainedFolder {
  readonly #fd: number;
  readonly #entries: Entry[];

  private constructor(fd: number, entries: Entry[]) {
    this.#fd = fd;
    this.#entries = entries;
  }

  /** Throws REC_FILE_OPEN. */
  static async open(path: string, nowMs: number): Promise<RetainedFolder> {
    const fd = openTrustedFolder(path);
    try {
      const open = openFiles();
      const recordings = await listRecordingFolder(within(fd, ""), {});
      const entries = recordings.flatMap((recording) => entryOf(fd, path, recording, open, nowMs));
      return new RetainedFolder(
        fd,
        entries.sort((a, b) => a.endedMs - b.endedMs || (a.name < b.name ? -1 : 1)),
      );
    } catch (error) {
      closeSync(fd);
      throw error;
    }
  }

  /** Oldest first. */
  get recordings(): readonly StoredRecording[] {
    return this.#entries;
  }

  /** What the policy lets go, oldest first; `over` is by how many bytes the folder will still be too large. */
  choose({ beforeMs, maxBytes, keptUsers }: RetentionPolicy): { leaving: StoredRecording[]; over: number } {
    let total = this.#entries.reduce((sum, { bytes }) => sum + bytes, 0);
    const limit = maxBytes ?? Number.POSITIVE_INFINITY;
    const leaving = this.#entries.filter(({ why, recording, endedMs, bytes }) => {
      if (why !== null || keptUsers.includes(recording.user)) return false;
      if (!(endedMs < (beforeMs ?? Number.NEGATIVE_INFINITY)) && total <= limit) return false;
      total -= bytes;
      return true;
    });
    return { leaving, over: maxBytes === undefined ? 0 : Math.max(0, total - maxBytes) };
  }

  /** Removes the file, and before it what a player has kept of it beside it; in words why it did not, null when it did. */
  remove(stored: StoredRecording): string | null {
    const entry = stored as Entry;
    if (entry.recording.state !== "complete" && stateOf(entry.recording.rec, false, true) === "running")
      return "it runs";
    try {
      const path = within(this.#fd, entry.name);
      const status = lstatSync(path);
      if (!status.isFile() || identityOf(status) !== entry.identity) return "another file has its name now";
      const index = `${path}.idx`;
      if (lstatSync(index, { throwIfNoEntry: false })?.isFile() === true) unlinkSync(index);
      // Never through a link; what could be exchanged since is in this folder too.
      unlinkSync(path);
      return null;
    } catch (cause) {
      return systemReason(cause);
    }
  }

  close(): void {
    closeSync(this.#fd);
  }
}

function entryOf(fd: number, folder: string, recording: Recording, open: ReadonlySet<string>, nowMs: number): Entry[] {
  const name = recording.source.slice(recording.source.lastIndexOf("/") + 1);
  const file = fileIn(fd, name);
  if (file === null || parseRecordingName(name)?.rec !== recording.rec) return [];
  const { startedMs, durationMs, state } = recording;
  const isEnded = state === "complete" && startedMs !== null && durationMs !== null;
  return [
    {
      recording,
      name,
      path: join(folder, name),
      identity: file.identity,
      bytes: file.bytes,
      endedMs: isEnded ? startedMs + durationMs : file.changedMs,
      why: whyKept(recording, open.has(file.identity), nowMs - file.changedMs),
    },
  ];
}

function whyKept({ state }: Recording, isOpen: boolean, silentMs: number): string | null {
  if (state === "complete") return null;
  if (state === "running") return "it runs";
  if (isOpen) return "a process has it open";
  return silentMs < quietMs ? "it has no end yet, and was written within the last day" : null;
}
