/** recctl search: what was shown is found, with the index and without. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, test } from "vitest";
import { sendEntries } from "../harness/journal-entry.ts";
import { journaldMissing, journaldOfTest } from "../harness/journald.ts";
import { root, temporaryFolder } from "../harness/recorder.ts";
import { endOf, message, rec, start } from "./play-program.ts";
import { addRecording, administer, boot, type Outcome, recctl } from "./recctl-program.ts";

/** Another user, whose index is in a folder of the test's: root's is the site's. */
const nobody = 65_534;

function search(home: string, args: readonly string[]): Outcome {
  const words = ["--reuid", `${nobody}`, "--regid", `${nobody}`, "--clear-groups", recctl, "search", ...args];
  const { status, stdout, stderr } = spawnSync("setpriv", words, { env: { HOME: home } });
  return { status, stdout: stdout.toString(), stderr: stderr.toString() };
}

/** A home with a cache of its own, and three recordings. */
function recordings(): { home: string; folder: string } {
  const home = temporaryFolder();
  const folder = join(home, "r");
  mkdirSync(folder);
  addRecording(folder, { pid: 1, days: 3, out: "plain text\r\n\x1b[2J\x1b[5;5Hwiped\x1b[2Jlast" });
  addRecording(folder, { pid: 2, days: 2, user: "bob", out: "permission denied\r\n" });
  addRecording(folder, { pid: 3, days: 1, out: "Permission granted, text" });
  spawnSync("chown", ["-R", `${nobody}:${nobody}`, home]);
  spawnSync("chmod", ["-R", "go-rwx", home]);
  return { home, folder };
}

const canBeNobody = process.getuid?.() === 0 && spawnSync("setpriv", ["--version"]).status === 0;

