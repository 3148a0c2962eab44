/** The contestants: what runs a command in a terminal and, all but the first, records it to a file. */
import { rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { runInTerminal } from "./terminal.ts";

export const names = ["bare", "script", "tlog-rec", "rec"] as const;
export type Name = (typeof names)[number];

/** The command line that runs `command` and records it in `log`. */
type Wrap = (command: readonly string[], log: string) => readonly string[];

export const root = join(import.meta.dirname, "..");

export const wrap: Readonly<Record<Name, Wrap>> = {
  bare: (command) => command,
  // script(1) has a shell run its command; with exec that costs no further process.
  script: (command, log) => ["script", "-q", "-e", "-c", `exec ${command.map(quoted).join(" ")}`, "-O", log],
  "tlog-rec": (command, log) => ["tlog-rec", "-w", "file", "-o", log, ...command],
  rec: (command, log) => [join(root, "bin/rec"), "-o", log, ...command],
};

/** Those that can record here; says on stderr which cannot, and why. Ours must. */
export function presentContestants(folder: string): Name[] {
  const log = join(folder, "probe");
  return names.filter((name) => {
    try {
      runInTerminal(wrap[name](["true"], log));
      if (name !== "bare" && statSync(log).size === 0) throw new Error("it recorded nothing");
      return true;
    } catch (error) {
      if (name === "bare" || name === "rec") throw error;
      console.error(`bench: left out: ${name}: ${(error as Error).message}`);
      return false;
    } finally {
      rmSync(log, { force: true });
    }
  });
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
