/** Replaying from a real journald: choosing, following, carrying away, and what others wrote under a recording's id. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { journalEntry } from "../../src/export/journal-entry.ts";
import { sendEntries } from "../harness/journal-entry.ts";
import { type Journald, journaldMissing, journaldOfTest } from "../harness/journald.ts";
import { rec, root, run as runAny, temporaryFolder } from "../harness/recorder.ts";
import { until } from "../harness/session.ts";
import { endOf, message, program, run, start } from "./play-program.ts";

const recctl = join(root, "bin/recctl");
const remote = "/lib/systemd/systemd-journal-remote";
const boot = readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim().replaceAll("-", "");

/** The id of a recording that this process could have made. */
function ownId(number: number): string {
  return `${boot}-${process.pid.toString(16)}-${number.toString(16)}`;
}

/** A message as our recorder files it; `extra` are fields of the entry. */
function entryOf(line: string, extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  const { rec: id, user, id: number } = JSON.parse(line) as { rec: string; user: string; id: number };
  return { TLOG_REC: id, TLOG_USER: user, TLOG_ID: `${number}`, ...extra, MESSAGE: line.trimEnd() };
}

/** Entries of a recording of two messages that shows its own id. */
function recordingOf(id: string): Record<string, string>[] {
  const first = message({ id: 1, timing: `>${id.length}`, out: id, rec: id, start });
  const last = message({ id: 2, timing: "", rec: id, end: endOf(2) });
  return [
    entryOf(first, { REC_EVENT: "start", REC_COMMAND: "sh -c \u001b[2J", REC_TTY: "/dev/pts/1" }),
    entryOf(last, { REC_EVENT: "end", REC_OUT_BYTES: "1500", REC_DURATION: "61000" }),
  ];
}

