/** `npm run package`: makes the packages in build/packages from what `npm run build` has built. The same commit makes the same bytes. */
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { recorder, tlog } from "./package-contents.ts";
import { makeDeb } from "./package-deb.ts";
import { stage } from "./package-entry.ts";
import { root } from "./package-release.ts";
import { makeRpms } from "./package-rpm.ts";

const out = join(root, "build/packages");
const trees = join(out, "tree");
// Modes are in the packages.
process.umask(0o022);
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
for (const { name, entries } of [recorder, tlog]) {
  const tree = join(trees, name);
  stage(tree, entries);
  // Symbols are 18 of node's 126 MB.
  const programs = entries.filter((entry) => "isMachineCode" in entry).map(({ path }) => join(tree, path));
  if (programs.length > 0) execFileSync("strip", ["--strip-unneeded", ...programs]);
}
const rpms = makeRpms(trees, recorder, tlog, out);
const debs = [recorder, tlog].map((each) => makeDeb(each, join(trees, each.name), out));
rmSync(trees, { recursive: true });
console.log([...debs, ...rpms].join("\n"));
