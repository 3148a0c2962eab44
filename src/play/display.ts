/** The display: the auditor's terminal as what frames are painted on, one after the other, never waited for. */
import { constants } from "node:os";
import type { Frame } from "./draw/frame.ts";
import { closing, opening, Painter } from "./draw/painter.ts";
import type { Size } from "./draw/view.ts";

/** What is needed of the addon. */
export interface DisplayNative {
  reopenTerminal(fd: number): number;
  closeDescriptor(fd: number): number;
  windowSize(fd: number, size: Int32Array): number;
  write(fd: number, bytes: Uint8Array, from: number, length: number): number;
}

export interface DisplayOptions {
  readonly native: DisplayNative;
  readonly fd: number;
  /** $TERM. */
  readonly kind: string;
  /** It takes more again after it took no more. */
  readonly onReady: () => void;
}

const again = -constants.errno.EAGAIN;
const interrupted = -constants.errno.EINTR;
/** A terminal that takes no more is asked again after this. */
const retryMs = 10;
const usual: Size = { columns: 80, rows: 24 };
/** Terminals that are known to pass over what they do not know; others are not told where a picture ends. */
const synchronous = /^(xterm|tmux|screen|foot|alacritty|wezterm|contour|rio|ghostty|vte)/;

export class Display {
  readonly #native: DisplayNative;
  readonly #fd: number;
  readonly #isOwn: boolean;
  readonly #onReady: () => void;
  readonly #painter: Painter;
  #rest: Buffer = Buffer.alloc(0);
  #timer: NodeJS.Timeout | undefined;
  #isOpen = false;
  #isBroken = false;
  #size: Size = usual;

  constructor({ native, fd, kind, onReady }: DisplayOptions) {
    this.#native = native;
    const own = native.reopenTerminal(fd);
    this.#isOwn = own >= 0;
    this.#fd = this.#isOwn ? own : fd;
    this.#onReady = onReady;
    this.#painter = new Painter(synchronous.test(kind));
    this.measure();
  }

  get size(): Size {
    return this.#size;
  }

  /** Whether it takes another frame now; onReady tells when it does again. */
  get isReady(): boolean {
    return this.#isOpen && this.#rest.length === 0;
  }

  /** Its size may have changed: everything is painted again. */
  measure(): void {
    const size = new Int32Array(2);
    const [columns = 0, rows = 0] = this.#native.windowSize(this.#fd, size) === 0 ? size : [];
    this.#size = columns > 0 && rows > 0 ? { columns, rows } : usual;
    this.#painter.forget();
  }

  /** Takes the terminal, also again after others wrote to it. */
  open(): void {
    if (!this.#isOpen) this.#write(opening);
    this.#isOpen = true;
    this.measure();
  }

  /** Gives it back, and leaves `text` on it: lines of glyphs, ended by CR LF. What it does not take at once is left out. */
  close(text: string): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    clearTimeout(this.#timer);
    this.#rest = Buffer.alloc(0);
    this.#write(closing + text);
  }

  /** Resolved when everything has been taken. */
  async drained(): Promise<void> {
    while (this.#rest.length > 0 && !this.#isBroken) await new Promise((resolve) => setTimeout(resolve, retryMs));
  }

  /** No more is written. */
  destroy(): void {
    clearTimeout(this.#timer);
    if (this.#isOwn) this.#native.closeDescriptor(this.#fd);
  }

  paint(frame: Frame): void {
    this.#write(this.#painter.paint(frame));
  }

  /** Asks the terminal for a size, as xterm does it (XTWINOPS 8); those that do not know it stay as they are. */
  ask({ columns, rows }: Size): void {
    this.#write(`\u001b[8;${rows};${columns}t`);
  }

  #write(text: string): void {
    if (text === "" || this.#isBroken) return;
    this.#rest = Buffer.concat([this.#rest, Buffer.from(text)]);
    this.#give();
  }

  #give(): void {
    while (this.#rest.length > 0) {
      const count = this.#native.write(this.#fd, this.#rest, 0, this.#rest.length);
      if (count === interrupted) continue;
      if (count === again) {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.#goOn(), retryMs);
        return;
      }
      // A terminal that has gone also sends SIGHUP, which ends us.
      if (count < 0) this.#isBroken = true;
      this.#rest = count < 0 ? Buffer.alloc(0) : this.#rest.subarray(count);
    }
  }

  #goOn(): void {
    this.#give();
    if (this.isReady) this.#onReady();
  }
}