describe("the journal", () => {
  beforeEach((context) => {
    if (journaldMissing !== undefined) context.skip(journaldMissing);
  });

  /** A journald with recordings of these ids. */
  async function journalWith(...ids: string[]): Promise<Journald> {
    const journald = await journaldOfTest();
    await sendEntries(journald, ids.flatMap(recordingOf));
    journald.sync();
    return journald;
  }

  test("what rec wrote is played, by its id, a part of it, matches, and as the newest", async () => {
    const journald = await journaldOfTest();
    const { exit } = await runAny([
      rec,
      "-w",
      "journal",
      "--journal-namespace",
      journald.namespace,
      "sh",
      "-c",
      "echo h\u00e9; printf '\\377'",
    ]);
    expect(exit).toBe(0);
    journald.sync();
    const shown = Buffer.concat([Buffer.from("h\u00e9\n"), Buffer.of(255)]);
    const id = spawnSync("journalctl", ["-q", "--namespace", journald.namespace, "-F", "TLOG_REC"])
      .stdout.toString()
      .trim();
    const part = id.slice(id.indexOf("-") + 1);
    for (const args of [
      [],
      ["-M", id],
      ["-M", part],
      [part],
      ["-m", part],
      ["-M", `TLOG_REC=${id}`],
      ["-M", "TLOG_USER=root", "-M", "OR", "-M", "A=1"],
      ["-S", "-1h"],
      ["-S", "0", "-U", "tomorrow"],
    ]) {
      const { stdout, stderr, status } = await run(["--format", "raw", "-N", journald.namespace, ...args]);
      expect([args, stderr, status, stdout]).toEqual([args, "", 0, shown]);
    }
  });

  test("several that could be meant are listed, and none is played", async () => {
    const ids = [1, 2, 3].map(ownId);
    const { namespace } = await journalWith(...ids);
    for (const args of [[process.pid.toString(16)], ["-M", "TLOG_USER=alice"]]) {
      const { stdout, stderr, status } = await run(["--format", "raw", "-N", namespace, ...args]);
      expect([stdout.toString(), status]).toEqual(["", 1]);
      expect(stderr).toContain("3 recordings match");
      for (const id of ids) expect(stderr).toMatch(`${id} (alice, 20`);
    }
    expect((await run(["--format", "raw", "-N", namespace])).stdout.toString()).toBe(ids[2]);
    expect(
      (
        await run([
          "--format",
          "raw",
          "-N",
          namespace,
          "-M",
          "TLOG_USER=alice",
          "-M",
          "AND",
          "-M",
          `TLOG_REC=${ids[1]}`,
        ])
      ).stdout.toString(),
    ).toBe(ids[1]);
  });

  test("what cannot be found, matched or understood is told", async () => {
    const { namespace } = await journalWith();
    const told = async (...args: string[]): Promise<string> =>
      (await run(["-N", namespace, ...args])).stderr.split("\n")[0] ?? "";
    expect(await told("nothing")).toBe(
      `rec-play: cannot find the recording nothing in the journal ${namespace}: no recording has such an ID`,
    );
    expect(await told()).toBe(`rec-play: cannot find a recording in the journal ${namespace}: there is none`);
    expect(await told("-M", "A=1", "-M", "--file=/etc/passwd")).toContain(
      "cannot use the journal match --file=/etc/passwd",
    );
    expect(await told("-S", "gaga")).toBe("rec-play: cannot use the time gaga: journalctl knows no such time");
    expect((await run(["-N", namespace, "-U", "gaga"])).status).toBe(2);
    expect(await told("-M", "OR")).toBe("rec-play: cannot use the journal match OR: it names no FIELD=VALUE");
    for (const path of ["/etc/passwd", "/tmp", "-"]) {
      expect(await told("-M", "x", path)).toContain(`${path} is no journal: with a file or a folder use -m`);
    }
    expect(await told("-N", "../x")).toContain("../x is no namespace of journald");
    expect(await told("-r", "file", "-M", "x")).toContain("the reader 'file' has no journal");
  });

  test("what another process wrote under its id is not played, wherever it stands; the status is 3", async () => {
    const journald = await journaldOfTest();
    // This process is the recorder; another one forges, before, between and after.
    const id = ownId(7);
    const forged = message({ id: 1, timing: ">6", out: "FORGED", rec: id, start }).trimEnd();
    const forge = async (line: string): Promise<void> => {
      const fields = `TLOG_REC=${id}\nTLOG_ID=1\nTLOG_USER=alice\nREC_EVENT=start\nMESSAGE=${line}\n`;
      const script = `import { native } from "${root}/src/terminal/native.ts";
        native.sendDatagram(native.datagramSocket(), Buffer.from(${JSON.stringify(journald.socket)}), Buffer.from(${JSON.stringify(fields)}), 0);`;
      expect(spawnSync(process.execPath, ["--input-type=module-typescript", "-e", script]).stderr.toString()).toBe("");
    };
    await forge(forged);
    const [first, last] = recordingOf(id) as [Record<string, string>, Record<string, string>];
    await sendEntries(journald, [first]);
    await forge(forged);
    await forge("no message");
    await sendEntries(journald, [last]);
    await forge(forged);
    journald.sync();
    const { stdout, stderr, status } = await run(["--format", "raw", "-N", journald.namespace, id]);
    expect([stdout.toString(), status]).toEqual([id, 3]);
    expect(stderr).toContain(`entry 1 cannot be used: foreign: process `);
    expect(stderr).toContain(`wrote it, not process ${process.pid}, which the recording's ID names`);
    const { stdout: info } = await run(["--info", "-N", journald.namespace, id]);
    expect(info.toString()).toMatch(new RegExp(`^_PID: +${process.pid}$`, "m"));
    expect(info.toString()).toMatch(/^written by: +the process that the ID names$/m);
    const list = spawnSync(recctl, ["list", "--json", "--namespace", journald.namespace]).stdout.toString();
    expect(JSON.parse(list)).toMatchObject({ rec: id, state: "complete", duration: 61000 });
  });

  test("following misses nothing that was written around its start, and ends with the recording", async () => {
    const journald = await journaldOfTest();
    const id = ownId(9);
    const count = 1000;
    const line = (number: number): string => `${number}\n`.padStart(8, "0");
    let follower: ReturnType<typeof spawn> | undefined;
    const shown: Buffer[] = [];
    function* entries(): Generator<Record<string, string>> {
      for (let number = 1; number <= count; number++) {
        if (number === count / 2) {
          follower = spawn(program, ["-f", "--format", "raw", "-N", journald.namespace, "-M", id], {
            stdio: ["ignore", "pipe", "inherit"],
          });
          follower.stdout?.on("data", (chunk: Buffer) => shown.push(chunk));
        }
        yield entryOf(
          message({ id: number, timing: ">8", out: line(number), rec: id, ...(number === 1 ? { start } : {}) }),
        );
      }
    }
    // Slowly enough that journalctl begins somewhere in between.
    for (const entry of entries()) {
      await sendEntries(journald, [entry]);
      if (Number(entry["TLOG_ID"]) % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await until(() => Buffer.concat(shown).toString().endsWith(line(count)), "the last message");
    await sendEntries(journald, [entryOf(message({ id: count + 1, timing: "", rec: id, end: endOf(count + 1) }))]);
    const status = await new Promise((resolve) => follower?.once("close", resolve));
    expect(status).toBe(0);
    expect(Buffer.concat(shown).toString()).toBe(Array.from({ length: count }, (_, index) => line(index + 1)).join(""));
  });

  test("carried away: the export is played anywhere, and is what systemd-journal-remote reads", async (context) => {
    const id = ownId(5);
    const { namespace } = await journalWith(ownId(4), id, ownId(6));
    const file = join(temporaryFolder(), "x.rec");
    const { stdout, status } = await run(["--export", "-N", namespace, id]);
    writeFileSync(file, stdout);
    expect(status).toBe(0);
    expect(stdout.toString().match(/^TLOG_REC=.*$/gm)).toEqual([`TLOG_REC=${id}`, `TLOG_REC=${id}`]);
    for (const args of [[file], ["-i", file, "-m", id]]) {
      const played = await run(["--format", "raw", ...args]);
      expect([played.stdout.toString(), played.stderr, played.status]).toEqual([id, "", 0]);
    }
    expect((await run(["--format", "raw", "-"], { input: stdout })).stdout.toString()).toBe(id);
    if (!existsSync(remote)) context.skip("systemd-journal-remote is not installed");
    const journal = `${file}.journal`;
    spawnSync(remote, ["-o", journal, "-"], { input: stdout });
    for (const args of [
      [journal],
      ["--journal-file", journal],
      ["-r", "journal", "-i", journal, "-M", `TLOG_REC=${id}`],
    ]) {
      expect((await run(["--format", "raw", ...args])).stdout.toString()).toBe(id);
    }
    expect(spawnSync("sh", ["-c", `${program} --format raw - < ${journal}`]).stdout.toString()).toBe(id);
    expect(spawnSync(recctl, ["list", "--json", "--journal-file", journal]).stdout.toString()).toContain(id);
  });

  test("journalctl -o json", async () => {
    const id = ownId(5);
    const { namespace } = await journalWith(ownId(4), id);
    const json = spawnSync("journalctl", ["--namespace", namespace, "-q", "--all", "-o", "json"]).stdout;
    expect((await run(["--format", "raw", "-m", id, "-"], { input: json })).stdout.toString()).toBe(id);
  });

  test("recctl list: newest first, its filters, and nothing that a terminal obeys", async () => {
    const { namespace } = await journalWith(ownId(1), ownId(2));
    const list = (...args: string[]): string =>
      spawnSync(recctl, ["list", "--namespace", namespace, ...args]).stdout.toString();
    const lines = list().trimEnd().split("\n");
    expect(lines[0]).toMatch(/^ID +USER +HOST +START +DURATION +SIZE +STATE +BY +COMMAND OR TTY$/);
    expect(lines.slice(1).map((line) => line.split(/ +/)[0])).toEqual([ownId(2), ownId(1)]);
    expect(lines[1]).toMatch(
      / alice +\S+ +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d +0:01:01 +1\.5k +complete +uid 0 +sh -c \\x1b\[2J$/,
    );
    expect(list("--limit", "1").trimEnd().split("\n")).toHaveLength(2);
    expect(list("--user", "nobody", "--json")).toBe("");
    expect(list("--since", "-1h", "--json").trimEnd().split("\n")).toHaveLength(2);
    expect(list("--until", "yesterday", "--json")).toBe("");
  });

  test("recctl list tells what runs and what was cut off", async () => {
    const journald = await journaldOfTest();
    const stat = readFileSync("/proc/self/stat", "latin1");
    const running = ownId(Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]));
    const [first] = recordingOf(running) as [Record<string, string>];
    const [cut] = recordingOf(ownId(1)) as [Record<string, string>];
    const { REC_EVENT: _, ...tlogs } = recordingOf(ownId(2))[0] as Record<string, string>;
    await sendEntries(journald, [first, cut, tlogs as Record<string, string>]);
    journald.sync();
    const list = spawnSync(recctl, ["list", "--json", "--namespace", journald.namespace]).stdout.toString();
    const states = list
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { rec: string; state: string });
    expect(Object.fromEntries(states.map(({ rec: id, state }) => [id, state]))).toEqual({
      [running]: "running",
      [ownId(1)]: "incomplete",
      [ownId(2)]: "unended",
    });
  });
});

