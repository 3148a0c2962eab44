/** Who is recorded, and where: what stands in every message of a recording. */
import { readFileSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import type { Identity } from "../format/message.ts";

/** The audit session id of processes that have none. */
const unsetSession = 4_294_967_295;

/** No terminal has a longer name; each message holds it, and ssh takes any from the client. */
const maxTerm = 64;

/** `term`: $TERM of the user, if set, bounded and of printable ASCII. Never fails: what cannot be found out is told as "" or by its number. */
export function identify(term: string | undefined): Identity {
  return {
    host: fullName(hostname()),
    rec: recordingId(),
    user: userName(),
    term: (term ?? "").slice(0, maxTerm).replace(/[^\x20-\x7e]/g, "?"),
    session: auditSession(),
  };
}

/** Boot, process, and its start: unique on this host, and no two hosts share a boot id. tlog's form. */
function recordingId(): string {
  const boot = (readText("/proc/sys/kernel/random/boot_id") ?? "").trim().replaceAll("-", "");
  const stat = readText("/proc/self/stat") ?? "";
  // The name in parentheses may hold spaces and parentheses; the start time is field 22, the 20th after it.
  const start = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? 0);
  return `${boot}-${process.pid.toString(16)}-${start.toString(16)}`;
}

function auditSession(): number {
  const session = Number(readText("/proc/self/sessionid"));
  return Number.isInteger(session) && session > 0 ? session : unsetSession;
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.());
  }
}

/** The canonical name by /etc/hosts alone: a login must not wait for the domain name system. */
function fullName(host: string): string {
  for (const line of (readText("/etc/hosts") ?? "").split("\n")) {
    const [, canonical, ...aliases] = (line.split("#")[0] ?? "").trim().split(/\s+/);
    if (canonical?.startsWith(`${host}.`) && (aliases.length === 0 || aliases.includes(host))) return canonical;
  }
  return host;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return undefined;
  }
}
