/** Which files are open in any process: also where a recorder's pid is another in its container. */
import { readdirSync, statSync } from "node:fs";
import { identityOf } from "./trusted-folder.ts";

/** By `identityOf`; only what we may see: root sees all, others the processes of their own that may be looked into. */
export function openFiles(): ReadonlySet<string> {
  const found = new Set<string>();
  for (const pid of names("/proc")) {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) continue;
    for (const fd of names(`/proc/${pid}/fd`)) {
      try {
        const status = statSync(`/proc/${pid}/fd/${fd}`);
        if (status.isFile()) found.add(identityOf(status));
      } catch {
        // Closed since, or the process has gone.
      }
    }
  }
  return found;
}

function names(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
