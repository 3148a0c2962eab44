/** A process under test with its terminal or pipes, driven through our own addon, so that no other pty library is needed. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { constants } from "node:os";
import { onTestFinished } from "vitest";
import { type Exit, type Program, spawn } from "../../src/terminal/child.ts";
import { native } from "../../src/terminal/native.ts";
import { Feed, Stream } from "./stream.ts";

/** What stands behind a standard descriptor: the test's terminal, a pipe of its own, nothing, or that descriptor of ours. */
type Stdio = "terminal" | "pipe" | "closed" | number;

interface SessionOptions {
  /** argv with argv[0]; its first is the path too unless `path` says otherwise. */
  readonly args: readonly (string | Uint8Array)[];
  readonly path?: string;
  /** A whole block of NUL-ended strings, or variables beside the few that every test wants. */
  readonly environment?: Uint8Array | Readonly<Record<string, string>>;
  /** The default is a terminal for all three. */
  readonly stdio?: readonly [Stdio, Stdio, Stdio];
  readonly columns?: number;
  readonly rows?: number;
  /** The terminal passes bytes as they are in both directions. */
  readonly isRaw?: boolean;
  /** Written to the terminal before the process starts. */
  readonly typedAhead?: string;
  readonly inherited?: readonly number[];
  readonly ignoredSignals?: bigint;
  readonly blockedSignals?: bigint;
  readonly limits?: readonly bigint[];
}

/** Longer than any machine stands still, and shorter than a test may take. */
const deadlineMs = 60_000;

/** Variables of a test's process when it says nothing else. */
export const plainEnvironment: Readonly<Record<string, string>> = {
  PATH: "/usr/local/bin:/usr/bin:/bin",
  HOME: "/nonexistent",
  TERM: "xterm",
  LANG: "C.UTF-8",
};

/** NUL-ended NAME=value strings. */
export function block(variables: Readonly<Record<string, string>>): Buffer {
  return Buffer.from(
    Object.entries(variables)
      .map(([name, value]) => `${name}=${value}\0`)
      .join(""),
  );
}

/** Resolved when the condition holds; rejected after a generous while, with what was awaited. */
export async function until(condition: () => boolean | Promise<boolean>, what: string | (() => string)): Promise<void> {
  const end = performance.now() + deadlineMs;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`never came: ${typeof what === "string" ? what : what()}`);
    await pause();
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 2));
}

/** One started process; ends with the test that started it. */
export class Session {
  readonly pid: number;
  /** What the terminal shows. */
  readonly screen: Stream | undefined;
  readonly stdout: Stream | undefined;
  readonly stderr: Stream | undefined;
  readonly #keys: Feed | undefined;
  readonly #stdin: Feed | undefined;
  readonly #slave: number;
  readonly terminalPath: string;
  readonly exited: Promise<Exit>;
  #exit: Exit | undefined;
  #isTerminalOpen: boolean;

