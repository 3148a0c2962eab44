/** Whether we may read the system's journal: journalctl itself shows others nothing, and says nothing of it. */
import { accessSync, constants } from "node:fs";
import type { Host } from "../host.ts";

const folders = ["/var/log/journal", "/run/log/journal"];

export function mayReadJournal(host: Host): boolean {
  return folders.some((folder) =>
    host.names(folder).some((machine) => isReadable(host.place(`${folder}/${machine}/system.journal`))),
  );
}

function isReadable(place: string): boolean {
  try {
    accessSync(place, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
