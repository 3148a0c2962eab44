/** A new file: written under another name beside it, so that it is there whole or not at all. */
import { constants, unlinkSync } from "node:fs";
import { type FileHandle, link, open, rename, stat, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { RecError, systemReason } from "../errors.ts";

/** Signals that end a program which does nothing about them. */
const endings = ["SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM"] as const;
const drafts = new Set<string>();

/** Ends as the signal would have, and leaves no draft. */
function endBy(signal: NodeJS.Signals): void {
  for (const draft of drafts) {
    try {
      unlinkSync(draft);
    } catch {
      // It is in its place already, or was taken away.
    }
  }
  for (const ending of endings) process.removeListener(ending, endBy);
  process.kill(process.pid, signal);
}

function addDraft(path: string): void {
  if (drafts.size === 0) for (const ending of endings) process.on(ending, endBy);
  drafts.add(path);
}

function removeDraft(path: string): void {
  if (drafts.delete(path) && drafts.size === 0) for (const ending of endings) process.removeListener(ending, endBy);
}

export class NewFile {
  readonly #path: string;
  readonly #file: FileHandle;
  /** Null where the path names something that is written as it is: a device, a FIFO. */
  readonly #draft: string | null;
  readonly #isReplacing: boolean;

  private constructor(path: string, file: FileHandle, draft: string | null, isReplacing: boolean) {
    this.#path = path;
    this.#file = file;
    this.#draft = draft;
    this.#isReplacing = isReplacing;
  }

  /** For its owner alone. Throws REC_FILE_EXISTS unless `isReplacing`, and REC_FILE_OPEN. */
  static async create(path: string, isReplacing: boolean): Promise<NewFile> {
    const there = await statusOf(path);
    if (there?.isFile() === true && !isReplacing) throw new RecError("REC_FILE_EXISTS", { path });
    const isSpecial = there !== null && !there.isFile();
    const draft = isSpecial ? null : join(dirname(path), `.${basename(path).slice(0, 100)}.${process.pid}.new`);
    // Before it is made: a signal may come before we hear that it is.
    if (draft !== null) addDraft(draft);
    try {
      const file = await open(draft ?? path, draft === null ? constants.O_WRONLY : "wx", 0o600);
      return new NewFile(path, file, draft, isReplacing);
    } catch (cause) {
      if (draft !== null) removeDraft(draft);
      throw new RecError("REC_FILE_OPEN", { path, why: systemReason(cause) }, cause);
    }
  }

  async write(bytes: Uint8Array): Promise<void> {
    try {
      await this.#file.writeFile(bytes);
    } catch (cause) {
      throw this.#failure(cause);
    }
  }

  /** Puts it in its place, or in that of another name in the same folder. */
  async commit(path = this.#path): Promise<void> {
    try {
      if (this.#draft !== null) await this.#file.datasync();
      await this.#file.close();
      if (this.#draft === null) return;
      if (this.#isReplacing) await rename(this.#draft, path);
      else {
        // Unlike a rename, a link replaces nothing that came meanwhile.
        await link(this.#draft, path);
        await unlink(this.#draft);
      }
      removeDraft(this.#draft);
    } catch (cause) {
      throw hasCode(cause, "EEXIST") ? new RecError("REC_FILE_EXISTS", { path }, cause) : this.#failure(cause);
    }
  }

  /** Leaves nothing behind; after a commit it does nothing. */
  async discard(): Promise<void> {
    await this.#file.close().catch(() => {});
    if (this.#draft === null) return;
    await unlink(this.#draft).catch(() => {});
    removeDraft(this.#draft);
  }

  #failure(cause: unknown): RecError {
    return new RecError("REC_FILE_WRITE", { path: this.#path, why: systemReason(cause) }, cause);
  }
}

async function statusOf(path: string) {
  try {
    return await stat(path);
  } catch {
    return null;
  }
}

function hasCode(cause: unknown, code: string): boolean {
  return cause instanceof Error && "code" in cause && cause.code === code;
}