  constructor(options: SessionOptions) {
    const stdio = options.stdio ?? ["terminal", "terminal", "terminal"];
    const ours: number[] = [];
    let master = -1;
    let slave = -1;
    if (stdio.includes("terminal")) {
      const ends = new Int32Array(2);
      check(native.openPty(ends));
      [master = -1, slave = -1] = ends;
    }
    this.#isTerminalOpen = master !== -1;
    this.#slave = slave;
    this.terminalPath = slave === -1 ? "" : nameOf(slave);
    if (slave !== -1) {
      const { columns = 80, rows = 24, isRaw = false } = options;
      stty(this.terminalPath, "cols", String(columns), "rows", String(rows), ...(isRaw ? ["raw", "-echo"] : []));
      this.screen = new Stream(master);
      this.#keys = new Feed(master);
      if (options.typedAhead !== undefined) this.#keys.push(Buffer.from(options.typedAhead));
      while (this.#keys.give());
    }
    const mine = [-1, -1, -1];
    const theirs = stdio.map((kind, fd) => {
      if (kind === "terminal") return slave;
      if (kind === "closed") return -1;
      if (typeof kind === "number") return kind;
      const [read, write] = pipe();
      const [near, far] = fd === 0 ? [write, read] : [read, write];
      check(native.setNonblocking(near));
      mine[fd] = near;
      ours.push(far);
      return far;
    });
    const [stdin = -1, stdout = -1, stderr = -1] = mine;
    this.#stdin = stdin === -1 ? undefined : new Feed(stdin);
    this.stdout = stdout === -1 ? undefined : new Stream(stdout);
    this.stderr = stderr === -1 ? undefined : new Stream(stderr);
    const environment =
      options.environment instanceof Uint8Array
        ? options.environment
        : block({ ...plainEnvironment, ...options.environment });
    const program: Program = {
      paths: [options.path ?? options.args[0] ?? ""],
      args: options.args,
      environment,
      inherited: options.inherited ?? [],
      ignoredSignals: options.ignoredSignals ?? 0n,
      blockedSignals: options.blockedSignals ?? 0n,
      limits: options.limits ?? [],
    };
    this.pid = check(spawn(native, program, theirs, slave === -1 ? undefined : slave));
    for (const fd of ours) native.closeDescriptor(fd);
    this.exited = this.#pump();
    // A test that fails earlier does not look at it.
    this.exited.catch(() => undefined);
    onTestFinished(() => this.#dispose());
  }

  get isRunning(): boolean {
    return this.#exit === undefined;
  }

  /** Everything the terminal has shown so far. */
  get shown(): Buffer {
    return this.screen?.content ?? Buffer.alloc(0);
  }

  get shownText(): string {
    return this.shown.toString();
  }

  type(keys: string | Uint8Array): void {
    this.#keys?.push(typeof keys === "string" ? Buffer.from(keys) : keys);
  }

  /** All that was typed has been taken by the terminal. */
  get isTyped(): boolean {
    return this.#keys?.isEmpty ?? true;
  }

  feed(bytes: string | Uint8Array): void {
    this.#stdin?.push(typeof bytes === "string" ? Buffer.from(bytes) : bytes);
  }

  get isFed(): boolean {
    return this.#stdin?.isEmpty ?? true;
  }

  /** False when the program's side of the pipe was closed. */
  get isStdinOpen(): boolean {
    return this.#stdin?.isOpen ?? false;
  }

  /** After what was fed, the end of the stream. */
  endStdin(): void {
    this.#stdin?.end();
  }

  async sees(text: string | RegExp): Promise<void> {
    const found = (): boolean =>
      typeof text === "string" ? this.shown.includes(text) : text.test(this.shown.toString("latin1"));
    await until(
      found,
      () => `${String(text)} on the terminal, which shows ${JSON.stringify(this.shownText.slice(-400))}`,
    );
  }

  resize(columns: number, rows: number): void {
    stty(this.terminalPath, "cols", String(columns), "rows", String(rows));
  }

  /** The terminal's modes in a form that can be compared. */
  get modes(): string {
    return execFileSync("stty", ["-F", this.terminalPath, "-g"]).toString().trim();
  }

  get isTerminalRaw(): boolean {
    return execFileSync("stty", ["-F", this.terminalPath, "-a"]).toString().includes("-icanon");
  }

  kill(signal: NodeJS.Signals): void {
    native.sendSignal(this.pid, constants.signals[signal]);
  }

  /** The user's terminal goes away, as when a connection breaks. */
  hangUp(): void {
    if (!this.#isTerminalOpen) return;
    this.#isTerminalOpen = false;
    this.screen?.close();
  }

  /** CPU time of the process itself, milliseconds. */
  get cpuMs(): number {
    const fields = statusFields(this.pid);
    // Clock ticks are hundredths of a second on every Linux that Node runs on.
    return (Number(fields[11]) + Number(fields[12])) * 10;
  }

  /** Resolved when it has taken hardly any CPU for a second, as one that is busy never does. */
  async idles(): Promise<void> {
    await until(async () => {
      const before = this.cpuMs;
      await new Promise((resolve) => setTimeout(resolve, 1000));
      return this.cpuMs - before < 60;
    }, "a process that idles");
  }

  /** "R", "S", "T" (stopped) ... */
  get state(): string {
    return statusFields(this.pid)[0] ?? "";
  }

  /** Memory that is this process's alone, bytes. */
  get privateBytes(): number {
    const rollup = readFileSync(`/proc/${this.pid}/smaps_rollup`, "utf8");
    let kilobytes = 0;
    for (const [, size] of rollup.matchAll(/^Private_(?:Clean|Dirty): +(\d+) kB$/gm)) kilobytes += Number(size);
    return kilobytes * 1024;
  }

  async #pump(): Promise<Exit> {
    const result = new Int32Array(2);
    for (;;) {
      const isOver = native.wait(this.pid, result) !== 0;
      const isBusy = this.#turn();
      if (isOver) {
        const [exit = -1, signal = 0] = result;
        while (this.#turn());
        this.#exit = signal > 0 ? { exit: null, signal } : { exit, signal: null };
        return this.#exit;
      }
      await (isBusy ? new Promise((resolve) => setImmediate(resolve)) : pause());
    }
  }

  /** True when anything moved. */
  #turn(): boolean {
    const given = [this.#isTerminalOpen && this.#keys?.give(), this.#stdin?.give()];
    const taken = [this.screen?.take(), this.stdout?.take(), this.stderr?.take()];
    return [...given, ...taken].includes(true);
  }

  async #dispose(): Promise<void> {
    if (this.isRunning) {
      native.sendSignal(this.pid, constants.signals.SIGKILL);
      native.sendSignal(this.pid, constants.signals.SIGCONT);
      for (const stream of [this.screen, this.stdout, this.stderr]) if (stream !== undefined) stream.isPaused = true;
      await this.exited;
    }
    this.#stdin?.close();
    this.stdout?.close();
    this.stderr?.close();
    this.hangUp();
    if (this.#slave !== -1) native.closeDescriptor(this.#slave);
  }
}

/** Fields of /proc/PID/stat after the name, the state first. */
function statusFields(pid: number): string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

export function stty(terminal: string, ...settings: string[]): void {
  execFileSync("stty", ["-F", terminal, ...settings]);
}

export function pipe(): [number, number] {
  const ends = new Int32Array(2);
  check(native.pipe(ends));
  const [read = -1, write = -1] = ends;
  return [read, write];
}

export function check(result: number): number {
  if (result < 0) throw new Error(`system error ${-result}`);
  return result;
}

function nameOf(fd: number): string {
  const name = Buffer.alloc(256);
  return name.toString("utf8", 0, check(native.terminalName(fd, name)));
}
