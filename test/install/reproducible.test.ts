import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { packagingMissing } from "../package/packages.ts";

const root = dirname(dirname(import.meta.dirname));

test("another build of the same sources, elsewhere and later, makes the same packages", (context) => {
  if (packagingMissing !== undefined) context.skip(packagingMissing);
  const copy = mkdtempSync(join(tmpdir(), "rec-copy-"));
  try {
    execFileSync(
      "sh",
      ["-c", 'git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents -dt "$1"', "sh", copy],
      { cwd: root },
    );
    execFileSync("cp", ["-r", "--reflink=auto", join(root, "node_modules"), copy]);
    const committed = execFileSync("git", ["log", "-1", "--format=%ct"], { cwd: root }).toString().trim();
    const env = { ...process.env, SOURCE_DATE_EPOCH: committed, TZ: "Pacific/Auckland" };
    for (const script of ["build", "package"]) {
      execFileSync("sh", ["-c", `umask 027; exec "$0" scripts/${script}.ts`, process.execPath], {
        cwd: copy,
        env,
        stdio: "ignore",
      });
    }
    expect(digests(join(copy, "build/packages"))).toEqual(digests(join(root, "build/packages")));
  } finally {
    rmSync(copy, { recursive: true });
  }
});

function digests(folder: string): [name: string, sha256: string][] {
  const hash = (name: string) =>
    createHash("sha256")
      .update(readFileSync(join(folder, name)))
      .digest("hex");
  return readdirSync(folder)
    .sort()
    .map((name) => [name, hash(name)]);
}
