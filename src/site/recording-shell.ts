/** The shell that stock SSSD hands out: its path is compiled in. */
import type { Host } from "./host.ts";
import { failureOf } from "./host.ts";
import { reinstalling } from "./packages.ts";

export const recordingShell = "/usr/bin/tlog-rec-session";
export const recorder = "/usr/bin/rec-session";
export const shellsFile = "/etc/shells";

/** Why it does not do, and what to do about it. */
export interface Fault {
  readonly why: string;
  readonly cure: string;
}

/** Whether the shell that SSSD hands out is our recorder, and not tlog's, which calls itself tlog. */
export async function isOurs(host: Host): Promise<boolean> {
  const { stdout } = await host.run(host.place(recordingShell), "--version");
  return /^(tlog-)?rec-session /.test(stdout);
}

/** A fault of the recorder's own, with the command that `cure` says to run. */
export interface RecorderFault extends Fault {
  readonly command: string;
}

/** The program is there, can be run, and is a recorder: ours, or tlog's. */
export async function recorderFault(host: Host, path: string): Promise<RecorderFault | undefined> {
  const again = reinstalling(host, path === recordingShell ? "rec-session-tlog" : "rec-session");
  const details = host.details(path);
  if (details === undefined) return fault(`${path} is not there`, again);
  if (!isProgram(host, path)) {
    const mode = `chown root:rec ${recorder} && chmod 2755 ${recorder}`;
    return fault(`${path} is no program that every user may run`, details.isFile() ? mode : again);
  }
  const outcome = await host.run(host.place(path), "--version");
  const says = outcome.stdout.split("\n")[0] ?? "";
  if (outcome.status === 0 && /^(tlog|tlog-rec-session|rec-session) \S+/.test(says)) return undefined;
  const why = outcome.status === 0 ? `it says it is ${JSON.stringify(says)}` : failureOf(path, outcome);
  return fault(`${path} is no recorder that starts: ${why}`, again);
}

function fault(why: string, command: string): RecorderFault {
  return { why, command, cure: `run ${command}` };
}

/** Every user may run it; a relative path means another file in every folder. */
export function isProgram(host: Host, path: string): boolean {
  const details = path.startsWith("/") ? host.details(path) : undefined;
  return details?.isFile() === true && (details.mode & 0o111) === 0o111;
}

export function isListedShell(host: Host, shell: string): boolean {
  const lines = (host.text(shellsFile) ?? "").split("\n");
  return lines.some((line) => line.trim() === shell);
}
