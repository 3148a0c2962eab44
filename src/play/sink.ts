/** The sink: bytes to standard output, whatever it is, never more held than one write and what the stream has room for. */
import { constants, fstatSync, openSync, write } from "node:fs";
import { Socket } from "node:net";
import { isatty, ReadStream } from "node:tty";
import { promisify } from "node:util";
import { RecError, systemReason } from "../errors.ts";
import type { Output } from "./player.ts";

const writeFile = promisify(write);

export interface Sink extends Output {
  /** Resolved when all that was written has left; ends nothing that others share. */
  close(): Promise<void>;
}

/** Whoever read our output has gone: no failure of ours, and nothing more to do. */
export class OutputClosed extends Error {}

/** `onFailure` hears of a failure that comes while no write is waited for. */
export function openSink(fd: number, onFailure: (error: Error) => void): Sink {
  const status = fstatSync(fd);
  if (isatty(fd)) return new StreamSink(openTerminal(fd), onFailure);
  if (status.isFIFO() || status.isSocket())
    return new StreamSink(new Socket({ fd: reopenPipe(fd), readable: false, writable: true }), onFailure);
  return new FileSink(fd);
}

/**
 * The same where nothing else goes on meanwhile, keys least of all: each write is one of a thread's, whatever the descriptor is. What Node
 * needs for streams takes 10 ms to load.
 */
export function openPlainSink(fd: number): Sink {
  return new FileSink(fd);
}

/** Not process.stdout, whose writes to a terminal block: a terminal that stopped taking would stop keys and signals too. */
function openTerminal(fd: number): Socket {
  return new ReadStream(fd);
}

/** Under a description of our own, so that O_NONBLOCK does not reach who shares the pipe. */
function reopenPipe(fd: number): number {
  try {
    return openSync(`/proc/self/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENXIO" && fstatSync(fd).isFIFO())
      throw new OutputClosed();
    return fd;
  }
}

function failure(cause: unknown): Error {
  if (cause instanceof Error && "code" in cause && (cause.code === "EPIPE" || cause.code === "ECONNRESET"))
    return new OutputClosed();
  return new RecError("REC_FILE_WRITE", { path: "standard output", why: systemReason(cause) }, cause);
}

class StreamSink implements Sink {
  readonly #stream: Socket;
  readonly #onFailure: (error: Error) => void;
  #error: Error | null = null;
  #waiting: (() => void)[] = [];

  constructor(stream: Socket, onFailure: (error: Error) => void) {
    this.#stream = stream;
    this.#onFailure = onFailure;
    stream.on("drain", () => this.#wake());
    stream.on("error", (cause) => this.#fail(cause));
  }

  write(bytes: Uint8Array): Promise<void> | undefined {
    if (this.#error !== null) return Promise.reject(this.#error);
    return this.#stream.write(bytes) ? undefined : this.#settled();
  }

  async close(): Promise<void> {
    if (this.#error === null) {
      await new Promise<void>((resolve) => {
        this.#stream.write("", () => resolve());
      });
    }
    this.#stream.destroy();
    if (this.#error !== null) throw this.#error;
  }

  async #settled(): Promise<void> {
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (this.#error !== null) throw this.#error;
  }

  #fail(cause: Error): void {
    if (this.#error !== null) return;
    this.#error = failure(cause);
    if (this.#waiting.length === 0) this.#onFailure(this.#error);
    this.#wake();
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}

/** How long a descriptor that somebody has made non-blocking, and that is full, is left alone. */
const fullMs = 5;

class FileSink implements Sink {
  readonly #fd: number;

  constructor(fd: number) {
    this.#fd = fd;
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (let from = 0; from < bytes.length; ) {
      try {
        from += (await writeFile(this.#fd, bytes, from)).bytesWritten;
      } catch (cause) {
        if (!isFull(cause)) throw failure(cause);
        await new Promise((resolve) => setTimeout(resolve, fullMs));
      }
    }
  }

  async close(): Promise<void> {}
}

function isFull(cause: unknown): boolean {
  return cause instanceof Error && "code" in cause && cause.code === "EAGAIN";
}
