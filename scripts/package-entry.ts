/** What a package puts on a host: files and links by their paths; staging them in a folder, all with one time. */
import { chmodSync, copyFileSync, lutimesSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";

export type Entry =
  | { readonly path: string; readonly mode: number; readonly from: string; readonly isMachineCode?: true }
  | { readonly path: string; readonly mode: number; readonly content: string | Buffer }
  | { readonly path: string; readonly target: string }
  | { readonly path: string; readonly isFolder: true };

export interface Package {
  readonly name: string;
  readonly entries: readonly Entry[];
}

/** What the administrator may change, so that both formats keep it when the package is renewed. */
export function isConfiguration(entry: Entry): boolean {
  return entry.path.startsWith("/etc/") && "mode" in entry;
}

/** A text as Debian wants its documents: compressed the best, without name and time. */
export function compressed(text: string | Buffer): Buffer {
  return gzipSync(text, { level: 9 });
}

/** Makes the tree of the entries in the folder, which must not exist. */
export function stage(folder: string, entries: readonly Entry[]): void {
  mkdirSync(folder, { recursive: true });
  for (const entry of entries) {
    const path = join(folder, entry.path);
    mkdirSync(dirname(path), { recursive: true });
    if ("target" in entry) symlinkSync(entry.target, path);
    else if ("isFolder" in entry) mkdirSync(path, { recursive: true });
    else if ("from" in entry) copyFileSync(entry.from, path);
    else writeFileSync(path, entry.content);
    if ("mode" in entry) chmodSync(path, entry.mode);
  }
}

/** The same modes and times whatever umask and clock: a second run makes the same package. */
export function settle(folder: string, seconds: number): void {
  for (const file of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const path = join(file.parentPath, file.name);
    if (file.isDirectory()) chmodSync(path, 0o755);
    lutimesSync(path, seconds, seconds);
  }
  chmodSync(folder, 0o755);
  lutimesSync(folder, seconds, seconds);
}
