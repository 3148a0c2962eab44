/** Replay: how fast a recording's output comes back, all at once, each player given its own recorder's file. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { add, type Bench, megabyte, type Samples } from "./bench.ts";
import { type Name, root } from "./contestant.ts";
import { type Row, rowOf } from "./row.ts";
import { runInTerminal } from "./terminal.ts";

const players = {
  "tlog-rec": (file: string) => ["tlog-play", "-r", "file", "-i", file, "-g", "end"],
  rec: (file: string) => [join(root, "bin/rec-play"), "--format", "raw", file],
} as const;

export async function measureReplay(bench: Bench): Promise<Row[]> {
  const speeds: Samples = {};
  const present = (["tlog-rec", "rec"] as const).filter((name) => bench.contestants.includes(name));
  const recording = (name: Name): string => join(bench.folder, `recording-${name}`);
  for (const name of present) {
    runInTerminal(bench.command(name, ["cat", bench.text]));
    renameSync(bench.log, recording(name));
  }
  checkReplay(bench, players.rec(recording("rec")));
  await bench.interleave(present, async (name) => {
    const seconds = await secondsOf(players[name](recording(name)));
    add(speeds, name, bench.sizes.textBytes / megabyte / seconds);
  });
  for (const name of present) rmSync(recording(name));
  const what = `replay of ${bench.sizes.textBytes / megabyte} MB at once`;
  return [rowOf({ what, unit: "MB/s", samples: speeds }, [{ bound: ">=", limit: 100 }])];
}

/** tlog-play ends when its input does, so the pipe stays open. */
export async function secondsOf([command = "", ...args]: readonly string[]): Promise<number> {
  const startedMs = performance.now();
  const player = spawn(command, args, {
    stdio: ["pipe", "ignore", "inherit"],
    env: { ...process.env, LANG: "C.UTF-8" },
  });
  const [status] = (await once(player, "exit")) as [number | null];
  const seconds = (performance.now() - startedMs) / 1000;
  player.stdin?.destroy();
  if (status !== 0) throw new Error(`${command}: exit status ${status}`);
  return seconds;
}

/** A fast replay of something else is worth nothing. */
export function checkReplay(bench: Bench, player: readonly string[]): void {
  if (!replayOf(bench, player).equals(readFileSync(bench.text))) throw new Error("the replay is not what was shown");
}

/** All that a player prints, whatever its exit status. */
export function replayOf(bench: Bench, [command = "", ...args]: readonly string[]): Buffer {
  const played = join(bench.folder, "played");
  const out = openSync(played, "w");
  spawnSync(command, args, { stdio: ["ignore", out, "inherit"] });
  closeSync(out);
  const bytes = readFileSync(played);
  rmSync(played);
  return bytes;
}
