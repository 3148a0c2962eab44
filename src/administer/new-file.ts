/** A new file: written under another name beside it, so that it is there whole or not at all. */
import { constants } from "node:fs";
import { type FileHandle, link, open, rename, stat, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { RecError, systemReason } from "../errors.ts";

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
    try {
      const file = await open(draft ?? path, draft === null ? constants.O_WRONLY : "wx", 0o600);
      return new NewFile(path, file, draft, isReplacing);
    } catch (cause) {
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
      if (this.#isReplacing) return await rename(this.#draft, path);
      // Unlike a rename, a link replaces nothing that came meanwhile.
      await link(this.#draft, path);
      await unlink(this.#draft);
    } catch (cause) {
      throw hasCode(cause, "EEXIST") ? new RecError("REC_FILE_EXISTS", { path }, cause) : this.#failure(cause);
    }
  }

  /** Leaves nothing behind; after a commit it does nothing. */
  async discard(): Promise<void> {
    await this.#file.close().catch(() => {});
    if (this.#draft !== null) await unlink(this.#draft).catch(() => {});
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
