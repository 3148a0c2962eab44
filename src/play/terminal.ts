/** The auditor's terminal: raw while a recording plays, its own again on every way out. */
import { closeSync, openSync } from "node:fs";
import { isatty, ReadStream } from "node:tty";
import { KeyParser } from "./keys.ts";

/** What is needed of the addon. */
export interface TerminalNative {
  reopenTerminal(fd: number): number;
  enterRaw(fd: number): number;
  leaveRaw(): number;
  write(fd: number, bytes: Uint8Array, from: number, length: number): number;
  sendSignal(pid: number, signal: number): number;
}

/** Our process group, as the terminal itself would send the signal of a key. */
const group = 0;
const signals: Readonly<Record<string, number>> = { "\u0003": 2, "\u001a": 20, "\u001c": 3 };

const farewell = Buffer.from("\u001b[0m\u001b[?25h\r\n");

export interface TerminalOptions {
  readonly native: TerminalNative;
  /** The terminal; closed by us when it is none of the standard descriptors. */
  readonly fd: number;
  readonly now: () => number;
  readonly onKey: (key: string) => void;
  /** ^C, ^Z and ^\ are ignored. */
  readonly isPersistent: boolean;
}

/** The descriptor to take keys from: standard input, or else the controlling terminal; null where there is none. */
export function findKeyboard(isInputTaken: boolean): number | null {
  if (!isInputTaken && isatty(0)) return 0;
  try {
    const fd = openSync("/dev/tty", "r+");
    if (isatty(fd)) return fd;
    closeSync(fd);
  } catch {
    // No controlling terminal: nobody to press keys.
  }
  return null;
}

export class Terminal {
  readonly #options: TerminalOptions;
  readonly #fd: number;
  readonly #stream: ReadStream;
  readonly #parser = new KeyParser();
  #isEntered = false;

  constructor(options: TerminalOptions) {
    this.#options = options;
    const own = options.native.reopenTerminal(options.fd);
    this.#fd = own >= 0 ? own : options.fd;
    this.#stream = new ReadStream(this.#fd);
    this.#stream.on("data", (bytes: Buffer) => this.#take(bytes));
    // A terminal that hangs up also sends SIGHUP, which ends us; without it we play on without keys.
    this.#stream.on("error", () => {});
  }

  enter(): void {
    this.#isEntered = true;
    this.#options.native.enterRaw(this.#fd);
  }

  /** Also undoes what the recording most often leaves behind: colours and a hidden cursor. */
  leave(): void {
    if (!this.#isEntered) return;
    this.#isEntered = false;
    // Without waiting: a terminal that stopped taking must not keep us.
    this.#options.native.write(this.#fd, farewell, 0, farewell.length);
    this.#options.native.leaveRaw();
  }

  close(): void {
    this.leave();
    this.#stream.destroy();
  }

  #take(bytes: Buffer): void {
    for (const key of this.#parser.push(bytes, this.#options.now())) {
      const signal = signals[key];
      if (signal === undefined) this.#options.onKey(key);
      else if (!this.#options.isPersistent) this.#options.native.sendSignal(group, signal);
    }
  }
}
