/** Makes a .deb of a staged tree: control files, maintainer scripts, checksums, archive. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { compressed, type Entry, isConfiguration, type Package, settle, stage } from "./package-entry.ts";
import { architecture, debVersion, epoch, removeOwnJournal, root, template } from "./package-release.ts";

/** The path of the .deb. The tree gets what only Debian wants, and its DEBIAN folder. */
export function makeDeb({ name, entries }: Package, tree: string, out: string): string {
  stage(tree, documents(name));
  const control = join(tree, "DEBIAN");
  const files = filesOf(tree);
  mkdirSync(control);
  const filled = template(`deb/${name}.control`, {
    ARCHITECTURE: architecture.deb,
    SIZE: String(kibibytes(tree, files)),
    DEPENDS: libraries(tree, files),
  });
  writeFileSync(join(control, "control"), filled);
  const configuration = entries.filter(isConfiguration).map(({ path }) => `${path}\n`);
  if (configuration.length > 0) writeFileSync(join(control, "conffiles"), configuration.join(""));
  writeFileSync(join(control, "md5sums"), files.map((file) => `${digest(join(tree, file))}  ${file}\n`).join(""));
  for (const script of ["postinst", "prerm", "postrm"]) {
    const source = `deb/${name}.${script}`;
    if (!existsSync(join(root, "packaging", source))) continue;
    writeFileSync(join(control, script), template(source, { REMOVEOWNJOURNAL: removeOwnJournal }), { mode: 0o755 });
  }
  settle(tree, epoch);
  const kind = /^Architecture: (.*)$/m.exec(filled)?.[1];
  const deb = join(out, `${name}_${debVersion}_${kind}.deb`);
  // Level 1 packs node in 5 s to 32 MB; 6 takes 30 s for 27 MB. As many threads as blocks of 3 MiB: their number is in the bytes.
  execFileSync("dpkg-deb", ["--root-owner-group", "-Zxz", "-z1", "--threads-max=2", "--build", tree, deb], {
    env: { ...process.env, SOURCE_DATE_EPOCH: String(epoch) },
    stdio: ["ignore", "ignore", "inherit"],
  });
  return deb;
}

function documents(name: string): Entry[] {
  const overrides = `packaging/deb/${name}.lintian-overrides`;
  const changelog = compressed(template("deb/changelog"));
  return [
    { path: `/usr/share/doc/${name}/changelog.Debian.gz`, mode: 0o644, content: changelog },
    { path: `/usr/share/lintian/overrides/${name}`, mode: 0o644, from: join(root, overrides) },
  ];
}

function filesOf(tree: string): string[] {
  return readdirSync(tree, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => relative(tree, join(file.parentPath, file.name)))
    .sort();
}

function digest(path: string): string {
  return createHash("md5").update(readFileSync(path)).digest("hex");
}

function kibibytes(tree: string, files: readonly string[]): number {
  return files.reduce((sum, file) => sum + Math.ceil(readFileSync(join(tree, file)).length / 1024), 0);
}

/** The packages of the shared libraries that the programs need, with versions, as Debian knows them. */
function libraries(tree: string, files: readonly string[]): string {
  const programs = files.filter((file) => file.startsWith("usr/lib/") && isDynamic(join(tree, file)));
  if (programs.length === 0) return "";
  const folder = join(tree, "debian");
  mkdirSync(folder);
  writeFileSync(join(folder, "control"), "");
  const told = execFileSync("dpkg-shlibdeps", ["-O", "--warnings=0", ...programs.map((file) => join(tree, file))], {
    cwd: tree,
  }).toString();
  rmSync(folder, { recursive: true });
  return told.trim().replace(/^shlibs:Depends=/, "");
}

function isDynamic(path: string): boolean {
  return /\.node$|\/node$/.test(path);
}
