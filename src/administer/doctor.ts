/** recctl doctor: why a user is or is not recorded, and whether recordings will survive. */
import { formatDate } from "../catalog/date.ts";
import type { JournalIndex } from "../catalog/journal.ts";
import { RecError } from "../errors.ts";
import { journalIndex } from "../named-journal.ts";
import { printable, printableJson } from "../printable.ts";
import { shellWord } from "../shell-word.ts";
import { examine } from "../site/doctor/examine.ts";
import { type Finding, type Level, unseen } from "../site/doctor/finding.ts";
import { mayReadJournal } from "../site/doctor/journal-access.ts";
import { journalLoadFindings } from "../site/doctor/journal-load.ts";
import { journalReachFindings } from "../site/doctor/journal-reach.ts";
import { type LastRecording, lastRecordingFindings } from "../site/doctor/last-recording.ts";
import { Host } from "../site/host.ts";
import { recordingsNamespace } from "../site/own-journal.ts";
import { loadOfLastDay } from "./journal-load.ts";
import { lastRecordingOf } from "./last-recording.ts";
import { configurationReader } from "./recorder-configuration.ts";
import { noOperands, subcommand } from "./subcommand.ts";

export const doctor = subcommand({
  name: "doctor",
  operands: noOperands,
  summary: "tell why a user is or is not recorded, and what to do",
  description: [
    "Looks at what a login comes along: who is to be recorded, nsswitch.conf, SSSD, the recording shell, PAM, the launcher, the recorder's configuration; and at what keeps recordings: journald's storage, how far it reaches back, whether only recorders may write to one of their own, and its limits against the last day, the clock, the folders, the last recording, in the journal or in a folder of the recorders'. With --user it asks the name service for that user, as a login does. Each line is one finding; what is not well is followed by the command that cures it, to be pasted into a shell of root's, or where none can, by the place and by what is to be decided there.",
    "A PROBLEM is that somebody who should be is not recorded, or that recordings will be lost; a WARNING that they may be. What may not be read is told as UNSEEN: nothing is guessed. As root it sees everything; others it tells what they may know. It changes nothing, and says nothing of other namespaces of journald and other hosts.",
  ],
  options: [
    {
      path: "user",
      type: { kind: "string" },
      short: "u",
      long: "user",
      placeholder: "NAME",
      help: "Whether this user is recorded",
    },
    { path: "json", type: { kind: "flag" }, long: "json", help: "One JSON object a line, one line a finding" },
  ],
  examples: [
    ["recctl doctor --user alice", "why alice is or is not recorded"],
    ["recctl doctor", "whether recording and keeping work at all"],
  ],
  exitStatus: [["1", "A problem was found; with warnings alone it is 0."]],
  async run(context, { user, json }) {
    if (process.geteuid?.() === 0) process.setgid?.(0);
    const host = new Host();
    const read = configurationReader(host);
    const examined = await examine(host, user, read);
    const last = async (name: string) => await lastRecordingOf(name, context.siteFolder, read);
    const findings = [...examined, ...(await journalFindings(host, user, isIll(examined), last))];
    for (const finding of findings.map((found) => withLook(host, user, found))) {
      await context.write(json ? lineOf(finding) : textOf(finding));
    }
    return isIll(findings) ? 1 : 0;
  },
});

function isIll(findings: readonly Finding[]): boolean {
  return findings.some(({ level }) => level === "problem");
}

/** `isKnownIll`: why a user has no recording was told before. */
async function journalFindings(
  host: Host,
  user: string | undefined,
  isKnownIll: boolean,
  lastOf: (user: string) => Promise<LastRecording | undefined>,
): Promise<Finding[]> {
  if (!mayReadJournal(host)) return [unseen("what is in the journal could not be seen")];
  try {
    const namespace = recordingsNamespace(host);
    const last = user === undefined ? undefined : await lastOf(user);
    const found = [
      ...(await journalLoadFindings(host, await loadOfLastDay(namespace))),
      ...journalReachFindings(host, await beginningOf(journalIndex({ namespace })), Date.now(), formatDate),
    ];
    if (user === undefined || (last === undefined && isKnownIll)) return found;
    return [...found, ...lastRecordingFindings(user, last, Date.now(), formatDate)];
  } catch (error) {
    if (!(error instanceof RecError)) throw error;
    return [unseen(`what is in the journal could not be seen: ${error.message}`)];
  }
}

/** Undefined for an empty journal. Throws REC_JOURNAL_READ. */
async function beginningOf(journal: JournalIndex): Promise<number | undefined> {
  for await (const entry of journal.entries({ matches: [], fields: ["_PID"] })) {
    return Number(entry.value("__REALTIME_TIMESTAMP")) / 1000;
  }
  return undefined;
}

const titles: Readonly<Record<Level, string>> = {
  well: "well     ",
  problem: "PROBLEM  ",
  warning: "WARNING  ",
  unseen: "UNSEEN   ",
};
const indent = " ".repeat(titles.well.length);

/** What is not seen root may see. */
function withLook(host: Host, user: string | undefined, finding: Finding): Finding {
  if (finding.level !== "unseen" || finding.cure !== null || finding.decision !== null) return finding;
  if (process.geteuid?.() === 0)
    return { ...finding, decision: "on this host: root does not see it either, for the reason told" };
  const again = `recctl doctor${user === undefined ? "" : ` --user ${shellWord(user)}`}`;
  const isSudo = host.details("/usr/bin/sudo") !== undefined;
  return { ...finding, cure: isSudo ? `sudo ${again}` : `su -c ${shellWord(again)}` };
}

function textOf({ level, sentence, cure, decision }: Finding): string {
  const lines = [
    `${titles[level]}${printable(sentence)}`,
    ...(cure === null ? [] : [`${indent}cure: ${printable(cure)}`]),
    ...(decision === null ? [] : [`${indent}no command cures it: ${printable(decision)}`]),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function lineOf({ level, sentence, cure, decision }: Finding): string {
  return `${printableJson(JSON.stringify({ level, sentence, cure, decision }))}\n`;
}
