/** Recording into a real journald: what stands in it, and what happens when it stops, dies or is not there. */
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { Decoder } from "../../src/format/decoder.ts";
import type { Item } from "../../src/format/item.ts";
import { type Journald, journaldMissing, journaldOfTest, removeJournald, startJournald } from "../harness/journald.ts";
import { readRecording, rec, recordingFile, recSession, run } from "../harness/recorder.ts";
import { Session, until } from "../harness/session.ts";

beforeEach((context) => {
  if (journaldMissing !== undefined) context.skip(journaldMissing);
});

function entriesOf(journald: Journald): Record<string, string>[] {
  const args = ["--namespace", journald.namespace, "--no-pager", "-q", "-o", "json", "--all", "SYSLOG_IDENTIFIER=rec"];
  const lines = execFileSync("journalctl", args, { maxBuffer: 1 << 30 })
    .toString()
    .split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as Record<string, string>);
}

/** What waits in the socket of a journald that is killed is nobody's: once the text is stored, nothing does. */
async function untilStored(journald: Journald, text: string): Promise<void> {
  await until(() => read(journald).output.includes(text), `${text} in the journal`);
}

/** Without a chance to put its affairs in order. */
async function killed(journald: Journald): Promise<void> {
  const gone = new Promise((resolve) => journald.process.once("exit", resolve));
  journald.process.kill("SIGKILL");
  await gone;
}

/** A journald that keeps five messages an hour of a unit. */
async function strictJournald(): Promise<Journald> {
  const namespace = `rectight${process.pid}`;
  const configuration = `/etc/systemd/journald@${namespace}.conf`;
  writeFileSync(configuration, "[Journal]\nRateLimitIntervalSec=1h\nRateLimitBurst=5\n");
  const journald = await startJournald(namespace);
  onTestFinished(async () => {
    await removeJournald(journald);
    rmSync(configuration);
  });
  return journald;
}

/** The recording in a journal, decoded, once journald has put away what it was sent: a recorder does not wait for that. */
function read(journald: Journald): { items: Item[]; output: string; entries: Record<string, string>[] } {
  journald.sync();
  const entries = entriesOf(journald);
  const decoder = new Decoder({});
  const items = entries.flatMap(({ MESSAGE = "" }, index) => [
    ...decoder.decode({ text: MESSAGE, place: `entry ${index}`, isWhole: true }),
  ]);
  items.push(...decoder.finish());
  const output = Buffer.concat(items.flatMap((item) => (item.kind === "output" ? [item.bytes] : [])));
  return { items, output: output.toString("latin1"), entries };
}

const kinds = (items: readonly Item[]): string[] => [...new Set(items.map((item) => item.kind))];
const to = (journald: Journald): string[] => ["-w", "journal", "--journal-namespace", journald.namespace];

