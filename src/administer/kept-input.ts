/** Standard input, kept for an import, which reads it more than once. */
import { constants, openSync, unlinkSync, writeSync } from "node:fs";
import { join } from "node:path";
import { isatty } from "node:tty";
import { RecError, systemReason } from "../errors.ts";

/** For people, and for the recording. */
export const inputName = "standard input";

/**
 * Reads standard input to its end into a temporary file without a name, and returns a path by which this process and its children open it
 * until the process ends. `folder` is one for large temporary files. Throws REC_USAGE for a terminal, REC_FILE_READ, REC_FILE_WRITE.
 */
export async function keepInput(folder: string): Promise<string> {
  if (isatty(0)) {
    throw new RecError("REC_USAGE", { what: "standard input is a terminal: name a file, or redirect one into it" });
  }
  const fd = openTemporary(folder);
  try {
    for await (const chunk of process.stdin) writeAll(fd, folder, chunk as Buffer);
  } catch (cause) {
    if (cause instanceof RecError) throw cause;
    throw new RecError("REC_FILE_READ", { path: inputName, why: systemReason(cause) }, cause);
  }
  return `/proc/${process.pid}/fd/${fd}`;
}

function openTemporary(folder: string): number {
  const path = join(folder, `recctl-${process.pid}-${crypto.randomUUID()}`);
  try {
    const fd = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, 0o600);
    unlinkSync(path);
    return fd;
  } catch (cause) {
    throw new RecError("REC_FILE_WRITE", { path: folder, why: systemReason(cause) }, cause);
  }
}

function writeAll(fd: number, folder: string, bytes: Buffer): void {
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
  } catch (cause) {
    throw new RecError("REC_FILE_WRITE", { path: folder, why: systemReason(cause) }, cause);
  }
}
