/** The auditor's terminal: raw while a recording plays, its own again on every way out. */
import { closeSync, openSync } from "node:fs";
import { isatty, ReadStream } from "node:tty";
import { KeyParser } from "./keys.ts";

/** What is needed of the addon. */
export interface TerminalNative {
  reopenTerminal(fd: number): number;
  enterRaw(fd: number): number;
  leaveRaw(): number;
  sendSignal(pid: number, signal: number): number;
}

/** Our process group, as the terminal itself would send the signal of a key. */
const group = 0;
const signals: Readonly<Record<string, number>> = { "\u0003": 2, "\u001a": 20, "\u001c": 3 };

/** An escape after which nothing comes for this long is a key. */
const escapeMs = 100;

export interface TerminalOptions {
  readonly native: TerminalNative;
  /** The terminal; closed by us when it is none of the standard descriptors. */
  readonly fd: number;
  readonly now: () => number;
  readonly onKey: (key: string) => void;
  /** The terminal has become ours, also again after somebody else used it. */
  readonly onEnter: () => void;
  /** It is about to be its own again. */
  readonly onLeave: (fd: number) => void;
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
  #escapeTimer: NodeJS.Timeout | undefined;

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
    this.#options.onEnter();
  }

  leave(): void {
    if (!this.#isEntered) return;
    this.#isEntered = false;
    this.#options.onLeave(this.#fd);
    this.#options.native.leaveRaw();
  }

  close(): void {
    clearTimeout(this.#escapeTimer);
    this.leave();
    this.#stream.destroy();
  }

  #take(bytes: Buffer): void {
    this.#press(this.#parser.push(bytes, this.#options.now()));
    clearTimeout(this.#escapeTimer);
    if (!this.#parser.isEscapePending) return;
    this.#escapeTimer = setTimeout(() => this.#press(this.#parser.takeEscape()), escapeMs);
  }

  #press(keys: Iterable<string>): void {
    for (const key of keys) {
      const signal = signals[key];
      if (signal === undefined) this.#options.onKey(key);
      else if (!this.#options.isPersistent) this.#options.native.sendSignal(group, signal);
    }
  }
}