describe("what is written", () => {
  test("each message is an entry with tlog's fields; the first and the last can be found by theirs", async () => {
    const journald = await journaldOfTest();
    const { exit } = await run([rec, ...to(journald), "sh", "-c", "echo hi; exit 3"]);
    expect(exit).toBe(3);
    const { entries, items, output } = read(journald);
    expect(output).toBe("hi\n");
    expect(kinds(items)).toEqual(["head", "output", "end"]);
    const [first, , last] = entries;
    const id = JSON.parse(first?.["MESSAGE"] ?? "").rec;
    expect(first).toMatchObject({
      TLOG_REC: id,
      TLOG_USER: "root",
      TLOG_ID: "1",
      PRIORITY: "6",
      REC_EVENT: "start",
      REC_COMMAND: "sh -c echo hi; exit 3",
      _TRANSPORT: "journal",
    });
    expect(last).toMatchObject({ TLOG_REC: id, TLOG_ID: "3", REC_EVENT: "end", REC_EXIT: "3", REC_MESSAGES: "3" });
    expect(last).toMatchObject({ REC_OUT_BYTES: "3", REC_IN_BYTES: "0" });
  });

  test("augment off leaves out every field of ours; the priority is the one asked for", async () => {
    const journald = await journaldOfTest();
    await run([rec, ...to(journald), "--journal-augment=no", "--journal-priority", "notice", "true"]);
    const { entries } = read(journald);
    expect(entries.length).toBe(2);
    for (const entry of entries) {
      expect(Object.keys(entry).filter((name) => /^(TLOG|REC)_/.test(name))).toEqual([]);
      expect(entry["PRIORITY"]).toBe("5");
    }
  });

  test("a command with a newline cannot make a field of its own", async () => {
    const journald = await journaldOfTest();
    await run([rec, ...to(journald), "true", "a\nTLOG_USER=somebody\nFORGED=1"]);
    const [first] = read(journald).entries;
    expect(first).toMatchObject({ TLOG_USER: "root", REC_COMMAND: "true a\nTLOG_USER=somebody\nFORGED=1" });
    expect(first).not.toHaveProperty("FORGED");
  });

  test("messages beyond a datagram's size go by memory file", async () => {
    const journald = await journaldOfTest();
    const text = "x".repeat(6_000_000);
    const { exit } = await run([rec, ...to(journald), "--payload", "1048576", "cat"], { input: text });
    expect(exit).toBe(0);
    const { output, items } = read(journald);
    expect(output.length).toBe(text.length);
    expect(kinds(items)).toEqual(["head", "output", "end"]);
  });
});

test("a session shows many times what the buffer holds, while journald keeps up", async () => {
  const journald = await journaldOfTest();
  const text = "0123456789abcde\n".repeat(400_000);
  const { exit, stdout } = await run([rec, ...to(journald), "--buffer-bytes", "65536", "cat"], { input: text });
  expect(exit).toBe(0);
  expect(stdout.length).toBe(text.length);
  expect(read(journald).output.length).toBe(text.length);
});

