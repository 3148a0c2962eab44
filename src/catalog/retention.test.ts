import { spawn } from "node:child_process";
import {
  lchownSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { formatRecordingName } from "./name.ts";
import { RetainedFolder, type RetentionPolicy } from "./retention.ts";

const nowMs = Date.now();
const day = 24 * 3600 * 1000;
const boot = "0123456789abcdef0123456789abcdef";

function temporaryFolder(): string {
  const path = mkdtempSync(join(tmpdir(), "rec-retention-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

function text(rec: string, user: string, startedMs: number, hasEnd = true): string {
  const identity = { ver: "2.3", host: "vm", rec, user, term: "xterm", session: 1 };
  const data = { time: startedMs / 1000, timing: "", in_txt: "", in_bin: [], out_txt: "", out_bin: [] };
  const start = { command: ["sh"], cwd: "/", tty: null, peer: null };
  const end = { exit: 0, signal: null, in: 0, out: 7, duration: 1000, messages: 2 };
  const lines = [
    { ...identity, id: 1, pos: 0, ...data, start },
    ...(hasEnd ? [{ ...identity, id: 2, pos: 1000, ...data, end }] : []),
  ];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}

/** A recording that ended so many days ago, of 1000 bytes. */
function add(folder: string, pid: number, user: string, days: number, hasEnd = true): string {
  const rec = `${boot}-${pid}-1`;
  const startedMs = nowMs - days * day - 1000;
  const path = join(folder, formatRecordingName({ startedMs, user, rec }));
  const content = text(rec, user, startedMs, hasEnd);
  writeFileSync(path, content.replace('"timing":""', `"timing":"${" ".repeat(Math.max(0, 1000 - content.length))}"`));
  utimesSync(path, (nowMs - days * day) / 1000, (nowMs - days * day) / 1000);
  return path;
}

async function open(path: string): Promise<RetainedFolder> {
  const folder = await RetainedFolder.open(path, nowMs);
  onTestFinished(() => folder.close());
  return folder;
}

const pidOf = (rec: string): number => Number(rec.split("-")[1]);

describe("what a policy lets go, oldest first", () => {
  test.each<[Omit<RetentionPolicy, "keptUsers"> & { keptUsers?: string[] }, number[], number]>([
    [{ beforeMs: nowMs - 25 * day }, [4, 3], 0],
    [{ beforeMs: nowMs - 90 * day }, [], 0],
    [{ maxBytes: 4000 }, [], 0],
    [{ maxBytes: 3999 }, [4], 0],
    [{ maxBytes: 0 }, [4, 3, 2, 1], 0],
    [{ maxBytes: 1500, keptUsers: ["bob"] }, [3, 1], 500],
    [{ beforeMs: nowMs - 35 * day, maxBytes: 3000 }, [4], 0],
    [{ beforeMs: nowMs - 35 * day, maxBytes: 2000 }, [4, 3], 0],
  ])("%j", async (policy, pids, over) => {
    const path = temporaryFolder();
    for (const pid of [3, 1, 4, 2]) add(path, pid, pid % 2 === 0 ? "bob" : "alice", pid * 10);
    const folder = await open(path);
    const chosen = folder.choose({ keptUsers: [], ...policy });
    expect([chosen.leaving.map(({ recording }) => pidOf(recording.rec)), chosen.over]).toEqual([pids, over]);
    for (const stored of chosen.leaving) expect(folder.remove(stored)).toBeNull();
    expect(readdirSync(path)).toHaveLength(4 - pids.length);
  });
});

test("only what is named as a recording, and holds it, is one; no link is followed", async () => {
  const path = temporaryFolder();
  const outside = temporaryFolder();
  const victim = add(outside, 7, "root", 99);
  symlinkSync(victim, join(path, formatRecordingName({ startedMs: 1e12, user: "root", rec: `${boot}-7-1` })));
  linkSync(victim, join(path, formatRecordingName({ startedMs: 1e12, user: "root", rec: `${boot}-8-1` })));
  writeFileSync(join(path, formatRecordingName({ startedMs: 1e12, user: "x", rec: `${boot}-9-1` })), "notes\n");
  writeFileSync(join(path, "all.jsonl"), readFileSync(victim));
  writeFileSync(join(path, "notes.txt"), "notes");
  mkdirSync(join(path, formatRecordingName({ startedMs: 1e12, user: "x", rec: `${boot}-10-1` })));
  const folder = await open(path);
  expect(folder.recordings).toEqual([]);
});

test("what is exchanged after the listing stays, and what it was exchanged for", async () => {
  const path = temporaryFolder();
  const outside = add(temporaryFolder(), 2, "root", 99);
  const files = [1, 2, 3].map((pid) => add(path, pid, "alice", 50));
  const folder = await open(path);
  renameSync(files[0] as string, join(path, "kept"));
  symlinkSync(outside, files[0] as string);
  rmSync(files[1] as string);
  expect(folder.recordings.map((stored) => folder.remove(stored))).toEqual([
    "another file has its name now",
    "no such file or directory",
    null,
  ]);
  expect(readFileSync(outside).length).toBeGreaterThan(0);
  expect(readdirSync(path).toSorted()).toEqual([files[0]?.split("/").at(-1), "kept"].toSorted());
});

test("the folder is the one that was opened, whatever its path leads to later", async () => {
  const path = temporaryFolder();
  const other = temporaryFolder();
  mkdirSync(join(path, "r"));
  const inside = add(join(path, "r"), 1, "alice", 50);
  const folder = await open(join(path, "r"));
  renameSync(join(path, "r"), join(path, "old"));
  const victim = join(other, inside.slice(inside.lastIndexOf("/") + 1));
  writeFileSync(victim, "x");
  symlinkSync(other, join(path, "r"));
  expect(folder.recordings.map((stored) => folder.remove(stored))).toEqual([null]);
  expect([readdirSync(join(path, "old")), readFileSync(victim, "utf8")]).toEqual([[], "x"]);
});

describe("a link on the way to the folder", () => {
  const linked = (uid: number): string => {
    const path = temporaryFolder();
    mkdirSync(join(path, "real"));
    symlinkSync("real", join(path, "link"));
    if (uid !== 0) lchownSync(join(path, "link"), uid, uid);
    return join(path, "link");
  };

  test("of our own is followed", async () => {
    expect((await open(linked(0))).recordings).toEqual([]);
  });

  test.skipIf(process.getuid?.() !== 0)("of another user is not (skipped: needs root)", async () => {
    await expect(open(linked(65_534))).rejects.toThrow("link is a symbolic link of another user");
  });

  test("in a circle ends", async () => {
    const path = temporaryFolder();
    symlinkSync("b", join(path, "a"));
    symlinkSync("a", join(path, "b"));
    await expect(open(join(path, "a"))).rejects.toThrow("too many symbolic links");
  });

  test("to nothing, and a folder that is none, are told", async () => {
    await expect(open("/nonexistent/x")).rejects.toThrow("cannot open /nonexistent/x: no such file or directory");
    await expect(open("/etc/passwd")).rejects.toThrow("cannot open /etc/passwd: not a directory");
  });
});

describe("a recording that runs stays", () => {
  test("its recorder lives", async () => {
    const path = temporaryFolder();
    const stat = readFileSync("/proc/self/stat", "latin1");
    const start = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]).toString(16);
    const thisBoot = readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim().replaceAll("-", "");
    const rec = `${thisBoot}-${process.pid.toString(16)}-${start}`;
    const file = join(path, formatRecordingName({ startedMs: 1e12, user: "alice", rec }));
    writeFileSync(file, text(rec, "alice", 1e12, false));
    utimesSync(file, 1e9, 1e9);
    expect((await open(path)).recordings).toMatchObject([{ why: "it runs" }]);
  });

  test("a process has its file open, whatever its pid is called", async () => {
    const path = temporaryFolder();
    const file = add(path, 1, "alice", 50, false);
    const child = spawn("sleep", ["100"], { stdio: ["ignore", "ignore", openSync(file, "a")] });
    onTestFinished(() => void child.kill());
    expect((await open(path)).recordings).toMatchObject([{ why: "a process has it open" }]);
  });

  test("it has no end, and is not silent for long", async () => {
    const path = temporaryFolder();
    for (const days of [0.9, 1.1]) add(path, days * 10, "alice", days, false);
    const folder = await open(path);
    expect(folder.recordings.map(({ why }) => why)).toEqual([
      null,
      "it has no end yet, and was written within the last day",
    ]);
    const { leaving, over } = folder.choose({ maxBytes: 0, keptUsers: [] });
    expect([leaving.length, over]).toEqual([1, 1000]);
  });
});
