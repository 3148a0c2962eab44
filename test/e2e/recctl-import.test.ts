/** recctl import: what becomes of the recordings of other programs, and what is refused. */
import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  cpSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { goldenImports, goldenPath } from "../harness/imported.ts";
import { root, temporaryFolder } from "../harness/recorder.ts";
import { run } from "./play-program.ts";

const recctl = join(root, "bin/recctl");

function imported(folder: string, ...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(recctl, ["import", "--folder-path", folder, ...args], { env: {} });
  return { status, stdout: stdout.toString(), stderr: stderr.toString() };
}

function pathsOf(name: string): string[] {
  if (!name.startsWith("script")) return [goldenPath(name)];
  const names = readdirSync(goldenPath(name)).includes("input") ? ["--log-in", goldenPath(`${name}/input`)] : [];
  return [...names, goldenPath(`${name}/timing`), goldenPath(`${name}/typescript`)];
}

/** What a golden recording showed, by what its own format says. */
function shownBy(name: string): string {
  const text = (path: string): string => readFileSync(goldenPath(path), "latin1");
  const plain = text("sudo-plain/ttyout");
  if (name === "sudo-pipes") return "piped\nerror\n";
  if (name.endsWith("v2.cast")) {
    const events = readFileSync(goldenPath(name), "utf8").trimEnd().split("\n").slice(1);
    const data = events.map((line) => JSON.parse(line) as [number, string, string]).filter(([, code]) => code === "o");
    return Buffer.from(data.map(([, , shown]) => shown).join("")).toString("latin1");
  }
  if (!name.endsWith(".cast")) return plain;
  return Buffer.from(
    name.endsWith("v1.cast")
      ? '\u001b[1;31mHello \u001b[32mWorld!\u001b[0m\ngröße "quoted" [not, an, array] \\I am \rThis is on the next line.'
      : "\u001b[1;31mHello \u001b[32mWorld!\u001b[0m\nThat was ok\rThis is better.Bye!😀",
  ).toString("latin1");
}

describe.each(goldenImports)("%s", (name) => {
  test("is played byte by byte as it was shown, from the folder and as it is", async () => {
    const folder = temporaryFolder();
    const { status, stdout } = imported(folder, ...pathsOf(name));
    expect(status).toBe(0);
    const [id = ""] = stdout.split(" ");
    const played = await run(["--format", "raw", "--folder-path", folder, id]);
    expect([played.status, played.stderr]).toEqual([0, ""]);
    expect(played.stdout.toString("latin1")).toBe(shownBy(name));
    if (name.startsWith("script")) return;
    const direct = await run(["--format", "raw", goldenPath(name)]);
    expect([direct.status, direct.stdout.toString("latin1")]).toEqual([0, shownBy(name)]);
  });
});

test("its information tells where it is from, and what nobody told", async () => {
  const folder = temporaryFolder();
  imported(folder, goldenPath("asciicast-v2.cast"));
  const { stdout } = await run(["--info", folder]);
  expect(stdout.toString()).toMatch(/^id: +import-[0-9a-f]{32}\n/);
  expect(stdout.toString()).toMatch(/\nimported from: +asciicast v2, asciicast-v2\.cast, on \d{4}-/);
  expect(stdout.toString()).toMatch(/\nnot told there: +user, host, command, directory\n/);
  expect(stdout.toString()).toMatch(/\nend: +not told\n/);
});

test("the same again is not imported twice, under any name", () => {
  const folder = temporaryFolder();
  const copy = join(temporaryFolder(), "copy.cast");
  copyFileSync(goldenPath("asciicast-v1.cast"), copy);
  const first = imported(folder, goldenPath("asciicast-v1.cast"));
  const [id] = first.stdout.split(" ");
  expect(imported(folder, copy)).toEqual({
    status: 0,
    stdout: "",
    stderr: `recctl: ${copy}: imported before, as ${id}\n`,
  });
  expect(readdirSync(folder)).toHaveLength(1);
});

test("a folder that is no log of sudo is refused by its name, and the others go on", () => {
  const folder = temporaryFolder();
  const { status, stdout, stderr } = imported(folder, folder, goldenPath("sudo-plain"));
  expect([status, stdout]).toEqual([1, expect.stringMatching(/^import-\S+ \S+sudo-plain\n$/)]);
  expect(stderr).toContain(`recctl: cannot import ${folder}: it is a folder, and no log of sudo: name what is in it\n`);
});

test("a part is missing: what is there is imported, and both the import and the recording say so", async () => {
  const folder = temporaryFolder();
  const source = join(temporaryFolder(), "log");
  cpSync(goldenPath("sudo-compressed"), source, { recursive: true });
  truncateSync(join(source, "ttyout"), 60);
  const { status, stdout, stderr } = imported(folder, source);
  expect(status).toBe(3);
  expect(stderr).toMatch(/line \d of timing cannot be used: \d+ bytes of ttyout are missing: its compressed data is/);
  const played = await run(["--format", "text", "--folder-path", folder, stdout.split(" ")[0] ?? ""]);
  expect(played.status).toBe(3);
  expect(played.stderr).toContain("bytes of ttyout are missing");
});

