/** A journald of the bench's own, and the recorders' command lines that write to it. */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Bench } from "./bench.ts";
import { root } from "./contestant.ts";
import { daemon, Keeper, unshare, waitFor } from "./keeper.ts";
import type { Row } from "./row.ts";

/** The contestants that can write to a journal. */
export const journalists = ["tlog-rec", "rec"] as const;
export type Journalist = (typeof journalists)[number];

const blockBytes = 512;

export class Journald {
  readonly #keeper: Keeper;
  readonly #folder: string;
  #pid = 0;

  /** Started, without entries. */
  constructor(bench: Bench) {
    this.#folder = join(bench.folder, "journal");
    mkdirSync(this.#folder);
    this.#keeper = new Keeper(this.#folder);
    this.start();
    this.sync();
  }

  /** Where it takes entries from the bench itself. */
  get socket(): string {
    return this.#keeper.socket;
  }

  /** The command line that runs `command` where this journald is the system's. The process is the same. */
  inside(command: readonly string[]): readonly string[] {
    return ["nsenter", `--mount=/proc/${this.#keeper.pid}/ns/mnt`, "--", ...command];
  }

  /** As Bench.command, recorded in this journal. */
  command(name: Journalist, command: readonly string[], ...options: string[]): readonly string[] {
    const recorder = name === "rec" ? join(root, "bin/rec") : name;
    return this.inside([recorder, "-w", "journal", ...options, ...command]);
  }

  /** What journalctl prints. */
  query(...args: readonly string[]): string {
    const [command = "", ...rest] = this.inside(["journalctl", "--quiet", "--output=cat", ...args]);
    return execFileSync(command, rest, { encoding: "utf8", maxBuffer: 2 ** 30, stdio: ["ignore", "pipe", "ignore"] });
  }

  /** The id of the recording that the process made. */
  recordingOf(pid: number): string {
    const [id = ""] = this.query("--output-fields=TLOG_REC", "--lines=1", `_PID=${pid}`).split("\n");
    if (id === "") throw new Error(`the journal has nothing of process ${pid}`);
    return id;
  }

  /** Does not wait until it is ready; it takes what its socket holds. */
  start(): void {
    this.#pid = this.#keeper.start();
  }

  /** Waits until it has taken and written all that was sent. */
  sync(): void {
    const [command = "", ...args] = this.inside(["journalctl", "--sync"]);
    waitFor(() => spawnSync(command, args, { stdio: "ignore" }).status === 0, "journald does not answer");
  }

  /** Stops it as a debugger would. Its socket is full at once, as if others had much to log. */
  freeze(): void {
    process.kill(this.#pid, "SIGSTOP");
    while (this.#keeper.sendNothing());
  }

  thaw(): void {
    process.kill(this.#pid, "SIGCONT");
  }

  /** It has gone on return; its socket stays, as under systemd. */
  end(signal: "SIGTERM" | "SIGKILL"): void {
    if (this.#pid === 0) return;
    this.thaw();
    process.kill(this.#pid, signal);
    this.#keeper.awaitEnd();
    this.#pid = 0;
  }

  /** Starts anew with no entries. */
  restartEmpty(): void {
    this.end("SIGTERM");
    for (const name of readdirSync(this.#folder)) rmSync(join(this.#folder, name), { recursive: true });
    this.start();
    this.sync();
  }

  /** What its entries occupy; to be asked when it has ended. */
  get diskBytes(): number {
    const files = readdirSync(this.#folder, { recursive: true, encoding: "utf8" });
    return files.reduce((sum, file) => sum + statSync(join(this.#folder, file)).blocks * blockBytes, 0);
  }

  remove(): void {
    this.end("SIGTERM");
    this.#keeper.close();
    rmSync(this.#folder, { recursive: true });
  }
}

/** Measures with a journald; says on stderr why not where there can be none. */
export async function withJournald(
  bench: Bench,
  measure: (journald: Journald) => Row[] | Promise<Row[]>,
): Promise<Row[]> {
  const missing = missingForJournald();
  if (missing !== undefined) {
    console.error(`bench: left out, without a journald: ${missing}`);
    return [];
  }
  const journald = new Journald(bench);
  try {
    return await measure(journald);
  } finally {
    journald.remove();
  }
}

function missingForJournald(): string | undefined {
  if (process.getuid?.() !== 0) return "it needs root";
  if (!existsSync(daemon)) return "systemd-journald is not installed";
  if (!existsSync("/etc/machine-id")) return "there is no /etc/machine-id";
  return spawnSync(unshare, ["--mount", "true"]).status === 0 ? undefined : "there can be no mount namespace";
}