describe("without a journald", () => {
  const golden = join(root, "test/golden/journal");
  const shown = Buffer.concat([
    Buffer.from("hello\ngröße "),
    Buffer.of(255),
    Buffer.from(" \u001b[1mbold\u001b[0m\nbye\n"),
  ]);

  test("an export of ours: the forged entry in it is not played", async () => {
    const { stdout, stderr, status } = await run(["--format", "raw", join(golden, "ours.export")]);
    expect([stdout, status]).toEqual([shown, 3]);
    expect(stderr).toMatch(/entry \d cannot be used: foreign: process 3353 \(uid 0, .*\) wrote it, not process 3344/);
  });

  test("an export of tlog's", async () => {
    const { stdout, status } = await run(["--format", "raw", join(golden, "tlog.export")]);
    expect([stdout.toString("latin1").replaceAll("\r", ""), status]).toEqual([shown.toString("latin1"), 0]);
  });

  test("a file's messages are exported as entries, and those played", async () => {
    const file = join(temporaryFolder(), "x.jsonl");
    const lines = [message({ id: 1, timing: ">2", out: "hi", start }), message({ id: 2, timing: "", end: endOf(2) })];
    writeFileSync(file, lines.join(""));
    const { stdout, status } = await run(["--export", file]);
    expect(status).toBe(0);
    expect(stdout).toEqual(Buffer.concat(lines.map((line) => journalEntry(line.trimEnd(), {}))));
    const played = await run(["--format", "raw", "-"], { input: stdout });
    expect([played.stdout.toString(), played.stderr, played.status]).toEqual(["hi", "", 0]);
  });

  test("messages in a syslog file, by their id", async () => {
    const file = join(temporaryFolder(), "auth.log");
    const line = (tag: string, text: string): string => `Nov 21 10:00:00 vm ${tag}: ${text}\n`;
    const of = (id: string): string =>
      line("tlog", message({ id: 1, timing: ">1", out: id, rec: `${id}-1-1` }).trimEnd());
    writeFileSync(file, [line("sshd[1]", "hello"), of("a"), line("CRON[2]", "x"), of("b")].join(""));
    const { stdout, stderr, status } = await run(["--format", "raw", "-i", file, "-m", "b-1"]);
    expect([stdout.toString(), stderr, status]).toEqual(["b", "", 0]);
  });
});
