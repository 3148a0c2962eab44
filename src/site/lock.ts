/** One change of the set-up at a time. */
import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { RecError, systemReason } from "../errors.ts";
import type { Host } from "./host.ts";

const lockFile = "/var/lib/rec-session/lock";

/**
 * Runs `action` while nobody else changes the set-up. Throws REC_SITE_LOCKED, REC_FILE_WRITE.
 * The lock is flock(1)'s, held by a child for as long as we live: the kernel lets go of it however we end.
 */
export async function locked<Result>(host: Host, action: () => Promise<Result>): Promise<Result> {
  const place = host.place(lockFile);
  try {
    mkdirSync(dirname(place), { recursive: true });
    // Nobody else may open it: a shared lock needs no more than to read.
    closeSync(openSync(place, "a", 0o600));
  } catch (error) {
    throw new RecError("REC_FILE_WRITE", { path: lockFile, why: systemReason(error) }, error);
  }
  const holder = spawn("/usr/bin/flock", ["--nonblock", place, "sh", "-c", "echo; exec cat"], {
    env: { PATH: "/usr/bin:/bin" },
    stdio: ["pipe", "pipe", "ignore"],
    detached: true,
  });
  const gone = new Promise((resolve) => holder.once("close", resolve));
  const isOurs = await new Promise<boolean>((resolve) => {
    holder.stdout.once("data", () => resolve(true));
    holder.once("close", () => resolve(false));
    holder.once("error", () => resolve(false));
  });
  if (!isOurs) throw new RecError("REC_SITE_LOCKED", {});
  try {
    return await action();
  } finally {
    holder.stdin.end();
    // Who calls next must find the lock free.
    await gone;
  }
}
