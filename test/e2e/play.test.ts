import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Session, until } from "../harness/session.ts";
import { endOf, has, message, program, rec, run, start } from "./play-program.ts";

let folder = "";
let file = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rec-play-"));
  file = join(folder, "recording.log");
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const whole = [
  message({ id: 1, timing: "=80x24>6", out: "hello ", start }),
  message({ id: 2, pos: 20, timing: "=80x24>7+30<1", out: "world\r\n", in: "x" }),
  message({ id: 3, pos: 60, timing: "", end: endOf(3) }),
];

describe("formats", () => {
  test.each([
    [[], "hello world\r\n"],
    [["--format", "raw"], "hello world\r\n"],
    [["--format", "raw-in"], "x"],
    [["--format", "text"], "hello world\n"],
    [["--speed", "4"], "hello world\r\n"],
    [["--goto", "end"], "hello world\r\n"],
    [["--paused"], "hello world\r\n"],
    [["--idle-limit", "0"], "hello world\r\n"],
  ])("%j of a whole recording", async (args, expected) => {
    writeFileSync(file, whole.join(""));
    const { status, stdout, stderr } = await run([...args, file]);
    expect([stdout.toString(), stderr, status]).toEqual([expected, "", 0]);
  });

  test("json is a line for each thing that happened", async () => {
    writeFileSync(file, whole.join(""));
    const { stdout } = await run(["--format", "json", file]);
    const kinds = stdout
      .toString()
      .trimEnd()
      .split("\n")
      .map((line) => (JSON.parse(line) as { kind: string }).kind);
    expect(kinds).toEqual(["head", "window", "output", "output", "input", "end"]);
  });

  test("text of broken escape sequences says nothing on standard error", async () => {
    const out = "a\u001b[5\u65e5\u001b[1;\u202eb\u001bP5\u65e5";
    writeFileSync(file, message({ id: 1, timing: `>${out.length}`, out }));
    const { status, stdout, stderr } = await run(["--format", "text", file]);
    expect([stdout.toString().startsWith("a"), stderr, status]).toEqual([true, "", 0]);
  });

  test("playing takes its time", async () => {
    writeFileSync(file, message({ id: 1, timing: ">1+400>1", out: "ab" }));
    const startMs = performance.now();
    expect((await run([file])).stdout.toString()).toBe("ab");
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(400);
  });
});

describe("sources", () => {
  test("standard input, a pipe", async () => {
    const { stdout, status } = await run(["--format", "raw", "-"], { input: Buffer.from(whole.join("")) });
    expect([stdout.toString(), status]).toEqual(["hello world\r\n", 0]);
  });

  test("standard input, a file", () => {
    writeFileSync(file, whole.join(""));
    const { stdout } = spawnSync("sh", ["-c", `${program} --format raw - < ${file}`]);
    expect(stdout.toString()).toBe("hello world\r\n");
  });

  test("standard input closed is told", () => {
    const { status, stderr } = spawnSync("sh", ["-c", `${program} - <&-`]);
    expect([status, stderr.toString()]).toEqual([1, "rec-play: cannot play standard input: it holds no messages\n"]);
  });

  test("the newest of the recordings folder, an id, and a folder", async () => {
    const recordings = join(folder, "rec-session");
    mkdirSync(recordings);
    const name = (day: number, id: string) => join(recordings, `2026-11-${day}T00-00-00Z_alice_${id}.jsonl`);
    writeFileSync(name(20, "aaaa-1-1"), message({ id: 1, timing: ">3", out: "old", rec: "aaaa-1-1" }));
    writeFileSync(name(21, "aaaa-2-2"), message({ id: 1, timing: ">3", out: "new", rec: "aaaa-2-2" }));
    const env = { XDG_DATA_HOME: folder };
    const shown = async (...args: string[]) => (await run(["--format", "raw", ...args], { env })).stdout.toString();
    expect(await shown()).toBe("new");
    expect(await shown("1-1")).toBe("old");
    expect(await shown("-m", "aaaa-1")).toBe("old");
    expect(await shown(recordings)).toBe("new");
    expect(await shown("--folder-path", recordings, "aaaa-2-2")).toBe("new");
  });

  test("one of several recordings in a file", async () => {
    const ids = ["aaaa-1-1", "bbbb-2-2"];
    writeFileSync(file, ids.map((id) => message({ id: 1, timing: ">8", out: id, rec: id })).join(""));
    const first = await run(["--format", "raw", file]);
    expect([first.stdout.toString(), first.status]).toEqual(["aaaa-1-1", 0]);
    expect(first.stderr).toContain("only the recording aaaa-1-1 was played; --file-match chooses the other: bbbb-2-2");
    for (const part of ["bbbb", "2-2", "bbbb-2-2"]) {
      expect((await run(["--format", "raw", "-m", part, file])).stdout.toString()).toBe("bbbb-2-2");
    }
    const none = await run(["-m", "cccc", file]);
    expect([none.status, none.stderr.split("\n")[0]]).toEqual([
      1,
      `rec-play: cannot find the recording cccc in ${file}: no recording has such an ID`,
    ]);
  });
});

