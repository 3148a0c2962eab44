/** A journal of the recordings' own: a journald to whose sockets the group of recorders alone may write. */
import { ownJournalFile, ownNamespace } from "../own-journal.ts";
import type { Change, FileChange } from "./change.ts";
import type { Host } from "./host.ts";
import { group, makingGroup, recorderGroup } from "./recorder-group.ts";
import type { Fault } from "./recording-shell.ts";

const instance = `systemd-journald@${ownNamespace}`;
export const ownJournalSocket = `${instance}.socket`;
export const ownJournalService = `${instance}.service`;
export const ownJournalUnits = [ownJournalService, ownJournalSocket, `systemd-journald-varlink@${ownNamespace}.socket`];
/** One of the three that it listens on; any of them is as good to who forges. */
const sockets = ["socket", "stdout", "dev-log"].map((name) => `/run/systemd/journal.${ownNamespace}/${name}`);
const header = [
  "# The journal of recordings, to which only recorders may write; see recctl(8). recctl enable --own-journal writes",
  "# this file, recctl disable removes it; in /run it stays until the next boot, for sessions that had begun.",
];

/** Drop-ins of systemd's, by their place below /etc or /run. */
const dropIns: ReadonlyMap<string, readonly string[]> = new Map([
  [
    `systemd/system/${ownJournalSocket}.d/rec-session.conf`,
    [
      "[Unit]",
      "# Recorders write to it whenever they have something: it listens from boot on.",
      "StopWhenUnneeded=no",
      "[Socket]",
      "SocketUser=root",
      `SocketGroup=${group}`,
      "SocketMode=0660",
    ],
  ],
  [
    `systemd/system/${ownJournalService}.d/rec-session.conf`,
    [
      "[Unit]",
      "# journald of a namespace ends when it has nothing to do: many starts are no failure. Refused ones would lose what comes.",
      "StartLimitIntervalSec=0",
      "# A shutdown ends it after the sessions, whose last messages it takes.",
      "Before=systemd-user-sessions.service",
      "[Service]",
      "Restart=on-failure",
      "OOMScoreAdjust=-250",
      "# systemd would give the folder, and all sockets in it, to the service's group.",
      "RuntimeDirectory=",
    ],
  ],
  ["systemd/system/sockets.target.d/rec-session.conf", ["[Unit]", `Wants=${ownJournalSocket}`]],
  [
    `systemd/journald@${ownNamespace}.conf.d/00-rec-session.conf`,
    [
      "# For SystemMaxUse= and the like: a file of a later name in this folder.",
      "[Journal]",
      "Storage=persistent",
      "# Only recorders come here, and what is dropped is missing from recordings.",
      "RateLimitIntervalSec=0",
      "# No file for each user: a hundred of them would take the room of what is older.",
      "SplitMode=none",
      "ForwardToSyslog=no",
      "ForwardToKMsg=no",
      "ForwardToConsole=no",
      "ForwardToWall=no",
    ],
  ],
]);

/** Whether recorders are told to write there. Throws REC_FILE_READ. */
export function isOwnJournalSet(host: Host): boolean {
  return host.details(ownJournalFile) !== undefined;
}

/** Where recorders write, as far as recctl decides it; undefined for the system's journal. Throws REC_FILE_READ. */
export function recordingsNamespace(host: Host): string | undefined {
  return isOwnJournalSet(host) ? ownNamespace : undefined;
}

/** What this host lacks for it; undefined where it can have one. */
export async function ownJournalFault(host: Host): Promise<Fault | undefined> {
  const template = await host.run("systemctl", "cat", "systemd-journald@.socket");
  if (template.isMissing) return { why: "there is no systemd", cure: "leave --own-journal out" };
  if (template.status !== 0) return { why: "this systemd has no journal namespaces", cure: "leave --own-journal out" };
  if ((await recorderGroup(host)) !== undefined) return undefined;
  return { why: `there is no group ${group}`, cure: `run ${await makingGroup(host)}` };
}

/**
 * Makes it, or takes it back. Sessions that run go on writing to it: until the next boot it stays as it is, by files in /run, and nobody
 * but they is told of it.
 */
export function ownJournalChange(isWanted: boolean): Change {
  const file = (path: string, lines: readonly string[] | null): FileChange => ({
    path,
    content: lines === null ? null : Buffer.from([...header, ...lines, ""].join("\n")),
    mode: 0o644,
  });
  const told = [
    "// Where recorders write, unless rec-session.conf says another place; see recctl(8).",
    "// recctl enable --own-journal writes this file, recctl disable removes it.",
    JSON.stringify({ journal: { namespace: ownNamespace } }),
    "",
  ].join("\n");
  return {
    files: [
      ...[...dropIns].flatMap(([path, lines]) => [
        file(`/etc/${path}`, isWanted ? lines : null),
        file(`/run/${path}`, isWanted ? null : lines),
      ]),
      { path: ownJournalFile, content: isWanted ? Buffer.from(told) : null, mode: 0o644 },
    ],
    links: [],
    logins: [],
    services: ["own-journal"],
  };
}

/** Why recorders cannot write there, or others can; undefined where all is as it must be. */
export async function ownJournalIll(host: Host): Promise<string | undefined> {
  const gid = await recorderGroup(host);
  // Sockets stay in their folder when nobody listens any more.
  if ((await host.run("systemctl", "is-active", ownJournalSocket)).status !== 0)
    return `${ownJournalSocket} does not listen`;
  for (const socket of sockets) {
    const details = host.details(socket);
    const isRight = details?.uid === 0 && details.gid === gid && (details.mode & 0o777) === 0o660;
    if (!isRight) return `${socket} is not root:${group} with mode 0660`;
  }
  return undefined;
}
