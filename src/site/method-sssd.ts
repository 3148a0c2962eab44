/** SSSD hands out the recorder as login shell: for users of any source, for groups, for everyone. */

import { RecError } from "../errors.ts";
import { shellWord } from "../shell-word.ts";
import { accountNamed, groupsOf, membersOf } from "./account.ts";
import type { FileChange } from "./change.ts";
import { eventually } from "./eventually.ts";
import type { Host } from "./host.ts";
import { findLibrary } from "./library.ts";
import { type Method, running } from "./method.ts";
import { formerShells } from "./method-shell.ts";
import { nsswitchBackup, nsswitchFile, withoutSssFirst, withSssFirst } from "./nsswitch.ts";
import { isListedShell, recorderFault, recordingShell } from "./recording-shell.ts";
import { isNobody, reasonRecorded, type Scope } from "./scope.ts";
import { isEnabled } from "./service.ts";
import { readSssdConfiguration } from "./sssd-configuration.ts";
import { type Lack, localDomain, parseSssdDropIn, sssdDropIn, sssdDropInFor } from "./sssd-drop-in.ts";

/** SSSD's parts by the file that shows them, and Debian's package of each. */
const parts = [
  ["sbin/sssd", "sssd-common"],
  ["libnss_sss.so.2", "libnss-sss"],
  ["security/pam_sss.so", "libpam-sss"],
  ["sssd/libsss_proxy.so", "sssd-proxy"],
] as const;

/** Checking one user takes a moment; of a thousand the first show as much. */
const maxChecked = 20;

export const methodSssd: Method = {
  name: "sssd",

  caution(host, to) {
    if (!isListedShell(host, recordingShell)) {
      return `${recordingShell} is not in /etc/shells: what asks for a listed shell refuses these users; run add-shell ${recordingShell}`;
    }
    return wordsOfLeftOut(leftOut(host, to));
  },

  scope: (host) => parseSssdDropIn(host.bytes(sssdDropIn)?.toString()),

  async fault(host, wanted) {
    const missing = missingParts(host);
    if (missing.length > 0) return { why: "SSSD is not installed", cure: `run apt install ${missing.join(" ")}` };
    for (const user of wanted.users) {
      const why = await whyUnserved(host, user);
      if (why !== undefined) return { why, cure: `give --method shell for ${user}` };
    }
    return await recorderFault(host, recordingShell);
  },

  passesOver: async (host, user) => (await whyUnserved(host, user)) !== undefined,

  async change(host, _, to) {
    const configuration = readSssdConfiguration(host);
    if (configuration.otherScope !== undefined && !isNobody(to)) {
      const { file, scope } = configuration.otherScope;
      throw new RecError("REC_SITE_REFUSED", {
        what: "enable recording",
        why: `${file} decides already whom SSSD records (scope = ${scope})`,
        cure: "take [session_recording] out of it and enable with recctl whom it named",
      });
    }
    const lack: Lack = {
      domain: !configuration.servesLocal && (await namesLocal(host, to)),
      services: !configuration.hasServices && !(await startsOnDemand(host)),
    };
    const text = sssdDropInFor(to, lack);
    return {
      files: [
        { path: sssdDropIn, content: text === undefined ? null : Buffer.from(text), mode: 0o600 },
        ...nsswitchChanges(host, to),
      ],
      links: [],
      logins: [],
      services: ["sssd"],
    };
  },

  wanted: (host, to) => () => {
    // Without any configuration it cannot start.
    const isActive = !isNobody(to) || readSssdConfiguration(host).isThere;
    return { ...running, isActive };
  },

  checks: (host, from, to) => ({
    valid: async () => await complaint(host),
    works: async (isStopped) => await eventually(async () => await failing(host, from, to), isStopped),
  }),
};

/** Those of /etc/passwd who are not recorded although everyone is; nobody where it is not everyone. */
export function leftOut(host: Host, { isAll, excludedUsers }: Scope): string[] {
  return isAll ? unservedUsers(host).filter((user) => !excludedUsers.includes(user)) : [];
}

/** A sentence that follows who is recorded; undefined for nobody. */
export function wordsOfLeftOut(users: readonly string[]): string | undefined {
  if (users.length === 0) return undefined;
  const options = users.map((user) => `--user ${shellWord(user)}`).join(" ");
  return `not among them, as SSSD does not serve them: ${users.join(", ")}; recctl enable ${options} --method shell`;
}

/** Those of /etc/passwd whose login shells are not the recorder by the method shell. */
function unservedUsers(host: Host): string[] {
  const lines = (host.text("/etc/passwd") ?? "").split("\n").map((line) => line.split(":"));
  const former = formerShells(host);
  const unserved = lines.filter(
    ([name = "", , uid = ""]) => reasonUnserved(name, Number.parseInt(uid, 10)) !== undefined,
  );
  return unserved.map(([name = ""]) => name).filter((name) => former[name] === undefined);
}

/** Of users of /etc/passwd whom SSSD does not serve, or not always. */
export async function whyUnserved(host: Host, user: string): Promise<string | undefined> {
  const account = await accountNamed(host, user, "files");
  return account === undefined && user !== "root" ? undefined : reasonUnserved(user, account?.uid);
}

