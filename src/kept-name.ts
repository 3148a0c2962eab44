/** The names of what is kept of recordings in the reader's cache: of one file all begin alike, so that they can be found when it goes. */
import { createHash } from "node:crypto";
import { lstatSync, readdirSync, rmSync, utimesSync } from "node:fs";
import { join, resolve } from "node:path";
import { cacheFolder } from "./own-files.ts";

const prefixLength = 40;
/** What is kept in the cache takes no more: what was not used for longest goes. */
const maxKeptBytes = 1024 ** 3;

/** For the recording that `wanted` chooses in the file of that path. */
export function keptName(path: string, wanted: string | null): string {
  return `${prefixOf(path)}-${hashOf(wanted)}.idx`;
}

/** Removes from the reader's cache what he has kept of the files of these paths, which are gone. What he cannot remove stays. */
export function forgetKept(paths: readonly string[], environment: (name: string) => string | undefined): void {
  const folder = cacheFolder(environment);
  if (folder === null || paths.length === 0) return;
  const prefixes = new Set(paths.map(prefixOf));
  try {
    for (const name of readdirSync(folder)) {
      if (name.endsWith(".idx") && prefixes.has(name.slice(0, prefixLength)))
        rmSync(join(folder, name), { force: true });
    }
  } catch {
    // Without a cache nothing is kept; what is kept of a file that is gone is never believed.
  }
}

/** The file of that path was used: it goes after those that were not. */
export function markUsed(path: string): void {
  try {
    utimesSync(path, new Date(), new Date());
  } catch {
    // Gone: another reader made room.
  }
}

/** Makes room in a folder of kept files, where they take more than they may; what cannot be removed stays. */
export function makeRoom(folder: string, maxBytes = maxKeptBytes): void {
  try {
    const names = readdirSync(folder).filter((name) => name.endsWith(".idx"));
    const files = names.map((name) => ({ path: join(folder, name), ...lstatSync(join(folder, name)) }));
    let bytes = files.reduce((sum, { size }) => sum + size, 0);
    for (const { path, size } of files.sort((one, other) => one.mtimeMs - other.mtimeMs)) {
      if (bytes <= maxBytes) break;
      rmSync(path, { force: true });
      bytes -= size;
    }
  } catch {
    // Another reader makes room at the same moment, or the folder is not ours to change.
  }
}

function prefixOf(path: string): string {
  return hashOf(resolve(path)).slice(0, prefixLength);
}

function hashOf(value: string | null): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, prefixLength);
}
