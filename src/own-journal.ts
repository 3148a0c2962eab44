/** The journal of the recordings' own: a namespace of journald's to which recorders alone may write. */
import { existsSync } from "node:fs";
import { machineId } from "./machine-id.ts";

/** Of journald@NAMESPACE; one name for every host, so that readers need not be told. */
export const ownNamespace = "rec-session";

/** Tells recorders of it. */
export const ownJournalFile = "/etc/rec-session/own-journal.conf";

/** Whether this host has, or once had, such a journal: what was recorded there is looked for there. */
export function hasOwnJournal(): boolean {
  const machine = machineId();
  if (machine === "") return false;
  // Only root can make these; without a disk to write to, journald keeps it in the second.
  return ["/var/log/journal", "/run/log/journal"].some((folder) => existsSync(`${folder}/${machine}.${ownNamespace}`));
}