/** It looks for "u@d" in a domain "d", and finds it in its cache alone. */
function reasonUnserved(user: string, uid: number | undefined): string | undefined {
  if (user === "root") return "SSSD never serves root";
  if (uid === 0) return `SSSD never serves ${user}, whose uid is root's`;
  return user.includes("@") ? `SSSD looks for ${user} in a domain, not in /etc/passwd` : undefined;
}

function missingParts(host: Host): string[] {
  const isThere = (part: string): boolean =>
    part.startsWith("sbin/") ? host.details(`/usr/${part}`) !== undefined : findLibrary(host, part) !== undefined;
  return parts.filter(([part]) => !isThere(part)).map(([, name]) => name);
}

function nsswitchChanges(host: Host, to: Scope): FileChange[] {
  const now = host.text(nsswitchFile) ?? "";
  const before = host.text(nsswitchBackup);
  const file = (path: string, text: string | null): FileChange => ({
    path,
    content: text === null ? null : Buffer.from(text, "latin1"),
    mode: 0o644,
  });
  if (isNobody(to)) {
    return before === undefined ? [] : [file(nsswitchFile, withoutSssFirst(now, before)), file(nsswitchBackup, null)];
  }
  const changed = withSssFirst(now);
  if (changed === now) return [];
  if (host.isLink(nsswitchFile)) {
    throw new RecError("REC_SITE_REFUSED", {
      what: `change ${nsswitchFile}`,
      why: "it is a link: another program, as authselect, makes it",
      cure: "put sss first in passwd and group by that program",
    });
  }
  return [...(before === undefined ? [file(nsswitchBackup, now)] : []), file(nsswitchFile, changed)];
}

/** Whether someone of /etc/passwd or a group of /etc/group is meant. */
async function namesLocal(host: Host, { isAll, users, groups }: Scope): Promise<boolean> {
  if (isAll) return true;
  for (const user of users) if ((await accountNamed(host, user, "files")) !== undefined) return true;
  for (const group of groups) if ((await membersOf(host, group, "files")) !== undefined) return true;
  return false;
}

async function startsOnDemand(host: Host): Promise<boolean> {
  return (await isEnabled(host, "sssd-nss.socket")) && (await isEnabled(host, "sssd-pam.socket"));
}

/**
 * sssctl's word on what we wrote; it comes with sssd-tools, which need not be there. Of the site's own faults only those are told with
 * which SSSD would not start again.
 */
async function complaint(host: Host): Promise<string | undefined> {
  const { stdout, stderr } = await host.run("sssctl", "config-check");
  const lines = `${stdout}\n${stderr}`.split("\n");
  const fatal = lines.filter((line) => /^(File ownership|Failed to )|: Error \(\d+\) on line/.test(line));
  if (fatal.length > 0)
    return `sssctl config-check: ${fatal.map((line) => line.replace(/^.*\(0x\d+\): /, "")).join(" ")}`;
  return lines.find(
    (line) => /session_recording|rec-session/.test(line) && /^\[rule|error/i.test(line) && !isOverdone(line),
  );
}

/** sssd.conf(5) of SSSD 2.8 has the option in a domain, SSSD takes it there, only its rules do not know it. */
function isOverdone(line: string): boolean {
  return line.includes("'pwfield'") && line.includes(localDomain);
}

/** Why it does not work, by what the name service answers. */
async function failing(host: Host, from: Scope, to: Scope): Promise<string | undefined> {
  for (const user of await usersToCheck(host, to)) {
    const served = await accountNamed(host, user, "sss");
    if (served === undefined) return `SSSD does not know ${user} (getent passwd -s sss ${user} finds nothing)`;
    if (served.shell !== recordingShell) return `SSSD gives ${user} the shell ${served.shell}`;
    const found = await accountNamed(host, user);
    if (found?.shell !== recordingShell) return `${user} gets the shell ${found?.shell} from another source than SSSD`;
  }
  const released = from.users.filter((user) => !to.users.includes(user));
  for (const user of [...released, ...to.excludedUsers].slice(0, maxChecked)) {
    if (reasonRecorded(to, user, await groupsOf(host, user)) !== "") continue;
    if ((await accountNamed(host, user))?.shell === recordingShell) return `${user} still gets ${recordingShell}`;
  }
  return undefined;
}

async function usersToCheck(host: Host, to: Scope): Promise<string[]> {
  const users = new Set(to.users);
  for (const group of to.groups) for (const user of (await membersOf(host, group)) ?? []) users.add(user);
  if (to.isAll) for (const user of await localUsers(host)) users.add(user);
  const found: string[] = [];
  for (const user of users) {
    if (found.length === maxChecked) break;
    // A user who was removed since he was enabled is no reason to fail.
    const isThere = (await accountNamed(host, user)) !== undefined && (await whyUnserved(host, user)) === undefined;
    if (isThere && reasonRecorded(to, user, await groupsOf(host, user)) !== "") found.push(user);
  }
  return found;
}

/** Those who log in: not the system's own accounts. */
async function localUsers(host: Host): Promise<string[]> {
  const { stdout } = await host.run("getent", "passwd", "-s", "files");
  const people = stdout
    .split("\n")
    .map((line) => line.split(":"))
    .filter(([, , uid]) => Number(uid) >= 1000 && Number(uid) < 60_000);
  return people.slice(0, maxChecked).map(([name = ""]) => name);
}
