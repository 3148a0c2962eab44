/** A journald of the test's own: a namespace, which is stopped by its process id. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { onTestFinished } from "vitest";
import { until } from "./session.ts";

const daemon = "/lib/systemd/systemd-journald";

/** Why there can be no journald here; undefined where there can. */
export const journaldMissing: string | undefined =
  process.getuid?.() !== 0
    ? "journald needs root"
    : existsSync(daemon)
      ? undefined
      : "systemd-journald is not installed";

export interface Journald {
  readonly namespace: string;
  /** Where it takes entries. */
  readonly socket: string;
  /** Where it keeps them. */
  readonly directory: string;
  readonly process: ChildProcess;
  /** Writes what it holds to its files. */
  sync(): void;
  /** Ends it, and waits until it has gone; its entries stay. */
  stop(): Promise<void>;
  /** Starts it again after `stop()`, or after it was killed. */
  restart(): Promise<void>;
}

let count = 0;

/** Starts a journald; it and its entries go with the test, or with the file when `isKept` and `remove` is called. */
export async function startJournald(name = `rec${process.pid}n${count++}`): Promise<Journald> {
  const journald = new Instance(name);
  await journald.restart();
  return journald;
}

/** As `startJournald`, for one test. */
export async function journaldOfTest(): Promise<Journald> {
  const journald = await startJournald();
  onTestFinished(async () => await removeJournald(journald));
  return journald;
}

export async function removeJournald(journald: Journald): Promise<void> {
  await journald.stop();
  rmSync(journald.directory, { recursive: true, force: true });
  rmSync(`/run/log/journal/${journald.directory.split("/").at(-1)}`, { recursive: true, force: true });
  rmSync(`/run/systemd/journal.${journald.namespace}`, { recursive: true, force: true });
}

class Instance implements Journald {
  readonly namespace: string;
  readonly socket: string;
  readonly directory: string;
  process: ChildProcess = undefined as unknown as ChildProcess;

  constructor(namespace: string) {
    if (!existsSync("/etc/machine-id") || readFileSync("/etc/machine-id", "latin1").trim() === "") {
      execFileSync("systemd-machine-id-setup", { stdio: "ignore" });
    }
    const machine = readFileSync("/etc/machine-id", "latin1").trim();
    this.namespace = namespace;
    this.socket = `/run/systemd/journal.${namespace}/socket`;
    // It keeps its entries on disk only where this folder is.
    mkdirSync("/var/log/journal", { recursive: true });
    this.directory = `/var/log/journal/${machine}.${namespace}`;
  }

  async restart(): Promise<void> {
    mkdirSync("/run/systemd/journal", { recursive: true });
    rmSync(this.socket, { force: true });
    this.process = spawn(daemon, [this.namespace], { stdio: "ignore" });
    await until(() => existsSync(this.socket) && this.#isReady(), "a journald that answers");
  }

  sync(): void {
    execFileSync("journalctl", [`--namespace=${this.namespace}`, "--sync"], { stdio: "ignore" });
  }

  async stop(): Promise<void> {
    const { process: child } = this;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGCONT");
    child.kill("SIGTERM");
    await gone;
  }

  /** Once it has answered, its files are there too. */
  #isReady(): boolean {
    try {
      this.sync();
      return true;
    } catch {
      return false;
    }
  }
}
