/** A sink: a descriptor that bytes go to, without ever waiting in write(). */
import { constants } from "node:fs";
import type { Native } from "./native.ts";
import { again, interrupted } from "./system.ts";

/** poll() promises room for this much in a pipe (PIPE_BUF); more could wait. */
const pipeBytes = 4096;
/** A bound for one write to a file, so that signals and timers are served between. */
const fileBytes = 65_536;

export class Sink {
  readonly fd: number;
  readonly #native: Native;
  readonly #write: Native["write"];
  readonly #atMost: number;

  /** `isOwn`: the description is nonblocking and nobody else's; otherwise its kind decides how to write without waiting. */
  constructor(native: Native, fd: number, isOwn: boolean) {
    this.fd = fd;
    this.#native = native;
    const kind = isOwn ? 0 : native.kindOf(fd);
    this.#write = kind === constants.S_IFSOCK ? native.send : native.write;
    this.#atMost = isOwn || kind === constants.S_IFSOCK || kind === constants.S_IFREG ? fileBytes : pipeBytes;
  }

  /** How many of the bytes went, 0 when it would have to wait, -errno. To be called when poll() found it writable. */
  write(bytes: Uint8Array, from: number, length: number): number {
    const written = this.#write(this.fd, bytes, from, Math.min(length, this.#atMost));
    return written === again || written === interrupted ? 0 : written;
  }

  /** The reader at its other end sees the end of the stream. Stderr stays open: what fails at the end has to be told there. */
  close(): void {
    if (this.fd === 2) return;
    // Its number stays taken, or the next file opened would get what is written to stdout.
    if (this.fd < 3) this.#native.stub(this.fd);
    else this.#native.closeDescriptor(this.fd);
  }
}
