/** The process that the id of a recording names: boot, number and start, in tlog's form. */
import { readFileSync } from "node:fs";

/** The id of a recording by this process: unique on this host, and no two hosts share a boot id. */
export function recordingId(): string {
  return `${thisBoot()}-${process.pid.toString(16)}-${startOf(readText("/proc/self/stat"))}`;
}

/** Whether the process that the id names lives: on this boot, with that start. */
export function isRunning(rec: string): boolean {
  const [boot, pid, start] = rec.split("-");
  if (boot !== thisBoot() || pid === undefined || start === undefined) return false;
  const number = Number.parseInt(pid, 16);
  const stat = readText(`/proc/${number}/stat`);
  // Where /proc hides the processes of others, one with the number is taken for it.
  return stat === "" ? number > 0 && isThere(number) : startOf(stat) === start;
}

/** The name in parentheses may hold spaces and parentheses; the start time is field 22 of proc(5), the 20th after it. */
function startOf(stat: string): string {
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? 0).toString(16);
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

let boot: string | undefined;

function thisBoot(): string {
  boot ??= readText("/proc/sys/kernel/random/boot_id").trim().replaceAll("-", "");
  return boot;
}

function readText(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}
