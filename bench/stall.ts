/** Stall: how much the recorder's memory grows while its medium takes nothing and a program floods the terminal. */
import { execFileSync } from "node:child_process";
import { closeSync, constants, openSync, readSync, rmSync } from "node:fs";
import { join } from "node:path";
import { add, type Bench, megabyte, type Samples } from "./bench.ts";
import { root } from "./contestant.ts";
import { type Row, rowOf, worst } from "./row.ts";
import { RecordedShell, shellCommand } from "./shell.ts";

const line = "The quick brown fox jumps over the lazy dog, as it has done in every test of a terminal.";
const newline = 0x0a;
/** So often memory is looked at. */
const stepBytes = 4 * megabyte;

export async function measureStall(bench: Bench): Promise<Row[]> {
  const growth: Samples = {};
  const { floodBytes } = bench.sizes;
  await bench.interleave(["rec"], (name) => {
    const fifo = join(bench.folder, "fifo");
    execFileSync("mkfifo", ["-m", "600", fifo]);
    // For both ways, so that opening does not wait for the recorder.
    const reader = openSync(fifo, constants.O_RDWR | constants.O_NONBLOCK);
    const options = ["-w", "file", "-o", fifo, "--buffer-policy", "drop"];
    const shell = new RecordedShell([join(root, "bin/rec"), ...options, ...shellCommand]);
    try {
      readMessage(reader);
      add(growth, name, growthOf(shell, floodBytes));
    } finally {
      closeSync(reader);
      shell.close();
      rmSync(fifo);
    }
  });
  const what = `peak - idle, writer stalled, ${floodBytes / megabyte} MB`;
  return [rowOf({ what, unit: "MB", samples: growth }, [{ bound: "<=", limit: 24 }], worst)];
}

/** MB at the highest over MB before. */
function growthOf(shell: RecordedShell, floodBytes: number): number {
  shell.settle();
  const idle = shell.privateMegabytes;
  let peak = idle;
  let next = stepBytes;
  const shown = shell.run(`yes '${line}' | head -c ${floodBytes}`, (total) => {
    if (total < next) return;
    next += stepBytes;
    peak = Math.max(peak, shell.privateMegabytes);
  });
  if (shown !== floodBytes) throw new Error(`${shown} of ${floodBytes} bytes were shown`);
  shell.settle();
  return Math.max(peak, shell.privateMegabytes) - idle;
}

/** The first message, which the recorder waits for before it starts the shell, is there when the prompt is. */
function readMessage(reader: number): void {
  const byte = new Uint8Array(1);
  do readSync(reader, byte);
  while (byte[0] !== newline);
}