describe("what is missing", () => {
  const cases: [string, string, string[]][] = [
    [
      "the end",
      whole.slice(0, 2).join(""),
      ["the recording stops at 0:00:00.050 (message 2) without its end: it is still running or was cut off"],
    ],
    ["a message", `${whole[0]}${whole[2]}`, ["message 2 is missing, between 0:00:00.000 and 0:00:00.060"]],
    ["a line that is none", `${whole[0]}{"x\n${whole[1]}${whole[2]}`, ["line 2 cannot be used: "]],
    [
      "half of the last line",
      `${whole[0]}${whole[1]}${whole[2]?.slice(0, 40)}`,
      ["line 3 cannot be used: the line is not whole", "without its end"],
    ],
  ];

  test.each(cases)(
    "%s: told, and the status is 3; with --lax it is 0, and missing messages are not told",
    async (_, text, sentences) => {
      writeFileSync(file, text);
      const strict = await run(["--format", "raw", file]);
      const lines = strict.stderr.trimEnd().split("\n");
      expect(lines).toHaveLength(sentences.length);
      for (const [index, sentence] of sentences.entries()) {
        expect(lines[index]).toMatch(`rec-play: ${file}: `);
        expect(lines[index]).toContain(sentence);
      }
      expect(strict.status).toBe(3);
      const lax = await run(["--lax", "--format", "raw", file]);
      const others = strict.stderr.replace(/^.* missing, between .*\n/m, "");
      expect([lax.status, lax.stderr, lax.stdout.toString()]).toEqual([0, others, strict.stdout.toString()]);
    },
  );
});