describe.skipIf(!canBeNobody)("as another user (skipped: needs root, and setpriv)", () => {
  test("the line with the match marked, and the command that shows it", () => {
    const { home, folder } = recordings();
    const { status, stdout, stderr } = search(home, ["--folder", folder, "perm[a-z]+ d"]);
    expect([status, stderr]).toEqual([0, ""]);
    const lines = stdout.trimEnd().split("\n");
    expect(lines).toHaveLength(2);
    expect(lines[0]).toBe("2-1  0:00:00.000  >>permission d<<enied");
    expect(lines[1]).toMatch(/^ {4}rec-play -g 0:00:00\.000 -i \S+_bob_\S+\.jsonl$/);
    const words = (lines[1] ?? "").trim().split(" ");
    const played = spawnSync(join(root, "bin/rec-play"), words.slice(1), { env: { HOME: home } });
    expect(played.stdout.toString()).toContain("permission denied");
  });

  test("the same with an index, with one that is there, and without; filters and limits", () => {
    const { home, folder } = recordings();
    const words = ["--folder", folder, "--json"];
    for (const pattern of ["text", "wiped", ".", "^$", "denied|granted", "[[:alpha:]]nied", "(?=last)", "nowhere"]) {
      const plain = search(home, [...words, "--no-index", pattern]);
      for (let i = 0; i < 2; i++) expect(search(home, [...words, pattern])).toEqual(plain);
    }
    const index = join(home, ".cache/rec-session/search.db");
    expect(statSync(index).mode & 0o777).toBe(0o600);
    const found = (...args: string[]) => search(home, [...words, ...args]).stdout.split("\n").length - 1;
    expect(found("--ignore-case", "permission")).toBe(2);
    expect(found("--ignore-case", "permission", "--user", "bob")).toBe(1);
    expect(found(".", "-n", "2")).toBe(2);
    rmSync(join(home, ".cache"), { recursive: true });
    expect(found("wiped")).toBe(1);
  });

  test("much is read in threads, and found as without an index; what cannot be read is told", () => {
    const { home, folder } = recordings();
    for (const pid of [11, 12, 13]) {
      const text = Array.from(
        { length: 60_000 },
        (_, at) => `line ${at} of ${pid}${at % 9000 === 5 ? " seldom" : ""}\r\n`,
      );
      addRecording(folder, { pid, days: pid, out: text.join("") });
    }
    const broken = addRecording(folder, { pid: 14, days: 14 });
    spawnSync("chown", ["-R", `${nobody}:${nobody}`, home]);
    const words = ["--folder", folder, "--json"];
    for (const pattern of ["seldom", "text", "line 59999 ", "sel.om$", "nowhere"]) {
      const plain = search(home, [...words, "--no-index", pattern]);
      for (let i = 0; i < 2; i++) expect(search(home, [...words, pattern])).toEqual(plain);
    }
    expect(
      search(home, [...words, "-n", "10", "line"])
        .stdout.trimEnd()
        .split("\n"),
    ).toHaveLength(10);
    rmSync(join(home, ".cache"), { recursive: true });
    spawnSync("chown", ["root", broken]);
    spawnSync("chmod", ["600", broken]);
    const { status, stdout } = search(home, [...words, "seldom"]);
    expect([status, stdout.trimEnd().split("\n").length]).toEqual([0, 21]);
  });

  test("a reader that stops for a while gets all, one that leaves ends the search without a word", async () => {
    const { home, folder } = recordings();
    addRecording(folder, {
      pid: 21,
      days: 1,
      out: Array.from({ length: 5000 }, (_, at) => `hit ${at}\r\n`).join(""),
    });
    spawnSync("chown", ["-R", `${nobody}:${nobody}`, home]);
    const words = ["--folder", folder, "hit"];
    const { stdout: all } = search(home, words);
    expect(all.split("\n")).toHaveLength(10_001);
    const setpriv = ["--reuid", `${nobody}`, "--regid", `${nobody}`, "--clear-groups", recctl, "search", ...words];
    const slow = spawn("setpriv", setpriv, { env: { HOME: home } });
    const [first] = (await once(slow.stdout, "data")) as [Buffer];
    slow.stdout.pause();
    // Meanwhile it fills the pipe, and waits.
    expect(search(home, words).stdout === all).toBe(true);
    const parts = [first];
    slow.stdout.on("data", (part: Buffer) => parts.push(part));
    slow.stdout.resume();
    expect(await once(slow, "close")).toEqual([0, null]);
    expect(Buffer.concat(parts).toString() === all).toBe(true);
    const leaving = spawn("setpriv", setpriv, { env: { HOME: home } });
    let told = "";
    leaving.stderr.on("data", (part: Buffer) => {
      told += part;
    });
    await once(leaving.stdout, "data");
    leaving.stdout.destroy();
    expect([await once(leaving, "close"), told]).toEqual([[0, null], ""]);
  });

  test("recordings that change, come and go", () => {
    const { home, folder } = recordings();
    const count = (pattern: string) =>
      search(home, ["--folder", folder, "--json", pattern]).stdout.split("\n").length - 1;
    expect(count("text")).toBe(2);
    const file = addRecording(folder, { pid: 4, out: "more text" });
    spawnSync("chown", [`${nobody}`, file]);
    expect(count("text")).toBe(3);
    writeFileSync(file, message({ id: 1, timing: ">5", out: "other", rec: `${boot}-4-1`, start, end: endOf(1) }));
    expect([count("text"), count("other")]).toEqual([2, 1]);
    rmSync(file);
    expect(count("other")).toBe(0);
  });

  test("of what is deleted or pruned nothing is found, and nothing stays in the index", () => {
    const { home, folder } = recordings();
    const asNobody = (...args: string[]) => {
      const words = ["--reuid", `${nobody}`, "--regid", `${nobody}`, "--clear-groups", recctl, ...args];
      return spawnSync("setpriv", words, { env: { HOME: home } }).status;
    };
    const index = join(home, ".cache/rec-session/search.db");
    const holds = (text: string) =>
      ["", "-wal"].some((end) => existsSync(index + end) && readFileSync(index + end).includes(text));
    const words = ["--folder", folder, "--json"];
    expect(asNobody("delete", "--folder", folder, "3-1")).toBe(0);
    expect(existsSync(index)).toBe(false);
    expect(search(home, [...words, "."]).stdout.split("\n")).toHaveLength(5);
    expect(holds("permission denied") && holds("wiped")).toBe(true);
    expect(asNobody("delete", "--folder", folder, "2-1", "--dry-run")).toBe(0);
    expect(holds("permission denied")).toBe(true);
    expect(asNobody("delete", "--folder", folder, "2-1")).toBe(0);
    expect([holds("permission denied"), holds("wiped")]).toEqual([false, true]);
    expect(search(home, [...words, "denied"])).toEqual({ status: 1, stdout: "", stderr: "" });
    expect(asNobody("prune", "--folder", folder, "--older-than", "1d")).toBe(0);
    expect(holds("wiped")).toBe(false);
  });

  test("while another process writes the index, the rest is searched without it", () => {
    const { home, folder } = recordings();
    const words = ["--folder", folder, "--json"];
    const count = (pattern: string) => search(home, [...words, pattern]).stdout.split("\n").length - 1;
    expect(count("text")).toBe(2);
    const gone = addRecording(folder, { pid: 5, out: "text that goes" });
    spawnSync("chown", [`${nobody}`, gone]);
    const writing = new DatabaseSync(join(home, ".cache/rec-session/search.db"));
    writing.exec("BEGIN IMMEDIATE");
    const { status, stdout, stderr } = search(home, [...words, "text"]);
    writing.exec("ROLLBACK");
    expect([status, stdout.split("\n").length - 1]).toEqual([0, 3]);
    expect(stderr).toBe("recctl: the index takes no more: database is locked; searching the rest without it\n");
    expect(count("text that")).toBe(1);
    rmSync(gone);
    writing.exec("BEGIN IMMEDIATE");
    expect(search(home, [...words, "text"])).toMatchObject({ status: 0, stderr });
    writing.exec("ROLLBACK");
    writing.close();
    expect(count("text that")).toBe(0);
  });

  test("an index that cannot be used is told of, and done without", () => {
    const { home, folder } = recordings();
    mkdirSync(join(home, ".cache/rec-session"), { recursive: true });
    const { status, stderr } = search(home, ["--folder", folder, "text"]);
    expect(status).toBe(0);
    expect(stderr).toMatch(/^recctl: cannot use the search index .*others may write .*; searching without it\n$/);
  });

  test("a hostile pattern is given up, and hostile text is escaped", () => {
    const { home, folder } = recordings();
    writeFileSync(
      join(folder, "x.jsonl"),
      message({ id: 1, timing: ">63", out: `${"a".repeat(60)}\u202e\u2028b`, start }),
    );
    spawnSync("chown", [`${nobody}`, join(folder, "x.jsonl")]);
    const hostile = search(home, ["--folder", folder, "--ignore-case", "(a|a)*c"]);
    expect([hostile.status, hostile.stdout]).toEqual([2, ""]);
    expect(hostile.stderr).toContain("it was not done with one piece of text after 5 s");
    const { stdout } = search(home, ["--folder", folder, "ab|a.*b"]);
    expect(stdout).not.toMatch(/[^\n\x20-\x7e]/);
  });
});

