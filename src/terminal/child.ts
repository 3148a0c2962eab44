/** The recorded program: started exactly as without a recorder, waited for, hung up. */
import { constants } from "node:os";
import type { Native } from "./native.ts";

const { signals } = constants;

export interface Program {
  /** Paths to try in turn, as execvp(3) would. */
  readonly paths: readonly (string | Uint8Array)[];
  /** argv, argv[0] included; bytes pass as they are. */
  readonly args: readonly (string | Uint8Array)[];
  /** NUL-ended NAME=value strings. */
  readonly environment: Uint8Array;
  /** Descriptors of its own from 3 on. */
  readonly inherited: readonly number[];
  /** Bits of ignored and blocked signals, and the soft resource limits, as the launcher found them. */
  readonly ignoredSignals: bigint;
  readonly blockedSignals: bigint;
  readonly limits: readonly bigint[];
  /** Whether it is killed when the recorder is. */
  readonly diesWithRecorder?: boolean;
}

/** How a program ended: one of the two. */
export interface Exit {
  readonly exit: number | null;
  readonly signal: number | null;
}

export class Child {
  readonly pid: number;
  readonly #native: Native;
  readonly #master: number | undefined;
  readonly #result = new Int32Array(2);

  /** `master`: the pty whose session it leads, if any. */
  constructor(native: Native, pid: number, master: number | undefined) {
    this.#native = native;
    this.pid = pid;
    this.#master = master;
  }

  /** Undefined while it runs. */
  poll(): Exit | undefined {
    if (this.#native.wait(this.pid, this.#result) === 0) return undefined;
    const [exit = -1, signal = 0] = this.#result;
    return signal > 0 ? { exit: null, signal } : { exit, signal: null };
  }

  /** What a terminal's hang-up does: SIGHUP to the session and its foreground job. Without a terminal, the signal itself. */
  hangUp(signal: number): void {
    this.#send(this.#master === undefined ? signal : signals.SIGHUP);
    this.#send(signals.SIGCONT);
  }

  kill(): void {
    this.#send(signals.SIGKILL);
  }

  #send(signal: number): void {
    if (this.#master === undefined) {
      this.#native.sendSignal(this.pid, signal);
      return;
    }
    this.#native.sendSignal(-this.pid, signal);
    const foreground = this.#native.foregroundGroup(this.#master);
    if (foreground > 1 && foreground !== this.pid) this.#native.sendSignal(-foreground, signal);
  }
}

/** The pid, or -errno. `stdio` holds a descriptor or -1 (closed) for each of 0, 1, 2; `terminal` becomes its controlling one. */
export function spawn(
  native: Native,
  program: Program,
  stdio: readonly number[],
  terminal: number | undefined,
): number {
  return native.spawn(...start(program, stdio), terminal ?? -1, program.diesWithRecorder === true ? 1 : 0);
}

/** This process becomes the program; returns -errno where it cannot. Bit n of `closed`: its descriptor n shall be closed. */
export function become(native: Native, program: Program, closed: number): number {
  const stdio = [0, 1, 2].map((fd) => ((closed & (1 << fd)) === 0 ? fd : -1));
  return native.become(...start(program, stdio));
}

function start(program: Program, stdio: readonly number[]): Parameters<Native["become"]> {
  return [
    block(program.paths),
    block(program.args),
    program.environment,
    Int32Array.from(stdio),
    Int32Array.from(program.inherited),
    BigUint64Array.from([program.ignoredSignals, program.blockedSignals, ...program.limits]),
    new Int32Array(),
  ];
}

function block(strings: readonly (string | Uint8Array)[]): Uint8Array {
  const nul = Buffer.alloc(1);
  return Buffer.concat(strings.flatMap((text) => [typeof text === "string" ? Buffer.from(text) : text, nul]));
}
