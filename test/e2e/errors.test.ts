/** What goes wrong is told in one sentence, with a remedy where there is one, and nothing runs unrecorded. */
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readRecording, rec, root, run, temporaryFolder } from "../harness/recorder.ts";
import { block, plainEnvironment } from "../harness/session.ts";

/** The program of these tests leaves a trace when it runs at all. */
async function attempt(options: (folder: string) => readonly string[], environment: Record<string, string> = {}) {
  const folder = temporaryFolder();
  const ran = join(folder, "ran");
  const args = [rec, ...options(folder), "touch", ran];
  const outcome = await run(args, { environment: block({ ...plainEnvironment, HOME: folder, ...environment }) });
  return { ...outcome, folder, hasRun: existsSync(ran) };
}

/** One sentence, at most one remedy, no stack, no control characters. */
function expectSentence(stderr: string, start: string | RegExp): void {
  const lines = stderr.split("\n");
  expect(lines.pop()).toBe("");
  expect(lines.length, stderr).toBeLessThanOrEqual(2);
  expect(lines[0]).toMatch(start);
  expect(stderr).not.toMatch(/\n\s+at |internal error|[\x00-\x09\x0b-\x1f\x7f]/);
}

describe("the configuration", () => {
  test.each([
    ["a list", "[]"],
    ["a number", "5"],
    ["a string", '"x"'],
    ["nothing", ""],
    ["an unclosed comment", '{"latency": 1 /* here'],
    ["half an object", '{"latency":'],
    ["a wrong type", '{"latency": "soon"}'],
    ["a value out of bounds", '{"payload": 1}'],
    ["an unknown option", '{"latencies": 1}'],
    ["control characters", '{"\u001b[2J": 1}'],
    ["a sharp comment", "# x"],
  ])("%s is refused", async (_, text) => {
    const { exit, stderr, hasRun } = await attempt((folder) => ["-o", join(folder, "r")], { REC_CONF_TEXT: text });
    expectSentence(stderr, /^rec: cannot (read|use) the configuration REC_CONF_TEXT: /);
    expect({ exit, hasRun }).toEqual({ exit: 1, hasRun: false });
  });

  test("a file that is missing, a folder, unreadable text: told by its name", async () => {
    for (const path of ["/nonexistent", "/tmp", "/bin/true"]) {
      const { exit, stderr, hasRun } = await attempt(() => ["-w", "none"], { REC_CONF_FILE: path });
      expectSentence(stderr, `rec: cannot read the configuration ${path}: `);
      expect({ exit, hasRun }).toEqual({ exit: 1, hasRun: false });
    }
  });
});

describe("the command line", () => {
  test.each([
    ["an unknown option", ["--no-such-option"]],
    ["an unknown letter", ["-Z"]],
    ["an argument that is another word", ["--latency"]],
    ["a value out of bounds", ["--latency=0"]],
    ["an unknown writer", ["-w", "stone"]],
    ["an unknown policy", ["--buffer-policy=hope"]],
    ["control characters", ["--\u001b[2J"]],
  ])("%s is wrong usage", async (_, options) => {
    const { exit, stderr, stdout, hasRun } = await attempt(() => options);
    expectSentence(stderr, /^rec: /);
    expect({ exit, hasRun, stdout: stdout.toString() }).toEqual({ exit: 2, hasRun: false, stdout: "" });
  });

  test.each(["--help", "--version", "--configuration"])("%s prints and runs nothing", async (option) => {
    const { exit, stdout, stderr, hasRun } = await attempt(() => [option]);
    expect({ exit, stderr, hasRun }).toEqual({ exit: 0, stderr: "", hasRun: false });
    expect(stdout.length).toBeGreaterThan(4);
  });
});