test("a link in a sudo log is not followed", () => {
  const source = join(temporaryFolder(), "log");
  cpSync(goldenPath("sudo-plain"), source, { recursive: true });
  rmSync(join(source, "ttyout"));
  symlinkSync("/etc/passwd", join(source, "ttyout"));
  const { status, stderr } = imported(temporaryFolder(), source);
  expect([status, stderr]).toEqual([1, expect.stringContaining("cannot read")]);
});

test("what cannot be imported does not keep the rest", () => {
  const folder = temporaryFolder();
  const { status, stdout, stderr } = imported(folder, "/nonexistent", "/etc/passwd", goldenPath("ttyrec.ttyrec"));
  expect(status).toBe(1);
  expect(stderr).toContain("cannot read /nonexistent: no such file or directory\n");
  expect(stderr).toContain("cannot import passwd: line 1: ");
  expect(stdout).toMatch(/^import-[0-9a-f]{32} .*ttyrec\.ttyrec\n$/);
  expect(readdirSync(folder)).toHaveLength(1);
});

test("--output writes one recording, and replaces nothing without --force", () => {
  const path = join(temporaryFolder(), "x.jsonl");
  const cast = goldenPath("asciicast-v3.cast");
  const write = (...more: readonly string[]) => spawnSync(recctl, ["import", cast, "-o", path, ...more], { env: {} });
  expect(write().status).toBe(0);
  const refused = write();
  expect([refused.status, refused.stderr.toString().split("\n")[0]]).toEqual([
    1,
    `recctl: cannot write ${path}: it is there already`,
  ]);
  expect(write("--force").status).toBe(0);
  expect(readdirSync(join(path, ".."))).toEqual(["x.jsonl"]);
});

test("names that a terminal would obey are escaped", async () => {
  const folder = temporaryFolder();
  const path = join(temporaryFolder(), "\u001b[2J\u202e.cast");
  writeFileSync(
    path,
    '{"version": 2, "width": 80, "height": 24, "command": "\\u001b[31m", "title": "\\u009b"}\n[0, "m", ""]\nx\n',
  );
  const { status, stdout, stderr } = imported(folder, path);
  expect(status).toBe(3);
  const info = (await run(["--info", folder])).stdout.toString();
  for (const text of [stdout, stderr, info]) expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
  expect(stdout).toContain("\\x1b[2J\\u202e.cast");
});

describe("from standard input", () => {
  const from = (folder: string, input: Uint8Array, ...args: readonly string[]) => {
    const words = ["import", "--folder-path", folder, ...args];
    const { status, stdout, stderr } = spawnSync(recctl, words, { env: {}, input });
    return { status, stdout: stdout.toString(), stderr: stderr.toString() };
  };

  test.each(["asciicast-v1.cast", "asciicast-v2.cast", "ttyrec.ttyrec", "../hello/recording.jsonl"])(
    "%s is the recording that its file is",
    (name) => {
      const folder = temporaryFolder();
      const { status, stdout } = from(folder, readFileSync(goldenPath(name)), "-");
      expect(status).toBe(0);
      const [rec] = stdout.split(" ");
      expect(stdout).toBe(`${rec} standard input\n`);
      expect(readFileSync(join(folder, readdirSync(folder)[0] ?? ""), "utf8")).toContain('"file":"standard input"');
      if (name.startsWith("..")) return;
      expect(imported(folder, goldenPath(name)).stderr).toContain(`imported before, as ${rec}`);
    },
  );

  test("a typescript beside its timing, and compressed bytes", () => {
    const folder = temporaryFolder();
    const typescript = readFileSync(goldenPath("script-classic/typescript"));
    expect(from(folder, typescript, "-", goldenPath("script-classic/timing"))).toMatchObject({ status: 0, stderr: "" });
    const cast = gzipSync(readFileSync(goldenPath("asciicast-v3.cast")));
    expect(from(folder, cast, "-").status).toBe(0);
    expect(readdirSync(folder)).toHaveLength(2);
  });

  test.each<[string, string[], string]>([
    ["", ["-"], "standard input"],
    ["hello\n", ["-"], "standard input"],
    ["x", ["-", "-"], "standard input (-) can be imported once"],
    ["x", ["--format", "sudo", "-"], "a log of sudo is a folder"],
  ])("%j by %j is refused", (input, args, sentence) => {
    const folder = temporaryFolder();
    const { status, stdout, stderr } = from(folder, Buffer.from(input), ...args);
    expect([status === 0, stdout]).toEqual([false, ""]);
    expect(stderr).toContain(sentence);
    expect(stderr).not.toContain("/proc/");
    expect(readdirSync(folder)).toEqual([]);
  });
});
