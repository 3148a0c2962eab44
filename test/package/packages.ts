/** The packages that `npm run package` makes, and what is in them. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const root = dirname(dirname(import.meta.dirname));
const folder = join(root, "build/packages");

/** Why no packages can be made here; undefined where they can. */
export const packagingMissing: string | undefined = ((): string | undefined => {
  const tools = ["dpkg-deb", "dpkg-shlibdeps", "rpmbuild", "rpm2cpio", "cpio", "lintian", "strip"];
  const missing = tools.filter((tool) => !existsSync(`/usr/bin/${tool}`));
  return missing.length === 0 ? undefined : `${missing.join(", ")} not installed`;
})();

/** Vitest's, once before all files. */
export function setup(): void {
  if (packagingMissing !== undefined) return;
  execFileSync(process.execPath, [join(root, "scripts/package.ts")], { stdio: ["ignore", "ignore", "inherit"] });
}

/** The path of the one package of that name, "rec-session" or "rec-session-tlog", and kind. */
export function packageFile(name: string, kind: "deb" | "rpm"): string {
  const found = readdirSync(folder).filter((file) => new RegExp(`^${name}[_-]\\d.*\\.${kind}$`).test(file));
  if (found.length !== 1) throw new Error(`${folder} holds ${found.length} ${kind} of ${name}`);
  return join(folder, found[0] as string);
}

/** A folder with what the package holds. */
export function unpacked(file: string): string {
  const to = mkdtempSync(join(tmpdir(), "rec-package-"));
  if (file.endsWith(".deb")) execFileSync("dpkg-deb", ["--extract", file, to]);
  else execFileSync("sh", ["-c", 'rpm2cpio "$1" | cpio -idm --quiet', "sh", file], { cwd: to });
  return to;
}

/** Each path with its mode, owner and what it links to, as the package says. */
export function listed(file: string): Map<string, string> {
  const lines = file.endsWith(".deb")
    ? execFileSync("dpkg-deb", ["--contents", file]).toString().split("\n")
    : execFileSync("rpm", ["-qlvp", file]).toString().split("\n");
  return new Map(
    lines.flatMap((line) => {
      const found = /^(\S+)\s+(?:\d+\s+(\S+)\s+(\S+)|(\S+)\/(\S+))\s.*? \.?(\/.*?)\/?(?: -> (.*))?$/.exec(line);
      if (found === null || found[6] === "") return [];
      const [, mode, rpmUser, rpmGroup, debUser, debGroup, path, target] = found;
      return [[path as string, [mode, rpmUser ?? debUser, rpmGroup ?? debGroup, target].join(" ").trim()]];
    }),
  );
}
