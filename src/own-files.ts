/** Files that the reader keeps for himself: his alone, and never those of somebody else under their names. */
import { randomBytes } from "node:crypto";
import { closeSync, constants, fstatSync, mkdirSync, openSync, readSync, renameSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";

const keyBytes = 32;
const { O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_WRONLY } = constants;

/** Where what can be made again is kept; null without a home. XDG base directory specification: relative paths do not count. */
export function cacheFolder(environment: (name: string) => string | undefined): string | null {
  const cacheHome = environment("XDG_CACHE_HOME");
  if (cacheHome?.startsWith("/")) return join(cacheHome, "rec-session");
  const home = environment("HOME");
  return home?.startsWith("/") ? join(home, ".cache/rec-session") : null;
}

/** The key that the reader's own files are sealed with, made where there is none; null where it cannot be kept. */
export function readerKey(folder: string | null): Buffer | null {
  if (folder === null) return null;
  const path = join(folder, "key");
  const key = readOwn(path, keyBytes);
  if (key !== null) return key.length === keyBytes ? key : null;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch {
    return null;
  }
  const made = randomBytes(keyBytes);
  return replaceOwn(path, [made]) ? made : null;
}

/** What a file holds that is the reader's and that nobody else may read or write; null for any other, and for a longer one. */
export function readOwn(path: string, maxBytes: number): Buffer | null {
  let fd: number;
  try {
    fd = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch {
    return null;
  }
  try {
    const status = fstatSync(fd);
    const isOwn = status.isFile() && status.uid === process.geteuid?.() && (status.mode & 0o077) === 0;
    if (!isOwn || status.size > maxBytes) return null;
    const bytes = Buffer.alloc(status.size);
    let length = 0;
    for (let count = -1; length < bytes.length && count !== 0; length += count) {
      count = readSync(fd, bytes, length, bytes.length - length, length);
    }
    return bytes.subarray(0, length);
  } catch {
    return null;
  } finally {
    closeSync(fd);
  }
}

/** Puts a new file in the place of what has the path, wholly or not at all; false where it cannot. */
export function replaceOwn(path: string, pieces: readonly Uint8Array[]): boolean {
  const made = `${path}.${randomBytes(6).toString("hex")}`;
  try {
    const fd = openSync(made, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
    try {
      for (const bytes of pieces) {
        for (let from = 0; from < bytes.length; ) from += writeSync(fd, bytes, from);
      }
    } finally {
      closeSync(fd);
    }
    renameSync(made, path);
    return true;
  } catch {
    rmSync(made, { force: true });
    return false;
  }
}
