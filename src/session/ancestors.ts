/** Whether this session runs inside a recorded one: a recorder that lives is among its ancestors. */
import { readFileSync } from "node:fs";

export interface ProcessStatus {
  readonly parent: number;
  /** Real user, real and effective group. */
  readonly uid: number;
  readonly gid: number;
  readonly egid: number;
}

/** More than any honest chain, so that a lookup ends. */
const mostAncestors = 1000;

/**
 * True when a recorder of the same user is an ancestor. Told by what the user cannot have: the effective group of this
 * set-group-ID program, which no process of his gets but by it. `own` is this process; `statusOf` that of another.
 * A session of another user, as after su, is recorded in its own right.
 */
export function isWithinRecording(
  own: Omit<ProcessStatus, "gid">,
  statusOf: (pid: number) => ProcessStatus | undefined = readStatus,
): boolean {
  let pid = own.parent;
  for (let i = 0; i < mostAncestors && pid > 1; i++) {
    const status = statusOf(pid);
    if (status === undefined) return false;
    if (status.egid === own.egid && status.gid !== own.egid && status.uid === own.uid) return true;
    pid = status.parent;
  }
  return false;
}

/** Of /proc/PID/status; undefined for a process that is gone or hidden. */
export function readStatus(pid: number): ProcessStatus | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/status`, "latin1");
  } catch {
    return undefined;
  }
  const numbers = (name: string): number[] =>
    (new RegExp(`^${name}:\\t(.*)$`, "m").exec(text)?.[1] ?? "").split("\t").map(Number);
  const [parent = 0] = numbers("PPid");
  const [uid = -1] = numbers("Uid");
  const [gid = -1, egid = -1] = numbers("Gid");
  return { parent, uid, gid, egid };
}
