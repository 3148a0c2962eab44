/** The host that was measured on. */
import { spawnSync } from "node:child_process";
import { availableParallelism, cpus, loadavg, release } from "node:os";
import { root } from "./contestant.ts";

/** Above this something else ran in the last minute. */
const idleLoad = 0.5;

export interface Host {
  readonly kernel: string;
  readonly cores: number;
  readonly processor: string | undefined;
  readonly node: string;
  /** What was measured, as git names it. */
  readonly revision: string;
  readonly load: number;
}

/** Says on stderr when the host is not idle. */
export function lookAtHost(): Host {
  const [load = 0] = loadavg();
  if (load > idleLoad)
    console.error(`bench: the machine is not idle (load average ${load.toFixed(2)}): do not trust the figures`);
  const git = spawnSync("git", ["describe", "--always", "--dirty"], { cwd: root, encoding: "utf8" });
  return {
    kernel: release(),
    cores: availableParallelism(),
    processor: cpus()[0]?.model,
    node: process.version,
    revision: git.stdout?.trim() || "unknown",
    load,
  };
}
