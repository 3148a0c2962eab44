/** What no code expects ends a recorder as every failure does: told in a sentence, with status 1. */
import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

test.each([
  ["a timer", "setTimeout(() => { throw new Error('lost'); })"],
  ["a promise that nobody awaits", "Promise.reject(new Error('lost'))"],
])("an exception of %s is told without a stack", (_, failing) => {
  const folder = mkdtempSync(join(tmpdir(), "rec-command-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const description = join(folder, "launch");
  writeFileSync(description, "1\n0\n0\n0\n\n\n0\nrec\0rec\0");
  const launch = openSync(description, "r");
  const command = join(import.meta.dirname, "command.ts");
  const program = `import { runCommand } from ${JSON.stringify(command)};
    runCommand("rec", () => { ${failing}; return new Promise(() => setTimeout(() => {}, 60_000)); });`;
  const { status, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", program, "x", "3"], {
    stdio: ["ignore", "pipe", "pipe", launch],
    encoding: "utf8",
  });
  closeSync(launch);
  expect(stderr).toMatch(/^rec: internal error: Error: lost \(at [^\n]*\)\n$/);
  expect(status).toBe(1);
});