describe("the medium", () => {
  test.each([
    ["a folder as the file", (folder: string) => ["-o", folder], /^rec: cannot open \/.*: is a directory$/],
    [
      "a folder that is missing",
      (folder: string) => ["-o", `${folder}/no/r`],
      /^rec: cannot open \/.*: no such file or directory$/,
    ],
    ["a full device", () => ["-o", "/dev/full"], /^rec: cannot write \/dev\/full: no space left on device$/],
    [
      "a file in the recordings folder's place",
      () => ["--folder-path", "/dev/null/x"],
      /^rec: cannot create the recordings folder \/dev\/null\/x: not a directory$/,
    ],
    ["control characters in a path", () => ["-o", "/no\u001b[2J/x"], /^rec: cannot open \/no\\x1b\[2J\/x: /],
  ])("%s: nothing runs unrecorded", async (_, options, sentence) => {
    const { exit, stderr, hasRun } = await attempt(options);
    expectSentence(stderr, sentence);
    expect({ exit, hasRun }).toEqual({ exit: 1, hasRun: false });
  });

  test("a recordings folder that may not be written", async (ctx) => {
    const folder = temporaryFolder();
    chmodSync(folder, 0o555);
    const args = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", rec, "--folder-path", folder, "true"];
    if (process.getuid?.() !== 0) ctx.skip("needs root, to be another user");
    const { exit, stderr } = await run(args, { path: "/usr/bin/setpriv" });
    expectSentence(stderr, `rec: cannot open ${folder}/`);
    expect(stderr).toContain("permission denied");
    expect(exit).toBe(1);
  });

  test("no HOME: told what to name", async () => {
    const { exit, stderr } = await run([rec, "true"], { environment: block({ PATH: "/bin" }) });
    expectSentence(stderr, /no recordings folder.*--folder-path/);
    expect(exit).toBe(2);
  });

  test("one of two media fails at the start: nothing runs", async () => {
    const { exit, hasRun } = await attempt((folder) => [
      "-w",
      "folder,file",
      "-o",
      "/dev/full",
      "--folder-path",
      join(folder, "all"),
    ]);
    expect({ exit, hasRun }).toEqual({ exit: 1, hasRun: false });
  });

  test("the recordings folder and the file are the user's alone", async () => {
    const { folder, exit } = await attempt(() => []);
    expect(exit).toBe(0);
    const recordings = join(folder, ".local/share/rec-session");
    expect(statSync(recordings).mode & 0o777).toBe(0o700);
    const [name = ""] = readdirSync(recordings);
    expect(name).toMatch(/^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ_\w+_[0-9a-f]+-[0-9a-f]+-[0-9a-f]+\.jsonl$/);
    expect(statSync(join(recordings, name)).mode & 0o777).toBe(0o600);
    expect(readRecording(join(recordings, name)).end?.exit).toBe(0);
  });

  test("several recordings append to one file, each whole; half a line left by another is ended first", async () => {
    const folder = temporaryFolder();
    const file = join(folder, "all.jsonl");
    writeFileSync(file, '{"ver":"2.3","host":"half');
    const outcomes = await Promise.all(
      [1, 2, 3].map((n) => run([rec, "-o", file, "--payload=100", "sh", "-c", `seq ${n}0000 ${n}1000; exit ${n}`])),
    );
    expect(outcomes.map(({ exit }) => exit)).toEqual([1, 2, 3]);
    // Those that begin at one moment all see half a line, and end it.
    const lines = readFileSync(file, "utf8")
      .split("\n")
      .filter((line) => line !== "");
    const ids = new Set(lines.slice(1).map((line) => (JSON.parse(line) as { rec: string }).rec));
    expect(ids.size).toBe(3);
    for (const id of ids) {
      const recorded = readRecording(file, id);
      expect(recorded.gaps).toEqual([]);
      const first = 10_000 * (recorded.end?.exit ?? 0);
      expect(recorded.output.toString()).toBe(Array.from({ length: 1001 }, (_, i) => `${first + i}\n`).join(""));
    }
  });

  test("file and folder at once hold the same", async () => {
    const { folder, exit } = await attempt((f) => [
      "-w",
      "file,folder",
      "-o",
      join(f, "one"),
      "--folder-path",
      join(f, "all"),
    ]);
    expect(exit).toBe(0);
    const [name = ""] = readdirSync(join(folder, "all"));
    expect(readFileSync(join(folder, "all", name)).equals(readFileSync(join(folder, "one")))).toBe(true);
  });
});

test("a recorder's script run without its launcher tells what to do", async () => {
  const built = join(root, "build");
  const { exit, stderr } = await run([join(built, "node"), join(built, "start.cjs"), "99", "rec"]);
  expect(exit).toBe(1);
  expectSentence(stderr, /^rec: cannot start/);
});

describe("a limit that would not let it start", () => {
  const environment = block({ ...plainEnvironment, BIG: "x".repeat(30_000) });
  const link = (name: string): string => {
    const path = join(temporaryFolder(), name);
    symlinkSync(rec, path);
    return path;
  };

  test("of what the launcher may hand over, where the signal of that is ignored: refused, not cut short", async () => {
    const { exit, stderr } = await run(
      ["/bin/bash", "-c", `trap '' XFSZ; ulimit -f 8; exec "$@"`, "bash", rec, "-w", "none", "--", "true"],
      { environment },
    );
    expectSentence(stderr, "rec: cannot start: node: its files (ulimit -Hf) are limited to less than 16 MiB");
    expect(exit).toBe(1);
  });

  test.each(["rec-play", "recctl", "tlog-rec", "rec-session"])("%s tells it by its own name", async (name) => {
    const { exit, stderr } = await run(["/bin/bash", "-c", `ulimit -v 500000; exec "$@"`, "bash", link(name)], {
      environment,
    });
    expectSentence(stderr, `${name}: cannot start: node: its address space`);
    expect(exit).toBe(1);
  });
});
