/** `npm run package`: makes the packages in build/packages from what `npm run build` has built. The same commit makes the same bytes. */
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { configurationFiles, recorderEntries, tlogEntries } from "./package-contents.ts";
import { makeDeb } from "./package-deb.ts";
import { type Entry, stage } from "./package-entry.ts";
import { root } from "./package-release.ts";

const out = join(root, "build/packages");
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
make("rec-session", recorderEntries(), configurationFiles);
make("rec-session-tlog", tlogEntries(), []);

function make(name: string, entries: readonly Entry[], kept: readonly string[]): void {
  const tree = join(out, "tree", name);
  stage(tree, entries);
  strip(tree, entries);
  console.log(makeDeb(name, tree, out, kept));
}

/** Symbols are 18 of node's 126 MB. */
function strip(tree: string, entries: readonly Entry[]): void {
  const programs = entries.filter((entry) => "isMachineCode" in entry).map(({ path }) => join(tree, path));
  if (programs.length > 0) execFileSync("strip", ["--strip-unneeded", ...programs]);
}
