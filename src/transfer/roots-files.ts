/** Which files only root can change; what was found out is kept, since a look at a session comes up to 1000 times a second. */
import { closeSync, fstatSync, openSync, statfsSync } from "node:fs";
import { isExecutable } from "./process.ts";

/** O_PATH (asm-generic/fcntl.h): names a file without opening it. */
const openForPath = 0o10_000_000;
/** FUSE_SUPER_MAGIC (linux/magic.h). */
const fuse = 0x65735546;

/** More pieces of code than a program of transfers has: each is asked for, and a process may have 65 530. */
const mostCode = 256;

/** Device and inode of root's file at `path` as /proc/PID/maps tells them; undefined where it is missing or another than root may write it. */
export type MappedAs = (path: string) => string | undefined;

export class RootsFiles {
  readonly #mappedAs: MappedAs;
  readonly #files = new Map<string, string | undefined>();
  /** Lines of maps that are root's code. */
  readonly #code = new Set<string>();

  constructor(mappedAs: MappedAs) {
    this.#mappedAs = mappedAs;
  }

  /** Device and inode, undefined where it is missing or another than root may write it. */
  file(path: string): string | undefined {
    if (!this.#files.has(path)) this.#files.set(path, rootsFile(path));
    return this.#files.get(path);
  }

  /** Whether all code in it is root's: the program's own file, its libraries, and nothing that has no file. `maps` as of an image. */
  isCode(maps: string): boolean {
    const code = maps.split("\n").filter(isExecutable);
    if (code.length > mostCode) return false;
    return code.every((line) => {
      if (this.#code.has(line)) return true;
      const slash = line.indexOf("/");
      const isRoots = slash === -1 ? /\[(vdso|vsyscall)\]$/.test(line) : this.#isMapped(line, line.slice(slash));
      if (isRoots) this.#code.add(line);
      return isRoots;
    });
  }

  /** By its path alone it may be any file: in a mount namespace of his own a user mounts his library over root's, and the path stays. */
  #isMapped(line: string, path: string): boolean {
    const [, , , device, inode] = line.split(" ");
    return this.file(path) !== undefined && this.#mappedAs(path) === `${device} ${inode}`;
  }
}

/**
 * Whether it has been loaded beyond the program and its loader: LD_PRELOAD, LD_AUDIT come before every other library, so that a look
 * sees them or what they left. Before that any program looks clean. One without libraries never is.
 */
export function isLoaded(maps: string): boolean {
  const files = new Set<string>();
  for (const line of maps.split("\n")) {
    const slash = line.indexOf("/");
    if (slash !== -1 && isExecutable(line)) files.add(line.slice(slash));
  }
  return files.size > 2;
}

/** A user may mount a FUSE file system, whose files are whose he says: one and the same file is asked for its owner and its kind. */
function rootsFile(path: string): string | undefined {
  let fd: number | undefined;
  try {
    fd = openSync(path, openForPath);
    // bigint: an inode of an overlay may have more digits than a number.
    const { uid, mode, dev, ino } = fstatSync(fd, { bigint: true });
    if (uid !== 0n || (mode & 0o022n) !== 0n) return undefined;
    return statfsSync(`/proc/self/fd/${fd}`).type === fuse ? undefined : `${dev} ${ino}`;
  } catch {
    return undefined;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}
