/** The file writer: appends each message to a file, and syncs it at most a second after. */
import { type FileHandle, open } from "node:fs/promises";
import { RecError, systemReason } from "../errors.ts";
import type { EncodedMessage } from "../format/message.ts";
import type { Timers } from "../timers.ts";
import type { Writer } from "./writer.ts";

/** A power cut loses at most what came in this time. */
const syncMs = 1000;
const newline = 10;

export class FileWriter implements Writer {
  readonly name: string;
  readonly #file: FileHandle;
  /** Of the message being written, what is on the medium already. */
  #written = 0;
  readonly #timers: Timers;
  #cancelSync: (() => void) | undefined;

  private constructor(name: string, file: FileHandle, timers: Timers) {
    this.#timers = timers;
    this.name = name;
    this.#file = file;
  }

  /** Opens for appending, creating it for the owner alone; throws REC_FILE_OPEN. `isNew`: it must not exist yet. */
  static async open(path: string, timers: Timers, { isNew = false } = {}): Promise<FileWriter> {
    try {
      const file = await open(path, isNew ? "ax" : "a+", 0o600);
      const writer = new FileWriter(path, file, timers);
      if (!isNew) await writer.#endLastLine();
      return writer;
    } catch (cause) {
      throw new RecError("REC_FILE_OPEN", { path, why: systemReason(cause) }, cause);
    }
  }

  async write(message: EncodedMessage): Promise<void> {
    const { line } = message;
    while (this.#written < line.length) {
      const { bytesWritten } = await this.#file.write(line, this.#written, line.length - this.#written);
      this.#written += bytesWritten;
    }
    this.#written = 0;
    this.#cancelSync ??= this.#timers.after(syncMs, () => void this.#sync());
  }

  async flush(): Promise<void> {
    this.#cancelSync?.();
    await this.#sync();
  }

  async close(): Promise<void> {
    this.#cancelSync?.();
    await this.#file.close();
  }

  /** A recorder that was killed may have left half a line, which ours must not continue. */
  async #endLastLine(): Promise<void> {
    const status = await this.#file.stat();
    if (!status.isFile() || status.size === 0) return;
    const last = Buffer.alloc(1);
    await this.#file.read(last, 0, 1, status.size - 1);
    if (last[0] !== newline) await this.#file.write("\n");
  }

  /** Pipes and devices cannot be synced, and need not be. */
  async #sync(): Promise<void> {
    this.#cancelSync = undefined;
    await this.#file.datasync().catch(() => undefined);
  }
}