describe("failures", () => {
  const cases: [string, () => string[], number, string][] = [
    ["a text file", () => ["/etc/passwd"], 1, "cannot play /etc/passwd: line 1: "],
    ["an empty file", () => [file], 1, "it holds no messages"],
    ["a missing file", () => [join(folder, "no.log")], 1, "no such file or directory"],
    ["a folder given as a file", () => ["-i", folder], 1, "is a directory"],
    ["a folder without recordings", () => [folder], 1, "there is none"],
    ["an unknown id", () => ["--folder-path", folder, "abc"], 1, "cannot find the recording abc"],
    ["two recordings", () => [file, file], 2, "only one recording can be played"],
    ["a wrong time", () => ["-g", "tomorrow", file], 2, "cannot go to tomorrow"],
    ["a wrong format", () => ["--format", "gif", file], 2, "gif"],
    ["a part of what is printed whole", () => ["--format", "text", "-g", "-30", file], 2, "--goto"],
    ["an end of what is only told about", () => ["--info", "--until", "1:30", file], 2, "--until"],
    ["a name with an escape sequence", () => ["/no/\u001b[31m"], 1, "/no/\\x1b[31m"],
  ];

  test.each(cases)("%s", async (_, args, status, sentence) => {
    writeFileSync(file, "");
    const outcome = await run(args());
    expect(outcome.stderr).toContain(sentence);
    expect(outcome.stderr).toMatch(/^rec-play: /);
    expect(outcome.stderr).not.toContain("\u001b");
    expect([outcome.status, outcome.stdout.length]).toEqual([status, 0]);
  });

  test("a full disk", () => {
    writeFileSync(file, whole.join(""));
    const { status, stderr } = spawnSync("sh", ["-c", `${program} --format raw ${file} > /dev/full`]);
    expect([status, stderr.toString()]).toEqual([
      1,
      "rec-play: cannot write standard output: no space left on device\n",
    ]);
  });

  test.each(["raw", "json", "text"])("a reader of %s that leaves is no failure", (format) => {
    const line = "0123456789abcdef".repeat(2000);
    const lines = Array.from({ length: 200 }, (_, i) =>
      message({ id: i + 1, timing: `>${line.length + 1}`, out: `${line}\n` }),
    );
    writeFileSync(file, lines.join(""));
    const { stderr, stdout } = spawnSync("bash", [
      "-c",
      `${program} --format ${format} ${file} | head -c 10; echo " \${PIPESTATUS[0]}"`,
    ]);
    expect([stdout.toString().slice(-2), stderr.toString()]).toEqual(["0\n", ""]);
  });
});

describe("signals", () => {
  test.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)("%s ends it as it is", async (signal) => {
    writeFileSync(file, message({ id: 1, timing: ">1+600000>1", out: "ab" }));
    const child = spawn(program, [file], { stdio: ["ignore", "pipe", "inherit"] });
    await new Promise((resolve) => child.stdout.once("data", resolve));
    child.kill(signal);
    expect(await new Promise((resolve) => child.on("close", (_, ended) => resolve(ended)))).toBe(signal);
  });

  test("without keys it waits without using the processor", async () => {
    writeFileSync(file, message({ id: 1, timing: ">1+600000>1", out: "ab" }));
    const session = new Session({ args: [program, file], stdio: ["pipe", "pipe", "pipe"] });
    session.endStdin();
    await until(() => session.stdout?.content.toString() === "a", "the first letter");
    await session.idles();
  });
});

describe.skipIf(!has("tlog-rec"))("recordings of tlog-rec", () => {
  const programs: [string, string][] = [
    ["lines", "seq 1 20000"],
    [
      "bytes that are no text",
      "printf 'A\\377\\300\\200B\\355\\240\\200C\\357\\277\\275D\\000E\\177\\033[0m\\360\\237'",
    ],
    ["split characters", "printf '\\360\\237'; sleep 0.1; printf '\\230\\200 \\342\\202'"],
    ["every byte", "perl -e 'print pack(\"C*\", map { ($_ * 7) % 256 } 0..65535)'"],
  ];

  test.each(programs)("%s come back exactly", (_, command) => {
    const log = join(folder, "tlog.log");
    const output = join(folder, "output");
    // Through cat: tlog-rec has its output the same as the program's only where that is not a terminal.
    const recorded = spawnSync(
      "sh",
      ["-c", `touch /run/utmp; tlog-rec -o ${log} -- sh -c "$1" </dev/null | cat > ${output}`, "-", command],
      {
        env: { ...process.env, LANG: "C.UTF-8", LC_ALL: "C.UTF-8" },
      },
    );
    expect(recorded.stderr.toString()).toBe("");
    const { stdout, stderr, status } = spawnSync(program, ["--format", "raw", log], { maxBuffer: 1 << 26 });
    expect(stdout.equals(readFileSync(output))).toBe(true);
    expect([stderr.toString(), status]).toEqual(["", 0]);
  });
});

test("its recording id is the one in the file", async () => {
  writeFileSync(file, whole.join(""));
  const { stdout } = await run(["--format", "json", file]);
  expect(JSON.parse(stdout.toString().split("\n")[0] ?? "")).toMatchObject({ kind: "head", rec, user: "alice" });
});