describe("a journald in trouble", () => {
  test("one that is stopped does not hold the session, and has everything when it goes on", async () => {
    const journald = await journaldOfTest();
    const session = new Session({ args: [rec, ...to(journald), "sh", "-c", "stty -echo; echo ready; cat"] });
    await until(() => session.shownText.includes("ready"), "ready");
    journald.process.kill("SIGSTOP");
    for (let i = 0; i < 200; i++) {
      session.type(`line ${i}\n`);
      await until(() => session.shownText.includes(`line ${i}\r\n`), `the echo of line ${i} while journald is stopped`);
    }
    journald.process.kill("SIGCONT");
    session.type("\x04");
    expect((await session.exited).exit).toBe(0);
    const { output, items } = read(journald);
    expect(kinds(items)).toEqual(["head", "window", "output", "end"]);
    expect(output).toBe(session.shown.toString("latin1").slice(session.shown.toString("latin1").indexOf("ready")));
  });

  test("one that is stopped until the buffer is full holds the output, and has everything when it goes on", async () => {
    const journald = await journaldOfTest();
    journald.process.kill("SIGSTOP");
    const session = new Session({ args: [rec, ...to(journald), "--buffer-bytes", "65536", "seq", "200000"] });
    let [length, times] = [0, 0];
    await until(() => {
      times = session.shown.length === length && length > 0 ? times + 1 : 0;
      length = session.shown.length;
      return times > 20;
    }, "output that stands still");
    journald.process.kill("SIGCONT");
    expect((await session.exited).exit).toBe(0);
    expect(read(journald).output).toBe(session.shown.toString("latin1"));
  });

  test("one that is killed and started again gets all that was shown meanwhile", async () => {
    const journald = await journaldOfTest();
    const session = new Session({ args: [rec, ...to(journald), "sh", "-c", "stty -echo; echo ready; cat"] });
    await until(() => session.shownText.includes("ready"), "ready");
    await untilStored(journald, "ready");
    await killed(journald);
    const lines = Array.from({ length: 50 }, (_, i) => `line ${i}\n`).join("");
    session.type(lines);
    await until(() => session.shownText.includes("line 49\r\n"), "the last line");
    await journald.restart();
    session.type("\x04");
    expect((await session.exited).exit).toBe(0);
    const { output, items } = read(journald);
    expect(kinds(items)).toEqual(["head", "window", "output", "end"]);
    expect(output).toContain("line 49\r\n");
    expect(items.filter((item) => item.kind === "gap")).toEqual([]);
  });

  test("of one that never comes back the rest is in the fallback at the end, which is told", async () => {
    const journald = await journaldOfTest();
    const file = recordingFile();
    const session = new Session({
      args: [
        rec,
        ...to(journald),
        "--fallback-writer",
        "file",
        "-o",
        file,
        "sh",
        "-c",
        "echo ready; read line; exit 3",
      ],
      stdio: ["terminal", "terminal", "pipe"],
    });
    await until(() => session.shownText.includes("ready"), "ready");
    await untilStored(journald, "ready");
    await killed(journald);
    session.type("line\n");
    expect((await session.exited).exit).toBe(3);
    expect(session.stderr?.content.toString()).toContain("rec: recording to the file instead\n");
    const ids = [
      ...entriesOf(journald).map(({ MESSAGE = "" }) => MESSAGE),
      ...readFileSync(file, "utf8").trim().split("\n"),
    ].map((line) => (JSON.parse(line) as { id: number }).id);
    expect(ids).toEqual(ids.map((_, i) => i + 1));
    expect(readRecording(file).output.toString()).toContain("line\r\n");
  });

  test("one that never comes back is told at the end, with status 1", async () => {
    const journald = await journaldOfTest();
    const session = new Session({
      args: [rec, ...to(journald), "sh", "-c", "echo ready; read line"],
      stdio: ["terminal", "terminal", "pipe"],
    });
    await until(() => session.shownText.includes("ready"), "ready");
    await killed(journald);
    session.type("\n");
    expect((await session.exited).exit).toBe(1);
    expect(session.stderr?.content.toString()).toMatch(
      /^rec: cannot write \/run\/systemd\/journal\..*\/socket: connection refused\n/,
    );
  });

  test("none at the start refuses to start anything", async () => {
    const mark = recordingFile();
    const { exit, stderr } = await run([rec, "-w", "journal", "--journal-namespace", "not-there", "touch", mark]);
    expect(exit).toBe(1);
    expect(stderr).toMatch(/^rec: cannot open \/run\/systemd\/journal.not-there\/socket: no such file or directory\n/);
    expect(existsSync(mark)).toBe(false);
  });

  test("nor does one that nothing requires, when it is the only one", async () => {
    const { exit, stderr } = await run([
      rec,
      "-w",
      "journal",
      "--required",
      "none",
      "--journal-namespace",
      "not-there",
      "true",
    ]);
    expect(exit).toBe(1);
    expect(stderr).toContain("cannot open");
  });

  test("or falls back to the named writer, and says so", async () => {
    const file = recordingFile();
    const journal = ["-w", "journal", "--journal-namespace", "not-there"];
    const { exit, stderr } = await run([rec, ...journal, "--fallback-writer", "file", "-o", file, "echo", "hi"]);
    expect(exit).toBe(0);
    expect(stderr).toContain("cannot open");
    expect(stderr).toContain("rec: recording to the file instead\n");
    expect(readRecording(file).output.toString()).toBe("hi\n");
  });
});

describe("several writers", () => {
  test("each has the whole recording", async () => {
    const journald = await journaldOfTest();
    const file = recordingFile();
    const both = ["-w", "journal,file", "-o", file, "--journal-namespace", journald.namespace];
    await run([rec, ...both, "seq", "5000"]);
    expect(read(journald).output).toBe(readRecording(file).output.toString());
    expect(readRecording(file).end?.exit).toBe(0);
  });

  test("one that is not required may fail: the other goes on, and the failure is told", async () => {
    const journald = await journaldOfTest();
    const file = recordingFile();
    const both = ["-w", "journal,file", "--required", "file", "-o", file, "--journal-namespace", journald.namespace];
    const session = new Session({
      args: [rec, ...both, "sh", "-c", "echo ready; read line; seq 3000"],
      stdio: ["terminal", "terminal", "pipe"],
    });
    await until(() => session.shownText.includes("ready"), "ready");
    await killed(journald);
    session.type("\n");
    expect((await session.exited).exit).toBe(0);
    expect(readRecording(file).output.toString()).toContain("\r\n3000\r\n");
    expect(session.stderr?.content.toString()).toContain("cannot write /run/systemd/journal.");
  });
});

