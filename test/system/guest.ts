/** A booted Debian, and commands that its root runs in it. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Session } from "../harness/session.ts";
import { debianImage } from "./image.ts";

/** Why nothing can be booted here; undefined where it can. */
export const guestMissing: string | undefined =
  process.getuid?.() !== 0
    ? "booting a system needs root"
    : ["/usr/bin/systemd-nspawn", "/usr/sbin/debootstrap"].every(existsSync)
      ? undefined
      : "systemd-nspawn (systemd-container) or debootstrap is not installed";

export interface Result {
  readonly status: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

interface RunOptions {
  readonly input?: string | Uint8Array;
  /** Beside what a login of root has. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether a status other than 0 is an answer too; else it throws. */
  readonly mayFail?: boolean;
}

const environment = {
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  HOME: "/root",
  TERM: "xterm",
  LANG: "C.UTF-8",
};

let count = 0;

export class Guest {
  readonly #supervisor: ChildProcess;
  #pid: number;

  constructor(supervisor: ChildProcess, pid: number) {
    this.#supervisor = supervisor;
    this.#pid = pid;
  }

  /** The init of the guest, as we see it. */
  get pid(): number {
    return this.#pid;
  }

  /** Its files, as we see them. */
  path(inside: string): string {
    return join(`/proc/${this.pid}/root`, inside);
  }

  read(inside: string): string {
    return readFileSync(this.path(inside), "utf8");
  }

  /** Words as they are, or one line for sh. */
  async run(command: string | readonly string[], options: RunOptions = {}): Promise<Result> {
    const [program = "", ...args] = this.#enter(command, options);
    const child = spawn(program, args, { stdio: "pipe", env: {} });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    // Who does not read its input to the end is no failure of ours.
    child.stdin.on("error", () => undefined);
    child.stdin.end(options.input);
    const status = await new Promise<number | null>((resolve) => child.once("close", resolve));
    const result = { status, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString() };
    if (status === 0 || options.mayFail === true) return result;
    throw new Error(`${String(command)}: status ${status}\n${result.stdout.toString().slice(-2000)}${result.stderr}`);
  }

  /** What `run` prints, without its last newline. */
  async text(command: string | readonly string[], options: RunOptions = {}): Promise<string> {
    return (await this.run(command, options)).stdout.toString().replace(/\n$/, "");
  }

  /** The command at a terminal of the test's; it ends with the test. */
  terminal(command: string | readonly string[], options: RunOptions = {}): Session {
    return new Session({ args: this.#enter(command, options) });
  }

  /** The command with pipes for all three, for what is written to it bit by bit. */
  pipes(command: string | readonly string[], options: RunOptions = {}): Session {
    return new Session({ args: this.#enter(command, options), stdio: ["pipe", "pipe", "pipe"] });
  }

  /** All services have started. */
  async isUp(): Promise<void> {
    let answer = "";
    // Its systemd does not answer from the first moment on.
    for (let tries = 0; tries < 200 && !/^(running|degraded)/.test(answer); tries++) {
      const { stdout, stderr } = await this.run("sleep 0.1; systemctl is-system-running --wait", { mayFail: true });
      answer = stdout.toString() || stderr;
    }
    if (/^(running|degraded)/.test(answer)) return;
    await this.stop();
    throw new Error(`the guest did not start: ${answer}`);
  }

  /** Shuts it down as its administrator does, and boots it again. */
  async reboot(): Promise<void> {
    const next = nextLeader(this.#supervisor);
    await this.run("systemctl reboot", { mayFail: true });
    this.#pid = await next;
    await this.isUp();
  }

  /** Ends it at once, as if the plug was pulled. */
  async stop(): Promise<void> {
    if (this.#supervisor.exitCode !== null) return;
    const gone = new Promise((resolve) => this.#supervisor.once("exit", resolve));
    this.#supervisor.stdin?.end();
    await gone;
  }

  #enter(command: string | readonly string[], options: RunOptions): string[] {
    const words = typeof command === "string" ? ["/bin/sh", "-c", command] : command;
    const variables = Object.entries({ ...environment, ...options.environment }).map(
      ([key, value]) => `${key}=${value}`,
    );
    const enter = ["--all", "--target", String(this.pid), "--wdns=/root", "--", "/usr/bin/env", "-i", ...variables];
    return ["/usr/bin/nsenter", ...enter, ...words];
  }
}

/** Boots a copy of the image and waits until it is up; whoever boots it stops it. */
export async function bootGuest(): Promise<Guest> {
  const script = join(import.meta.dirname, "boot.sh");
  const name = `rec-test-${process.pid}-${count++}`;
  // In a group of its own, so that what interrupts the test does not keep it from tidying up.
  const supervisor = spawn(script, [debianImage(), name], { stdio: ["pipe", "pipe", "inherit"], detached: true });
  const guest = new Guest(supervisor, await nextLeader(supervisor));
  await guest.isUp();
  return guest;
}

/** What boot.sh prints when the machine has an init. */
function nextLeader(supervisor: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    supervisor.stdout?.once("data", (line: Buffer) => resolve(Number(line.toString())));
    supervisor.once("exit", (status) => reject(new Error(`boot.sh: status ${status}`)));
  });
}
