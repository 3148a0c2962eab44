/** Who is recorded, and where: what stands in every message of a recording. */
import { readFileSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import { type Identity, unsetSession } from "../format/message.ts";
import { recordingId } from "../recorder-process.ts";

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
