/** The file reader: a file, a FIFO or standard input, of any format, to message lines, once or for as long as it grows. */
import { close, constants, fstatSync, open, read, stat } from "node:fs";
import { Socket } from "node:net";
import { isatty, ReadStream } from "node:tty";
import { promisify } from "node:util";
import { RecError, systemReason } from "../errors.ts";
import { type DetectingOptions, DetectingSplitter } from "./detect.ts";
import { FileChanges } from "./file-changes.ts";
import type { Reader, SourceLine, Splitter } from "./reader.ts";

const openFile = promisify(open);
const closeFile = promisify(close);
const readFile = promisify(read);
const statFile = promisify(stat);

/** Large enough that a call costs little beside the bytes it brings, small enough to stay in the processor's cache. */
const chunkBytes = 256 * 1024;

export interface FileReaderOptions extends DetectingOptions {
  /** Wait at the end for more; the default is to end there. */
  readonly isFollowing?: boolean;
}

/** Opens what the path names, "-" being standard input; never waits for a FIFO's writer. */
export async function openFileReader(path: string, options: FileReaderOptions = {}): Promise<Reader> {
  const name = path === "-" ? "standard input" : path;
  try {
    const fd = path === "-" ? 0 : await openFile(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const status = fstatSync(fd);
    if (status.isDirectory()) throw new RecError("REC_FILE_READ", { path: name, why: systemReason("EISDIR") });
    if (status.isFIFO() || status.isSocket() || isatty(fd)) return await openStream(path, fd, name, options);
    return new FileReader(fd, path === "-" ? null : path, name, options);
  } catch (cause) {
    throw cause instanceof RecError ? cause : readError(name, cause);
  }
}

function readError(name: string, cause: unknown): RecError {
  return new RecError("REC_FILE_READ", { path: name, why: systemReason(cause) }, cause);
}

/** What can be read without waiting and watched: regular files, and devices such as /dev/null. */
class FileReader implements Reader {
  #fd: number;
  readonly #path: string | null;
  readonly #name: string;
  readonly #splitter: Splitter;
  readonly #isFollowing: boolean;
  #changes: FileChanges | null = null;
  #isClosed = false;
  #isRunning = false;
  /** Since it was opened; standard input may have begun anywhere. */
  #takenBytes = 0;

  constructor(fd: number, path: string | null, name: string, options: FileReaderOptions) {
    this.#fd = fd;
    this.#path = path;
    this.#name = name;
    this.#isFollowing = options.isFollowing ?? false;
    this.#splitter = new DetectingSplitter(options);
  }

  async *lines(): AsyncGenerator<SourceLine> {
    this.#isRunning = true;
    try {
      if (this.#isFollowing) this.#changes = new FileChanges(this.#fd, this.#path);
      const chunk = Buffer.allocUnsafe(chunkBytes);
      while (!this.#isClosed) {
        // Taken before the read: an append between the end and the waiting is not missed.
        const seen = this.#changes?.count ?? 0;
        const { bytesRead } = await readFile(this.#fd, chunk, 0, chunkBytes, null);
        if (bytesRead > 0) {
          this.#takenBytes += bytesRead;
          yield* this.#splitter.push(chunk.subarray(0, bytesRead));
        } else if (this.#changes === null) {
          break;
        } else {
          yield* this.#renew(this.#changes, seen);
        }
      }
      yield* this.#splitter.end();
    } catch (cause) {
      throw cause instanceof RecError ? cause : readError(this.#name, cause);
    } finally {
      this.#isRunning = false;
      await this.close();
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#changes?.close();
    if (this.#isRunning || this.#fd <= 2) return;
    const fd = this.#fd;
    this.#fd = -1;
    await closeFile(fd);
  }

  /** At the end of the file: goes to its new beginning or to its replacement, or waits for a change. */
  async *#renew(changes: FileChanges, seen: number): AsyncGenerator<SourceLine> {
    const status = fstatSync(this.#fd);
    if (status.isFile() && status.size < this.#takenBytes) {
      yield this.#splitter.trouble("the file was cut short while it was read");
      await this.#reopen(`/proc/self/fd/${this.#fd}`);
      return;
    }
    if (await this.#isReplaced(status.dev, status.ino)) {
      yield* this.#splitter.end();
      await this.#reopen(this.#path ?? "");
      changes.watch(this.#fd);
      return;
    }
    await changes.since(seen);
  }

  /** Whether another file has taken the path. Without any file there, the one that is open is still the recording. */
  async #isReplaced(dev: number, ino: number): Promise<boolean> {
    if (this.#path === null) return false;
    try {
      const status = await statFile(this.#path);
      return status.isFile() && (status.dev !== dev || status.ino !== ino);
    } catch {
      return false;
    }
  }

  async #reopen(path: string): Promise<void> {
    const fd = await openFile(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const old = this.#fd;
    this.#fd = fd;
    this.#takenBytes = 0;
    this.#splitter.restart();
    if (old > 2) await closeFile(old);
  }
}

/** What has to be waited for: FIFO, socket, terminal. Opened anew, so that O_NONBLOCK does not reach who shares it. */
async function openStream(path: string, fd: number, name: string, options: FileReaderOptions): Promise<Reader> {
  const own = await reopen(path, fd, options.isFollowing ?? false);
  const stream = isatty(own) ? new ReadStream(own) : new Socket({ fd: own, readable: true, writable: false });
  return new StreamReader(stream, name, options);
}

async function reopen(path: string, fd: number, isFollowing: boolean): Promise<number> {
  const source = path === "-" ? "/proc/self/fd/0" : path;
  // Open for writing too, a FIFO has no end when its writer leaves: the next one is waited for.
  const modes = isFollowing && path !== "-" ? [constants.O_RDWR, constants.O_RDONLY] : [constants.O_RDONLY];
  for (const mode of modes) {
    try {
      const own = await openFile(source, mode | constants.O_NONBLOCK | constants.O_NOCTTY);
      if (fd > 2) await closeFile(fd);
      return own;
    } catch {
      // A socket cannot be opened by name, another user's pipe may not be: the descriptor itself serves.
    }
  }
  return fd;
}

class StreamReader implements Reader {
  readonly #stream: Socket;
  readonly #name: string;
  readonly #splitter: Splitter;
  #isClosed = false;

  constructor(stream: Socket, name: string, options: FileReaderOptions) {
    this.#stream = stream;
    this.#name = name;
    this.#splitter = new DetectingSplitter(options);
  }

  async *lines(): AsyncGenerator<SourceLine> {
    try {
      for await (const chunk of this.#stream) yield* this.#splitter.push(chunk as Buffer);
    } catch (cause) {
      if (!this.#isClosed) throw readError(this.#name, cause);
    }
    yield* this.#splitter.end();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#stream.destroy();
  }
}
