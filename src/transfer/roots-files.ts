/** Which files only root can change; what was found out is kept, since a look at a session comes up to 1000 times a second. */
import { statSync } from "node:fs";

export class RootsFiles {
  readonly #files = new Map<string, string | undefined>();
  /** Lines of maps that are root's code. */
  readonly #code = new Set<string>();

  /** Device and inode, undefined where it is missing or another than root may write it. */
  file(path: string): string | undefined {
    if (!this.#files.has(path)) this.#files.set(path, rootsFile(path));
    return this.#files.get(path);
  }

  /** Whether all code in it is root's: the program's own file, its libraries, and nothing that has no file. `maps` as /proc/PID/maps. */
  isCode(maps: string): boolean {
    return maps.split("\n").every((line) => {
      if (!isExecutable(line) || this.#code.has(line)) return true;
      const slash = line.indexOf("/");
      const isRoots = slash === -1 ? /\[(vdso|vsyscall)\]$/.test(line) : this.file(line.slice(slash)) !== undefined;
      if (isRoots) this.#code.add(line);
      return isRoots;
    });
  }
}

function isExecutable(line: string): boolean {
  const permissions = line.indexOf(" ") + 1;
  return permissions > 0 && line[permissions + 2] === "x";
}

function rootsFile(path: string): string | undefined {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined || found.uid !== 0 || (found.mode & 0o022) !== 0) return undefined;
    return `${found.dev} ${found.ino}`;
  } catch {
    return undefined;
  }
}
