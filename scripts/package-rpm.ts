/** Makes both .rpm of the staged trees, by rpmbuild and one spec file. */
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Entry, isConfiguration, type Package } from "./package-entry.ts";
import { architecture, epoch, removeOwnJournal, template } from "./package-release.ts";

/** The packages' paths. `tree` holds the staged trees under the packages' names. */
export function makeRpms(tree: string, recorder: Package, tlog: Package, out: string): string[] {
  const top = join(tree, "rpmbuild");
  mkdirSync(top);
  const spec = join(top, "rec-session.spec");
  const values = {
    TREE: tree,
    FILES: listed(recorder.entries),
    TLOGFILES: listed(tlog.entries),
    REMOVEOWNJOURNAL: removeOwnJournal,
  };
  writeFileSync(spec, template("rpm/rec-session.spec", values));
  const define = ["--define", `_topdir ${top}`, "--define", `_dbpath ${join(top, "db")}`];
  execFileSync("rpmbuild", ["-bb", "--quiet", "--target", architecture.rpm, ...define, spec], {
    env: { ...process.env, SOURCE_DATE_EPOCH: String(epoch) },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const rpms = readdirSync(join(top, "RPMS"), { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".rpm"),
  );
  return rpms.sort().map((rpm) => {
    const path = join(out, rpm.slice(rpm.lastIndexOf("/") + 1));
    copyFileSync(join(top, "RPMS", rpm), path);
    return path;
  });
}

/** The lines of %files: the folders that are ours alone, and every file with its kind. */
function listed(entries: readonly Entry[]): string {
  const folders = entries
    .flatMap(({ path }) => foldersOf(path))
    .filter((folder) => /\/(rec-session|tlog)/.test(folder));
  return [
    "%defattr(-,root,root,-)",
    ...[...new Set(folders)].map((folder) => `%dir ${folder}`),
    ...entries.map((entry) => `${kind(entry)}${entry.path}`),
  ].join("\n");
}

function foldersOf(path: string): string[] {
  return [...path.matchAll(/(?<=.)\//g)].map(({ index }) => path.slice(0, index));
}

function kind(entry: Entry): string {
  if ("isFolder" in entry) return "%dir ";
  if (isConfiguration(entry)) return "%config(noreplace) ";
  if (entry.path === "/usr/bin/rec-session") return "%attr(2755,root,rec) ";
  if (entry.path.endsWith("/witness")) return "%attr(4750,root,rec) ";
  return entry.path.startsWith("/usr/share/doc/") ? "%doc " : "";
}
