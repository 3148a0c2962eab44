/** The shell that stock SSSD hands out: its path is compiled in. */
import type { Host } from "./host.ts";
import { failureOf } from "./host.ts";

export const recordingShell = "/usr/bin/tlog-rec-session";
export const recorder = "/usr/bin/rec-session";
export const shellsFile = "/etc/shells";

/** Why it does not do, and what to do about it. */
export interface Fault {
  readonly why: string;
  readonly cure: string;
}

/** The program is there, can be run, and is a recorder: ours, or tlog's. */
export async function recorderFault(host: Host, path: string): Promise<Fault | undefined> {
  const name = path === recordingShell ? "rec-session-tlog" : "rec-session";
  const cure = `install the package ${name}`;
  const details = host.details(path);
  if (details === undefined) return { why: `${path} is not there`, cure };
  if (!details.isFile() || (details.mode & 0o111) !== 0o111) {
    return { why: `${path} is no program that every user may run`, cure: `reinstall the package ${name}` };
  }
  const outcome = await host.run(host.place(path), "--version");
  const says = outcome.stdout.split("\n")[0] ?? "";
  if (outcome.status === 0 && /^(tlog|tlog-rec-session|rec-session) \S+/.test(says)) return undefined;
  const why = outcome.status === 0 ? `it says it is ${JSON.stringify(says)}` : failureOf(path, outcome);
  return { why: `${path} is no recorder that starts: ${why}`, cure: `reinstall the package ${name}` };
}

export function isListedShell(host: Host, shell: string): boolean {
  const lines = (host.text(shellsFile) ?? "").split("\n");
  return lines.some((line) => line.trim() === shell);
}
