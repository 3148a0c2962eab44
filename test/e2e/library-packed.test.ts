/** The library as npm packs it, in a project that has nothing else: it runs there, and compiles however modules are found. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { root } from "../harness/recorder.ts";

const tsc = join(root, "node_modules/typescript/bin/tsc");

describe("what npm packs", () => {
  const project = mkdtempSync(join(tmpdir(), "rec-packed-"));
  const program = `import { catalog, decode, openRecording } from "rec-session";
import { Emulator } from "rec-session/emulator";
import { RecError } from "rec-session/format";
const emulator: Emulator = Emulator.open();
for await (const item of decode(["{}"])) console.log(item.kind, emulator.rows);
await openRecording("nowhere").catch((error: unknown) => console.log(error instanceof RecError && error.code));
console.log(typeof catalog.list);
`;

  beforeAll(() => {
    const words = ["pack", "--ignore-scripts", "--silent", "--pack-destination", project];
    const name = execFileSync("npm", words, { cwd: root, stdio: ["ignore", "pipe", "ignore"] })
      .toString()
      .trim();
    const modules = join(project, "node_modules/rec-session");
    mkdirSync(modules, { recursive: true });
    execFileSync("tar", ["xzf", join(project, name), "--strip-components", "1", "-C", modules]);
    writeFileSync(join(project, "package.json"), JSON.stringify({ type: "module" }));
    writeFileSync(join(project, "program.ts"), program);
  });
  afterAll(() => rmSync(project, { recursive: true }));

  test("runs alone, without any other package", () => {
    const { stdout, stderr } = spawnSync(process.execPath, ["--no-warnings", "program.ts"], { cwd: project });
    expect([stdout.toString(), stderr.toString()]).toEqual(["bad 24\nREC_FILE_READ\nfunction\n", ""]);
  });

  test.each([
    ["node16", "node16"],
    ["nodenext", "nodenext"],
    ["esnext", "bundler"],
    ["preserve", "bundler"],
  ])("compiles as module %s, found as %s", (module, moduleResolution) => {
    const compilerOptions = { module, moduleResolution, target: "es2022", strict: true, noEmit: true };
    const options = { ...compilerOptions, lib: ["es2024"], skipLibCheck: false, types: [] };
    const spoilt = `${program}openRecording(1);\nconsole.log(1);`;
    writeFileSync(join(project, "spoilt.ts"), spoilt);
    for (const [file, errors] of [
      ["program.ts", 0],
      ["spoilt.ts", 1],
    ] as const) {
      const config = JSON.stringify({ compilerOptions: options, files: [file, "console.d.ts"] });
      writeFileSync(join(project, "console.d.ts"), "declare const console: { log(...words: unknown[]): void };");
      writeFileSync(join(project, "tsconfig.json"), config);
      const { stdout } = spawnSync(process.execPath, [tsc, "--project", project], { cwd: project });
      expect(stdout.toString().match(/error TS\d+.*/g) ?? []).toHaveLength(errors);
    }
  });
});
