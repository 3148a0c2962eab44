/**
 * A kept timeline: what is known of a large recording in a file, so that it need not be shown to an emulator again. Beside the
 * recording as `.idx` where the folder is the reader's own, else in his cache. It is sealed with a key of the reader's, so that
 * no one else can make one; and it is about the file as it was, to the nanosecond of its last change.
 */
import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { snapshotVersion } from "./emulator/snapshot.ts";
import { keptName, makeRoom, markUsed } from "./kept-name.ts";
import type { MessageFile } from "./message-file.ts";
import { cacheFolder, readerKey, readOwn, replaceOwn } from "./own-files.ts";
import type { KnownContents } from "./play/timeline/known.ts";
import { type Kept, seal, unseal } from "./play/timeline/sealed.ts";
import type { Selection } from "./reader/selection.ts";
import { version } from "./version.ts";

/** A smaller recording is known in less than half a second. */
const minKeptBytes = 4 * 1024 * 1024;
/** Keyframes take 48 MiB at most. */
const maxIndexBytes = 64 * 1024 * 1024;
/** At both ends of a recording, beside what the system says of it. */
const sampleBytes = 64 * 1024;

type Environment = (name: string) => string | undefined;

export class KeptTimeline {
  readonly #file: MessageFile;
  readonly #wanted: string | null;
  readonly #cache: string | null;
  readonly #paths: readonly string[];

  /** Of the recording that `wanted` chooses in the file of that path. */
  constructor(file: MessageFile, path: string, wanted: string | undefined, environment: Environment) {
    const absolute = resolve(path);
    this.#file = file;
    this.#wanted = wanted ?? null;
    this.#cache = cacheFolder(environment);
    const beside = join(dirname(absolute), `${basename(absolute)}.idx`);
    this.#paths = [
      ...(isOwn(dirname(absolute)) ? [beside] : []),
      ...(this.#cache === null ? [] : [join(this.#cache, keptName(absolute, this.#wanted))]),
    ];
  }

  /** Null where nothing is kept, or nothing that can be trusted; else the selection has chosen as it had when it was kept. */
  async load(selection: Selection): Promise<KnownContents | null> {
    const key = this.#file.length < minKeptBytes ? null : readerKey(this.#cache);
    if (key === null) return null;
    const subject = await this.#subject();
    for (const path of this.#paths) {
      const sealed = readOwn(path, maxIndexBytes);
      const kept = sealed === null ? null : unsealed(key, subject, sealed);
      if (kept === null) continue;
      selection.restore(kept.choice.rec, kept.choice.others);
      if (dirname(path) === this.#cache) markUsed(path);
      return kept.contents;
    }
    return null;
  }

  /** Keeps it if that can be done, and if the file is still what it was when it was opened. */
  async save(contents: KnownContents, { rec, others }: Selection): Promise<void> {
    const key = this.#file.length < minKeptBytes ? null : readerKey(this.#cache);
    if (key === null || !(await this.#file.isUnchanged())) return;
    const sealed = seal(key, await this.#subject(), { choice: { rec, others }, contents });
    if (sealed.reduce((length, piece) => length + piece.length, 0) > maxIndexBytes) return;
    const path = this.#paths.find((one) => replaceOwn(one, sealed));
    if (path !== undefined && dirname(path) === this.#cache) makeRoom(dirname(path));
  }

  /** What the recording is, and what made the index; any change makes it stale. */
  async #subject(): Promise<readonly unknown[]> {
    const { dev, ino, size, mtimeNs, ctimeNs } = this.#file.stats;
    const sample = createHash("sha256");
    sample.update(await this.#file.bytesAt(0, sampleBytes));
    sample.update(await this.#file.bytesAt(Math.max(0, this.#file.length - sampleBytes), sampleBytes));
    const status = [dev, ino, size, mtimeNs, ctimeNs].map(String);
    return [version, snapshotVersion, this.#wanted, ...status, sample.digest("hex")];
  }
}

/** Null for anything that is not as it was sealed. */
function unsealed(key: Buffer, subject: unknown, sealed: Buffer): Kept | null {
  try {
    return unseal(key, subject, sealed);
  } catch {
    return null;
  }
}

/** Whether only the reader can write there. */
function isOwn(folder: string): boolean {
  try {
    const { uid, mode } = statSync(folder);
    return uid === process.geteuid?.() && (mode & 0o022) === 0;
  } catch {
    return false;
  }
}
