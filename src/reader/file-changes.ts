/** File changes: tells when an open file, or what its path names, may have changed, by inotify. */
import { type FSWatcher, watch } from "node:fs";
import { basename, dirname } from "node:path";
import { RecError, systemReason } from "../errors.ts";

export class FileChanges {
  readonly #path: string | null;
  #count = 0;
  #wake: (() => void) | null = null;
  #isClosed = false;
  #file: FSWatcher | null = null;
  #folder: FSWatcher | null = null;

  /** Watches at once. `path` is null where no path names the file, as on standard input. */
  constructor(fd: number, path: string | null) {
    this.#path = path;
    this.watch(fd);
  }

  /** Goes up by each change. */
  get count(): number {
    return this.#count;
  }

  /** Watches another open file from now on. */
  watch(fd: number): void {
    this.#file?.close();
    // By descriptor: the path may name another file by now.
    this.#file = this.#start(`/proc/self/fd/${fd}`, () => true);
  }

  /** Resolved when `count` is no longer `seen`, or after `close()`. */
  async since(seen: number): Promise<void> {
    if (this.#count !== seen || this.#isClosed) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
  }

  close(): void {
    this.#isClosed = true;
    this.#file?.close();
    this.#folder?.close();
    this.#changed();
  }

  #start(target: string, concerns: (name: string | null) => boolean): FSWatcher {
    try {
      const watcher = watch(target, (event, name) => {
        if (!concerns(name)) return;
        if (event === "rename") this.#watchFolder();
        this.#changed();
      });
      watcher.on("error", () => this.#changed());
      return watcher;
    } catch (cause) {
      const why = `it cannot be followed: ${systemReason(cause)}`;
      throw new RecError("REC_FILE_READ", { path: this.#path ?? "standard input", why }, cause);
    }
  }

  /** Only from when the file was moved: the folder of recordings changes with every recording in it. */
  #watchFolder(): void {
    const path = this.#path;
    if (path === null || this.#folder !== null || this.#isClosed) return;
    this.#folder = this.#start(dirname(path), (name) => name === null || name === basename(path));
  }

  #changed(): void {
    this.#count++;
    this.#wake?.();
    this.#wake = null;
  }
}
