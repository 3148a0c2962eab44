/** How far the journal reaches back: who may write to it can push out what is older, and leaves no gap where nothing is left. */
import { ownJournalFile } from "../../own-journal.ts";
import type { Host } from "../host.ts";
import { journaldSettings, parseSize, settingCommand } from "../journald-configuration.ts";
import { formerShellsFile } from "../login-shell.ts";
import { recordingsNamespace } from "../own-journal.ts";
import { sshdDropIn } from "../sshd-drop-in.ts";
import { sssdDropIn } from "../sssd-drop-in.ts";
import { type Finding, warning, well } from "./finding.ts";

/** A recording that nobody has looked at within a week is lost with less. */
const wantedMs = 7 * 86_400_000;
/** The recordings' own begins a moment after it was enabled. */
const ownBeginsWithinMs = 60_000;
/** Of what enables recording: the oldest has its last change when nobody was added since. */
const enabling = [sssdDropIn, formerShellsFile, sshdDropIn];

/** `beginsMs`: the oldest entry; undefined in an empty journal. `date` in words of the user's time zone. */
export function journalReachFindings(
  host: Host,
  beginsMs: number | undefined,
  nowMs: number,
  date: (ms: number) => string,
): Finding[] {
  if (beginsMs === undefined) return [];
  const namespace = recordingsNamespace(host);
  const reaches = `the journal${namespace === undefined ? "" : ` ${namespace}`} reaches back to ${date(beginsMs)}`;
  const toleratedMs = namespace === undefined ? 0 : ownBeginsWithinMs;
  const changes = (namespace === undefined ? enabling : [ownJournalFile]).flatMap(
    (path) => host.details(path)?.mtimeMs ?? [],
  );
  if (changes.length === 0 || Math.min(...changes) + toleratedMs >= beginsMs || nowMs - beginsMs >= wantedMs)
    return [well(reaches)];
  const before = `${reaches}, and recording was enabled before: older recordings are gone`;
  return [
    namespace === undefined
      ? warning(
          `${before}, and what fills the journal is any user's to send (journalctl -o json --output-fields=_UID shows who did)`,
          "recctl enable --own-journal",
        )
      : warning(
          `${before}; what fills it is what recorded users have shown (journalctl --namespace=${namespace} -o json --output-fields=_UID shows who did)`,
          roomier(host, namespace),
        ),
  ];
}

/** Room for twice as much. journald.conf(5): without a word it is a tenth of the file system, and 4 GiB at most. */
function roomier(host: Host, namespace: string): string {
  const bytes = parseSize(journaldSettings(host, namespace).get("SystemMaxUse")) ?? 4 * 2 ** 30;
  return settingCommand(host, namespace, "SystemMaxUse", `${Math.ceil((2 * bytes) / 2 ** 20)}M`);
}
