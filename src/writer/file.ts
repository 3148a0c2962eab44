/** The file writer: appends each message to a file, and syncs it at most a second after. */
import { close, closeSync, fchmodSync, fdatasync, fstatSync, openSync, readSync, write, writeSync } from "node:fs";
import { RecError, systemReason } from "../errors.ts";
import type { EncodedMessage } from "../format/message.ts";
import type { Timers } from "../timers.ts";
import type { Writer } from "./writer.ts";

/** A power cut loses at most what came in this time. */
const syncMs = 1000;
/** What pipes, sockets and devices answer: they cannot be synced, and need not be. */
const unsyncable: ReadonlySet<string> = new Set(["EINVAL", "ENOTSUP", "EROFS"]);
const newline = 10;

// Callbacks, since node:fs/promises costs each session 0.3 MB.
export class FileWriter implements Writer {
  readonly name: string;
  readonly #fd: number;
  readonly #timers: Timers;
  /** Of the message being written, what is on the medium already. */
  #written = 0;
  #cancelSync: (() => void) | undefined;
  #syncFailure: Error | undefined;

  /** Opens for appending, creating it for the owner alone; throws REC_FILE_OPEN. `isNew`: it must not exist yet. */
  constructor(path: string, timers: Timers, { isNew = false } = {}) {
    this.name = path;
    this.#timers = timers;
    try {
      this.#fd = openSync(path, isNew ? "ax" : "a", 0o600);
      // Also when the user's umask took something of it.
      if (isNew) fchmodSync(this.#fd, 0o600);
      if (!isNew && endsInLine(this.#fd, path)) writeSync(this.#fd, "\n");
    } catch (cause) {
      throw new RecError("REC_FILE_OPEN", { path, why: systemReason(cause) }, cause);
    }
  }

  write(message: EncodedMessage): Promise<void> {
    return new Promise((resolve, reject) => {
      const { line } = message;
      const next = (): void =>
        write(this.#fd, line, this.#written, line.length - this.#written, null, (error, count) => {
          if (error !== null) {
            reject(error);
            return;
          }
          this.#written += count;
          if (this.#written < line.length) {
            next();
            return;
          }
          this.#written = 0;
          this.#cancelSync ??= this.#timers.after(syncMs, () => this.#sync(() => {}));
          resolve();
        });
      next();
    });
  }

  flush(): Promise<void> {
    this.#cancelSync?.();
    return new Promise((resolve, reject) =>
      this.#sync(() => (this.#syncFailure === undefined ? resolve() : reject(this.#syncFailure))),
    );
  }

  close(): Promise<void> {
    this.#cancelSync?.();
    return new Promise((resolve) => close(this.#fd, () => resolve()));
  }

  /** The kernel tells of what it could not keep but once (fsync(2), EIO): a sync that failed is never made good by the next. */
  #sync(done: () => void): void {
    this.#cancelSync = undefined;
    fdatasync(this.#fd, (error) => {
      if (error !== null && !unsyncable.has(error.code ?? "")) this.#syncFailure ??= error;
      done();
    });
  }
}

/** A recorder that was killed may have left half a line, which ours must not continue. */
function endsInLine(written: number, path: string): boolean {
  const status = fstatSync(written);
  if (!status.isFile() || status.size === 0) return false;
  let fd: number;
  try {
    fd = openSync(path, "r");
  } catch {
    // Write-only for us: then nobody can look.
    return false;
  }
  const last = Buffer.alloc(1);
  readSync(fd, last, 0, 1, status.size - 1);
  closeSync(fd);
  return last[0] !== newline;
}
