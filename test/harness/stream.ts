/** Descriptors of a test that never wait: what comes out of one, what goes into one. */
import { native } from "../../src/terminal/native.ts";
import { again } from "../../src/terminal/system.ts";

const chunkBytes = 65_536;

/** What came out of one descriptor. */
export class Stream {
  readonly #fd: number;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  isOpen = true;
  isPaused = false;
  /** Whether what came is kept, or only counted. */
  isKept = true;

  constructor(fd: number) {
    this.#fd = fd;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Takes what is there; false when there was nothing. */
  take(): boolean {
    if (!this.isOpen || this.isPaused) return false;
    const buffer = Buffer.allocUnsafe(chunkBytes);
    let length = 0;
    while (length < chunkBytes) {
      const count = native.read(this.#fd, buffer, length, chunkBytes - length);
      if (count === again) break;
      if (count <= 0) {
        this.isOpen = false;
        break;
      }
      length += count;
    }
    if (length === 0) return false;
    const chunk = buffer.subarray(0, length);
    this.#bytes += length;
    if (this.isKept) this.#chunks.push(chunk);
    return true;
  }

  get content(): Buffer {
    const whole = Buffer.concat(this.#chunks);
    this.#chunks.splice(0, this.#chunks.length, whole);
    return whole;
  }

  close(): void {
    this.isOpen = false;
    native.closeDescriptor(this.#fd);
  }
}

/** What is still to be written to one descriptor. */
export class Feed {
  readonly fd: number;
  readonly #queue: Buffer[] = [];
  #isEnded = false;
  #isOpen = true;

  constructor(fd: number) {
    this.fd = fd;
  }

  push(bytes: Uint8Array): void {
    this.#queue.push(Buffer.from(bytes));
  }

  end(): void {
    this.#isEnded = true;
  }

  get isEmpty(): boolean {
    return this.#queue.length === 0;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Gives what is taken; false when nothing was. */
  give(): boolean {
    if (!this.#isOpen) return false;
    const [first] = this.#queue;
    if (first === undefined) {
      if (this.#isEnded) this.close();
      return false;
    }
    const count = native.write(this.fd, first, 0, Math.min(first.length, chunkBytes));
    if (count === again) return false;
    if (count < 0) {
      this.#queue.length = 0;
      this.close();
      return false;
    }
    if (count === first.length) this.#queue.shift();
    else this.#queue[0] = first.subarray(count);
    return true;
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    native.closeDescriptor(this.fd);
  }
}
