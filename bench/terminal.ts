/** The outer pseudo-terminal: where a person's would be. Runs a command on it, shows nothing, counts everything. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { constants } from "node:os";
import { native } from "../src/terminal/native.ts";

/** How a command ended. */
export interface Ending {
  readonly wallMs: number;
  /** Of the process and of all its descendants that it waited for. */
  readonly cpuSeconds: number;
  readonly exit: number;
}

const readable = 1;
/** USER_HZ, the unit of /proc/PID/stat: 100 on every Linux. */
const ticksPerSecond = 100;
/** What does not end by a hang-up and SIGTERM in this time gets SIGKILL. */
const hangUpMs = 2000;

/** The same for every run, whatever the caller's is. tlog wants a UTF-8 locale. */
const environment = Object.entries({
  PATH: "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
  HOME: process.env["HOME"] ?? "/",
  SHELL: "/bin/sh",
  TERM: "xterm-256color",
  LANG: "C.UTF-8",
}).map(([name, value]) => `${name}=${value}`);

/** Raw, 80 x 24, never used: every other terminal gets its modes and its size. */
const model = openPty();
spawnSync("stty", ["raw", "-echo", "rows", "24", "cols", "80"], { stdio: [model.slave, "ignore", "inherit"] });

export class Terminal {
  readonly pid: number;
  readonly master: number;
  /** What the last read() brought begins here. */
  readonly bytes = new Uint8Array(65_536);
  readonly #words = new Int32Array(2);
  readonly #startedMs: number;

  /** Starts the command (argv[0] is a path, or found in /usr/bin) as leader of the terminal's session. */
  constructor(command: readonly string[]) {
    const { master, slave } = openPty();
    native.copyModes(model.slave, slave);
    native.copyWindowSize(model.slave, master);
    const [name = ""] = command;
    this.master = master;
    this.pid = native.spawn(
      block([name.includes("/") ? name : `/usr/bin/${name}`]),
      block(command),
      block(environment),
      Int32Array.of(slave, slave, slave),
      new Int32Array(),
      BigUint64Array.of(0n, 0n),
      new Int32Array(),
      slave,
      0,
    );
    // spawn() returns at exec: what it takes to fork a bench is not the command's.
    this.#startedMs = performance.now();
    native.closeDescriptor(slave);
    if (this.pid < 0) throw new Error(`cannot run ${name}: errno ${-this.pid}`);
  }

  /** How many bytes came; 0 when none did in `timeoutMs`, -1 when the last holder has closed the terminal. */
  read(timeoutMs = -1): number {
    this.#words[0] = this.master;
    this.#words[1] = readable;
    if (native.poll(this.#words, 1, timeoutMs) === 0) return 0;
    const count = native.read(this.master, this.bytes, 0, this.bytes.length);
    return count === -constants.errno.EAGAIN ? 0 : Math.max(count, -1);
  }

  /** As if typed. Short: what the terminal takes at once. */
  type(bytes: Uint8Array): void {
    if (native.write(this.master, bytes, 0, bytes.length) !== bytes.length)
      throw new Error("the terminal takes no input");
  }

  /** Reads until `mark` is the last byte of a read; how many bytes came. */
  readUntil(mark: number, onRead: (total: number) => void = () => undefined): number {
    for (let total = 0; ; ) {
      const count = this.read();
      if (count < 0) throw new Error(`the command ended after ${total} bytes`);
      total += count;
      onRead(total);
      if (count > 0 && this.bytes[count - 1] === mark) return total;
    }
  }

  /** Reads to the end; how many bytes came. Throws when nothing came for `patienceMs`. */
  drain(patienceMs = -1): number {
    for (let total = 0; ; ) {
      const count = this.read(patienceMs);
      if (count < 0) return total;
      if (count === 0 && patienceMs >= 0) throw new Error(`the terminal shows nothing more after ${total} bytes`);
      total += count;
    }
  }

  /** Waits for the process, without sleeping: the terminal has ended, so it is about to. Closes the terminal. */
  finish(): Ending {
    while (this.#stat().state !== "Z");
    const wallMs = performance.now() - this.#startedMs;
    const { cpuSeconds } = this.#stat();
    native.closeDescriptor(this.master);
    const result = new Int32Array(2);
    native.wait(this.pid, result);
    return { wallMs, cpuSeconds, exit: result[0] ?? -1 };
  }

  /** Closes the terminal and sees the process off; script(1) does not mind a hang-up, but a SIGTERM. */
  hangUp(): void {
    native.closeDescriptor(this.master);
    native.sendSignal(this.pid, constants.signals.SIGTERM);
    const killAt = performance.now() + hangUpMs;
    while (native.wait(this.pid, new Int32Array(2)) === 0) {
      if (performance.now() > killAt) native.sendSignal(this.pid, constants.signals.SIGKILL);
      native.poll(this.#words, 0, 10);
    }
  }

  /** proc(5): after the name in parentheses come state (field 3) ... utime, stime, cutime, cstime (fields 14 to 17). */
  #stat(): { state: string | undefined; cpuSeconds: number } {
    const text = readFileSync(`/proc/${this.pid}/stat`, "latin1");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    return { state: fields[0], cpuSeconds: ticks / ticksPerSecond };
  }
}

/** Runs a command to its end; it must succeed. */
export function runInTerminal(command: readonly string[]): Ending & { readonly bytes: number } {
  const terminal = new Terminal(command);
  const bytes = terminal.drain();
  const ending = terminal.finish();
  if (ending.exit !== 0) throw new Error(`${command.join(" ")}: exit status ${ending.exit}`);
  return { ...ending, bytes };
}

function openPty(): { master: number; slave: number } {
  const ends = new Int32Array(2);
  const error = native.openPty(ends);
  if (error < 0) throw new Error(`cannot open a pseudo-terminal: errno ${-error}`);
  const [master = -1, slave = -1] = ends;
  return { master, slave };
}

function block(strings: readonly string[]): Uint8Array {
  return Buffer.from(strings.map((text) => `${text}\0`).join(""));
}
