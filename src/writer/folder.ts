/** The folder writer: one file per recording in a folder of the user's. */
import { chmodSync, existsSync, mkdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { RecError, systemReason } from "../errors.ts";
import type { Timers } from "../timers.ts";
import { FileWriter } from "./file.ts";

/** Creates the folder (0700) where it is missing, and the file of that name, which must be new. */
export function openInFolder(folder: string, name: string, timers: Timers): FileWriter {
  try {
    makeFolder(resolve(folder));
  } catch (cause) {
    throw new RecError("REC_FOLDER_CREATE", { path: folder, why: systemReason(cause) }, cause);
  }
  return new FileWriter(join(folder, name), timers, { isNew: true });
}

/** With those above it. Not Node's `recursive`, which tries for ever where a folder lets nothing be made in it (/proc). */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  const above = dirname(path);
  if (above !== path) makeFolder(above);
  try {
    mkdirSync(path, 0o700);
    // A umask may have taken what is ours.
    chmodSync(path, 0o700);
  } catch (cause) {
    // Another session may have been faster.
    if (!existsSync(path)) throw cause;
  }
}
