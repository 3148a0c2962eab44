/** What the tests of rec-play share: the built program, and recordings made for it. */
import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";

export const program = join(import.meta.dirname, "../../bin/rec-play");

export interface Outcome {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Runs rec-play without a terminal, standard input empty or as given. */
export async function run(
  args: readonly string[],
  options: { input?: Buffer; env?: NodeJS.ProcessEnv } = {},
): Promise<Outcome> {
  const child = spawn(program, args, { env: options.env ?? { HOME: "/nonexistent" } });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
  // A program that does not read its input may be gone before it is written.
  child.stdin.on("error", () => {});
  child.stdin.end(options.input);
  return await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status, signal) => {
      resolve({ status, signal, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString() });
    });
  });
}

/** Whether the host has the program; a test that wants it is skipped without. */
export function has(command: string): boolean {
  return spawnSync("sh", ["-c", `command -v ${command}`]).status === 0;
}

interface MessageFields {
  readonly id: number;
  readonly pos?: number;
  readonly timing: string;
  readonly out?: string;
  readonly in?: string;
  readonly rec?: string;
  readonly start?: object;
  readonly end?: object;
}

export const rec = "b74aff806489400b9d121ed6589afff9-79ee-15713";
export const start = { command: ["sh"], cwd: "/", tty: "/dev/pts/1", peer: null };

/** The end of a recording of so many messages. */
export function endOf(messages: number): object {
  return { exit: 0, signal: null, in: 0, out: 0, duration: 0, messages };
}

/** One message as a line. */
export function message({
  id,
  pos = 0,
  timing,
  out = "",
  in: typed = "",
  rec: own = rec,
  ...extra
}: MessageFields): string {
  const time = 1795297383 + pos / 1000 + 0.0005;
  const identity = { ver: "2.3", host: "vm", rec: own, user: "alice", term: "xterm", session: 1 };
  const data = { id, pos, time, timing, in_txt: typed, in_bin: [], out_txt: out, out_bin: [] };
  return `${JSON.stringify({ ...identity, ...data, ...extra })}\n`;
}

/** Resolved when the condition holds; rejected after a generous while. */
export async function until(condition: () => boolean, what: () => string): Promise<void> {
  const deadlineMs = performance.now() + 60_000;
  while (!condition()) {
    if (performance.now() > deadlineMs) throw new Error(`never came: ${what()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
