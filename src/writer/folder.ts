/** The folder writer: one file per recording in a folder of the user's. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { RecError, systemReason } from "../errors.ts";
import type { Timers } from "../timers.ts";
import { FileWriter } from "./file.ts";

/** Creates the folder (0700) where it is missing, and the file of that name, which must be new. */
export function openInFolder(folder: string, name: string, timers: Timers): FileWriter {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new RecError("REC_FOLDER_CREATE", { path: folder, why: systemReason(cause) }, cause);
  }
  return new FileWriter(join(folder, name), timers, { isNew: true });
}
