/** A folder that is opened once and acted on by its descriptor: whoever owns it may exchange what is on its path meanwhile. */
import { closeSync, constants, fstatSync, lstatSync, openSync, readlinkSync } from "node:fs";
import { isAbsolute, resolve } from "node:path";
import { RecError, systemReason } from "../errors.ts";

/** As the kernel's. */
const maxLinks = 40;

/**
 * Opens the folder part by part, each by the descriptor of the one before. A symbolic link on the way must be root's or our own: another's
 * could lead us anywhere. The descriptor is the caller's to close. Throws REC_FILE_OPEN.
 */
export function openTrustedFolder(path: string): number {
  let rest = parts(resolve(path));
  let fd = openFolder("/", path);
  let links = 0;
  try {
    while (rest.length > 0) {
      const [name = "", ...after] = rest;
      const status = lstatSync(within(fd, name));
      if (!status.isSymbolicLink()) {
        fd = exchanged(fd, openFolder(within(fd, name), path));
        rest = after;
        continue;
      }
      if (status.uid !== 0 && status.uid !== process.geteuid?.()) throw refused(path, name);
      if (++links > maxLinks) throw new RecError("REC_FILE_OPEN", { path, why: systemReason("ELOOP") });
      const target = readlinkSync(within(fd, name));
      if (isAbsolute(target)) fd = exchanged(fd, openFolder("/", path));
      rest = [...parts(target), ...after];
    }
    return fd;
  } catch (cause) {
    closeSync(fd);
    if (cause instanceof RecError) throw cause;
    throw new RecError("REC_FILE_OPEN", { path, why: systemReason(cause) }, cause);
  }
}

/** The path of a name in the folder of that descriptor, wherever the folder is by now: what Linux has for openat(2). */
export function within(fd: number, name: string): string {
  return `/proc/self/fd/${fd}/${name}`;
}

function openFolder(path: string, named: string): number {
  try {
    // O_NOFOLLOW: what was no link a moment ago may be one now.
    return openSync(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  } catch (cause) {
    throw new RecError("REC_FILE_OPEN", { path: named, why: systemReason(cause) }, cause);
  }
}

function exchanged(old: number, fd: number): number {
  closeSync(old);
  return fd;
}

function refused(path: string, name: string): RecError {
  return new RecError("REC_FILE_OPEN", { path, why: `${name} is a symbolic link of another user` });
}

function parts(path: string): string[] {
  return path.split("/").filter((part) => part !== "" && part !== ".");
}

/** Which file it is, whatever it is called. */
export function identityOf({ dev, ino }: { readonly dev: number | bigint; readonly ino: number | bigint }): string {
  return `${dev}:${ino}`;
}

/** The regular file of that name in the folder; null for what is none, or is gone. */
export function fileIn(fd: number, name: string): { identity: string; bytes: number; changedMs: number } | null {
  let file: number;
  try {
    file = openSync(within(fd, name), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    return null;
  }
  try {
    const status = fstatSync(file);
    return status.isFile() ? { identity: identityOf(status), bytes: status.size, changedMs: status.mtimeMs } : null;
  } finally {
    closeSync(file);
  }
}
