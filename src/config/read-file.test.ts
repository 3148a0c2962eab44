import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { maxBytes } from "./jsonc.ts";
import { readConfigurationFile } from "./read-file.ts";

const folder = mkdtempSync(join(tmpdir(), "rec-config-"));
afterAll(() => rmSync(folder, { recursive: true }));

function path(name: string, content?: string | Uint8Array): string {
  const full = join(folder, name);
  if (content !== undefined) writeFileSync(full, content);
  return full;
}

test("the text of a file", () => {
  expect(readConfigurationFile(path("good", '{"é": 1}'))).toBe('{"é": 1}');
  expect(readConfigurationFile(path("empty", ""))).toBe("");
});

test("undefined for a file that is absent", () => {
  expect(readConfigurationFile(path("absent"))).toBeUndefined();
  expect(readConfigurationFile(path("no/folder"))).toBeUndefined();
});

test("anything else is an error, and a FIFO does not hold it", () => {
  execFileSync("mkfifo", [path("fifo")]);
  const cases: readonly [path: string, why: string][] = [
    [folder, "is a directory"],
    [path("fifo"), "not a regular file"],
    ["/dev/zero", "not a regular file"],
    [join(path("good"), "x"), "not a directory"],
    [path("large", new Uint8Array(maxBytes + 1)), "larger than 1048576 bytes"],
    [path("latin1", new Uint8Array([0x7b, 0xe9])), "not UTF-8"],
  ];
  for (const [file, why] of cases) {
    const message = `cannot read the configuration ${file}: ${why}`;
    expect(() => readConfigurationFile(file)).toThrow(expect.objectContaining({ code: "REC_CONFIG_READ", message }));
  }
});