test("in a journal", async (context) => {
  if (journaldMissing !== undefined) context.skip(journaldMissing);
  const journald = await journaldOfTest();
  const line = message({ id: 1, timing: ">6", out: "needle", start, end: endOf(1) }).trimEnd();
  await sendEntries(journald, [{ TLOG_REC: rec, TLOG_ID: "1", TLOG_USER: "alice", MESSAGE: line }]);
  journald.sync();
  const { status, stdout } = administer(["search", "--no-index", "-N", journald.namespace, "needle"]);
  expect(status).toBe(0);
  expect(stdout).toContain(`    rec-play -g 0:00:00.000 -N ${journald.namespace} -M ${rec}\n`);
});

test.skipIf(!canBeNobody)("what a journal has dropped leaves the index when all of it is searched", async (context) => {
  if (journaldMissing !== undefined) context.skip(journaldMissing);
  const home = temporaryFolder();
  const copy = join(home, "journal");
  /** Puts a journal that holds these recordings in the place of the one before. */
  const hold = async (recs: readonly string[]): Promise<void> => {
    const journald = await journaldOfTest();
    for (const one of recs) {
      const fields = { TLOG_REC: one, TLOG_USER: "alice" };
      const first = message({ rec: one, id: 1, timing: ">6", out: "needle", start }).trimEnd();
      const last = message({ rec: one, id: 2, timing: "", end: endOf(2) }).trimEnd();
      await sendEntries(journald, [
        { ...fields, TLOG_ID: "1", REC_EVENT: "start", MESSAGE: first },
        { ...fields, TLOG_ID: "2", REC_EVENT: "end", MESSAGE: last },
      ]);
    }
    journald.sync();
    rmSync(copy, { recursive: true, force: true });
    cpSync(journald.directory, copy, { recursive: true });
    spawnSync("chown", ["-R", `${nobody}:${nobody}`, home]);
  };
  const indexed = (): unknown[] => {
    const database = new DatabaseSync(join(home, ".cache/rec-session/search.db"));
    const rows = database.prepare("SELECT name FROM recordings ORDER BY name").all();
    database.close();
    return rows.map(({ name }) => String(name).split("\n")[1]);
  };
  const [kept, dropped] = [`${boot}-1-1`, `${boot}-2-2`];
  await hold([kept, dropped]);
  expect(search(home, ["--journal-directory", copy, "needle"]).stdout.match(/>>needle<</g)).toHaveLength(2);
  expect(indexed()).toEqual([kept, dropped]);
  await hold([kept]);
  // Who asks for some does not learn of the others.
  expect(search(home, ["--journal-directory", copy, "--user", "alice", "needle"]).status).toBe(0);
  expect(indexed()).toEqual([kept, dropped]);
  expect(search(home, ["--journal-directory", copy, "needle"]).status).toBe(0);
  expect(indexed()).toEqual([kept]);
});

test("nothing found is told to who looks at a terminal, and to nobody else", () => {
  const path = temporaryFolder();
  const words = (...args: string[]) =>
    `'${recctl}' search --no-index --folder '${path}' ${args.join(" ")}; echo "status $?"`;
  const onTerminal = (...args: string[]) =>
    spawnSync("script", ["-qec", words(...args), "/dev/null"]).stdout.toString();
  expect(onTerminal("x")).toBe("recctl: there are no such recordings to search\r\nstatus 1\r\n");
  addRecording(path, { pid: 1 });
  expect(onTerminal("nowhere")).toBe("recctl: nothing matched in 1 recording\r\nstatus 1\r\n");
  expect(onTerminal("--json", "nowhere")).toBe("status 1\r\n");
  expect(administer(["search", "--no-index", "--folder", path, "nowhere"])).toEqual({
    status: 1,
    stdout: "",
    stderr: "",
  });
});

test.each([
  [["search"], "search needs REGEX"],
  [["search", "("], "cannot use the pattern (: unterminated group"],
])("%j is refused", (args, sentence) => {
  expect(administer(args)).toMatchObject({ status: 2, stdout: "" });
  expect(administer(args).stderr).toContain(sentence);
});