test("a rate limit that drops messages leaves gaps, which are named exactly", async (context) => {
  const roots = ["/sys/fs/cgroup/unified", "/sys/fs/cgroup/systemd", "/sys/fs/cgroup"];
  const root = roots.find((folder) => existsSync(`${folder}/cgroup.procs`));
  if (root === undefined) context.skip("no control groups that a unit could be made in");
  const group = `${root}/system.slice/rec-rate-test.service`;
  const journald = await strictJournald();
  mkdirSync(group, { recursive: true });
  try {
    // journald limits what it knows the unit of, and that it knows by the control group.
    const script = `echo $$ > ${group}/cgroup.procs; exec ${rec} ${to(journald).join(" ")} --payload 64 seq 2000`;
    const { exit } = await run(["/bin/sh", "-c", script]);
    expect(exit).toBe(0);
    const { items, entries } = read(journald);
    const sent = Number(JSON.parse(entries.at(-1)?.["MESSAGE"] ?? "{}").id);
    expect(entries[0]).toMatchObject({ _SYSTEMD_UNIT: "rec-rate-test.service" });
    const missing = items.flatMap((item) => (item.kind === "gap" ? [item.toId - item.fromId + 1] : []));
    const isEnded = items.some((item) => item.kind === "end");
    expect(isEnded ? missing.length : items.filter((item) => item.kind === "unended").length).toBeGreaterThan(0);
    if (isEnded) expect(entries.length + missing.reduce((sum, count) => sum + count, 0)).toBe(sent);
  } finally {
    rmdirSync(group);
  }
});

test("rec-session writes to the journal, or to the user's folder where there is none, and says nothing of it", async () => {
  const session = new Session({ args: [recSession, "-c", "exit 4"], stdio: ["pipe", "pipe", "pipe"] });
  expect(await session.exited).toEqual({ exit: 4, signal: null });
  expect(session.stderr?.content.toString()).toBe("");
  if (existsSync("/run/systemd/journal/socket")) return;
  const folder = join(userInfo().homedir, ".local/share/rec-session");
  const isIts = (name: string): boolean => name.includes(`-${session.pid.toString(16)}-`);
  const file = join(folder, readdirSync(folder).sort().findLast(isIts) ?? "none");
  expect(readRecording(file).end).toMatchObject({ exit: 4 });
  rmSync(file);
});

test("a journal whose disk is too small keeps what it can; what is missing is named", async () => {
  const namespace = `recsmall${process.pid}`;
  const machine = readFileSync("/etc/machine-id", "latin1").trim();
  const folder = `/var/log/journal/${machine}.${namespace}`;
  mkdirSync(folder, { recursive: true });
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=24m", "tmpfs", folder]);
  const journald = await startJournald(namespace);
  onTestFinished(async () => {
    await journald.stop();
    execFileSync("umount", ["--lazy", folder]);
    await removeJournald(journald);
  });
  const text = randomBytes(30_000_000).toString("base64");
  const { exit, stdout } = await run([rec, ...to(journald), "cat"], { input: text });
  expect(exit).toBe(0);
  expect(stdout.length).toBe(text.length);
  const { items, output } = read(journald);
  const missing = items.flatMap((item) => (item.kind === "gap" ? [item.toId - item.fromId + 1] : []));
  expect(output.length).toBeLessThan(text.length);
  expect(missing.length + items.filter((item) => item.kind === "unended").length).toBeGreaterThan(0);
});
