/** A sink: a descriptor that bytes go to, without ever waiting in write(). */
import { constants } from "node:fs";
import type { Native } from "./native.ts";
import { again, interrupted } from "./system.ts";

/** poll() promises room for this much in a pipe (PIPE_BUF); more could wait. */
const pipeBytes = 4096;
/** A bound for one write to a file, so that signals and timers are served between. */
const fileBytes = 65_536;

/** A pipe of our own on the way to another's: from there the kernel moves what the other has room for, and waits for no more. */
interface Lock {
  readonly read: number;
  readonly write: number;
}

export class Sink {
  readonly fd: number;
  readonly #native: Native;
  readonly #write: Native["write"];
  readonly #atMost: number;
  readonly #isForeignPipe: boolean;
  #lock: Lock | undefined;
  /** So many of the bytes to be written are in the lock already. */
  locked = 0;
  /** So many bytes are in the lock before them, and are nowhere else. */
  moved = 0;

  /** `isOwn`: the description is nonblocking and nobody else's; otherwise its kind decides how to write without waiting. */
  constructor(native: Native, fd: number, isOwn: boolean) {
    this.fd = fd;
    this.#native = native;
    const kind = isOwn ? 0 : native.kindOf(fd);
    this.#isForeignPipe = kind === constants.S_IFIFO;
    this.#write = kind === constants.S_IFSOCK ? native.send : native.write;
    this.#atMost = isOwn || kind === constants.S_IFSOCK || kind === constants.S_IFREG ? fileBytes : pipeBytes;
  }

  /** How many of the bytes went, 0 when it would have to wait, -errno. To be called when poll() found it writable. */
  write(bytes: Uint8Array, from: number, length: number): number {
    const lock = this.#isForeignPipe && (length > pipeBytes || this.locked > 0) ? this.#lockOf() : undefined;
    const written =
      lock === undefined
        ? this.#write(this.fd, bytes, from, Math.min(length, this.#atMost))
        : this.#pass(lock, bytes, from, length);
    return written === again || written === interrupted ? 0 : written;
  }

  /** How many of the bytes that were moved into the lock went on, 0 when they would have to wait, -errno. */
  passMoved(): number {
    const passed = this.#native.splice(this.lock?.read ?? -1, this.fd, this.moved);
    if (passed > 0) this.moved -= passed;
    return passed === again || passed === interrupted ? 0 : passed;
  }

  /** All that was moved into the lock, and `more` behind it, is taken out again. */
  takeMoved(more: number): Uint8Array {
    const bytes = Buffer.allocUnsafeSlow(this.moved + more);
    let count = 0;
    while (count < bytes.length) {
      const last = this.#native.read(this.lock?.read ?? -1, bytes, count, bytes.length - count);
      if (last <= 0) break;
      count += last;
    }
    this.moved = 0;
    return bytes.subarray(0, count);
  }

  /** Of a pipe of another's alone. */
  get lock(): Lock | undefined {
    return this.#isForeignPipe ? this.#lockOf() : undefined;
  }

  #lockOf(): Lock | undefined {
    if (this.#lock === undefined) {
      const ends = new Int32Array(2);
      if (this.#native.pipe(ends) < 0) return undefined;
      const [read = -1, write = -1] = ends;
      for (const fd of [read, write]) this.#native.setNonblocking(fd);
      this.#lock = { read, write };
    }
    return this.#lock;
  }

  /** What the lock did not let go comes again with the next write, which begins with it. */
  #pass({ read, write }: Lock, bytes: Uint8Array, from: number, length: number): number {
    const taken = this.#native.write(write, bytes, from + this.locked, length - this.locked);
    if (taken > 0) this.locked += taken;
    const passed = this.#native.splice(read, this.fd, this.locked);
    if (passed > 0) this.locked -= passed;
    return passed;
  }

  /** The reader at its other end sees the end of the stream. Stderr stays open: what fails at the end has to be told there. */
  close(): void {
    if (this.#lock !== undefined) {
      this.#native.closeDescriptor(this.#lock.read);
      this.#native.closeDescriptor(this.#lock.write);
      this.#lock = undefined;
    }
    if (this.fd === 2) return;
    // Its number stays taken, or the next file opened would get what is written to stdout.
    if (this.fd < 3) this.#native.stub(this.fd);
    else this.#native.closeDescriptor(this.fd);
  }
}
