/** What recctl list lists, and what it refuses. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { cellsOf } from "../../src/catalog/columns.ts";
import { formatRecordingName } from "../../src/catalog/name.ts";
import { version } from "../../src/version.ts";
import { sendEntries } from "../harness/journal-entry.ts";
import { journaldMissing, journaldOfTest } from "../harness/journald.ts";
import { root, temporaryFolder } from "../harness/recorder.ts";
import { endOf, message, rec, run, start } from "./play-program.ts";

const recctl = join(root, "bin/recctl");
const boot = "b74aff806489400b9d121ed6589afff9";

function list(args: readonly string[], env: NodeJS.ProcessEnv = { HOME: "/nonexistent" }) {
  const { status, stdout, stderr } = spawnSync(recctl, ["list", ...args], { env });
  return { status, stdout: stdout.toString(), stderr: stderr.toString() };
}

/** A home with one recording. */
function home(): string {
  const path = temporaryFolder();
  const recordings = join(path, ".local/share/rec-session");
  mkdirSync(recordings, { recursive: true });
  const name = formatRecordingName({ startedMs: 1_795_297_383_000, user: "alice", rec });
  writeFileSync(join(recordings, name), message({ id: 1, timing: ">2", out: "hi", start }));
  return path;
}

/** recctl list where journalctl fails. */
function listWithout(journalctl: string, args: readonly string[]) {
  const script = `mount --bind "$0" /usr/bin/journalctl && exec "$@"`;
  const words = ["-m", "sh", "-c", script, journalctl, recctl, "list", ...args];
  const { status, stdout, stderr } = spawnSync("unshare", words, { env: { PATH: process.env["PATH"], HOME: home() } });
  return { status, stdout: stdout.toString(), stderr: stderr.toString() };
}

describe("where journalctl fails", () => {
  test("the folder is listed, and the journal told of; one that was asked for fails", (context) => {
    const canMount = spawnSync("unshare", ["-m", "mount", "--bind", "/bin/false", "/usr/bin/journalctl"]).status === 0;
    if (!canMount) context.skip("needs root, who may mount, and journalctl to put something in its place");
    const { status, stdout, stderr } = listWithout("/bin/false", ["--json"]);
    expect([status, stderr]).toEqual([0, "recctl: cannot read the journal: journalctl failed; listing the rest\n"]);
    expect(JSON.parse(stdout)).toMatchObject({ rec });
    expect(listWithout("/bin/false", ["--source", "journal"])).toMatchObject({ status: 1, stdout: "" });
    expect(listWithout("/bin/false", ["--namespace", "x"])).toMatchObject({ status: 1, stdout: "" });
  });
});

test.each([
  [["--source", "file"], 2, "--source file needs the file: name it with --file-path"],
  [["--source", "folder", "--namespace", "x"], 2, "--namespace names a journal, but --source folder lists none"],
  [["--source", "journal", "--file", "x"], 2, "--file-path names a file, but --source journal lists none"],
  [["--namespace", "../x"], 2, "../x is no namespace of journald"],
  [["--namespace", ""], 2, 'invalid value "" of option -N/--namespace'],
  [["--folder", "x", "y"], 2, 'list does not take "y"'],
  [["--lim", "0"], 2, 'invalid value "0" of option -n/--limit: expected a number from 1'],
  [["--match", "user"], 2, "cannot use the expression user: at character 1: user needs a value after it"],
  [["--command", "("], 2, "cannot use the pattern (: unterminated group"],
  [["--min-duration", "1x"], 2, "expected a duration, such as 90, 15min, 1h30min, 90d"],
  [["--sort", "age"], 2, "expected start, duration, size, user, host or command"],
  [["--since", "banana"], 2, "expected a time, such as yesterday"],
  [["--file", "/etc/passwd"], 1, "cannot play /etc/passwd: line 1: "],
  [["--file", "/dev/null"], 1, "cannot play /dev/null: it holds no messages"],
  [["--folder", "/nonexistent/x"], 1, "cannot find a recording in /nonexistent/x: there is none"],
])("%j is refused", (args, status, sentence) => {
  const outcome = list(args);
  expect(outcome).toMatchObject({ status, stdout: "" });
  expect(outcome.stderr).toContain(sentence);
});

test("an empty list is told of on a terminal; a file has its titles", () => {
  const folder = temporaryFolder();
  const words = ["-qec", `'${recctl}' list --folder '${folder}' 2>'${folder}/told'; cat '${folder}/told'`, "/dev/null"];
  expect(spawnSync("script", words).stdout.toString()).toBe("recctl: no recordings\r\n");
  expect(list(["--folder", folder]).stdout).toMatch(/^ID +USER.*\n$/);
});

test("numbers that an entry forges are no numbers", async (context) => {
  if (journaldMissing !== undefined) context.skip(journaldMissing);
  const journald = await journaldOfTest();
  const fields = { TLOG_REC: rec, TLOG_USER: "alice" };
  await sendEntries(journald, [
    { ...fields, TLOG_ID: "1", REC_EVENT: "start", MESSAGE: "x" },
    { ...fields, TLOG_ID: "2", REC_EVENT: "end", REC_DURATION: "soon", MESSAGE: "x" },
  ]);
  journald.sync();
  const found = list(["--json", "--namespace", journald.namespace]).stdout;
  expect(JSON.parse(found)).toMatchObject({ rec, state: "complete", duration: null, bytes: null });
  expect(list(["--namespace", journald.namespace]).stdout).not.toContain("NaN");
});

test("an id that no argument can hold is no recording, and hides none", async (context) => {
  if (journaldMissing !== undefined) context.skip(journaldMissing);
  const journald = await journaldOfTest();
  const line = message({ id: 1, timing: ">2", out: "hi", start }).trimEnd();
  const forged = ["a\0b", "x".repeat(200_000), ""];
  await sendEntries(
    journald,
    [rec, ...forged].map((id) => ({ TLOG_REC: id, TLOG_ID: "1", TLOG_USER: "alice", MESSAGE: line })),
  );
  journald.sync();
  const { stdout, stderr } = list(["--json", "--namespace", journald.namespace]);
  expect([stdout.trimEnd().split("\n").length, stderr]).toEqual([1, ""]);
  expect(JSON.parse(stdout)).toMatchObject({ rec });
  expect((await run(["--format", "raw", "-N", journald.namespace])).stdout.toString()).toBe("hi");
});

test("how long recordings without an end took: their last entries, also far back", async (context) => {
  if (journaldMissing !== undefined) context.skip(journaldMissing);
  const journald = await journaldOfTest();
  const entries = (id: string, count: number) =>
    Array.from({ length: count }, (_, index) => ({ TLOG_REC: id, TLOG_ID: `${index + 1}`, MESSAGE: "x" }));
  const ids = Array.from({ length: 60 }, (_, index) => `${boot}-${index + 1}-1`);
  await sendEntries(
    journald,
    ids.flatMap((id) => entries(id, 2)),
  );
  // An entry's moment is the one at which journald takes it from its socket; a timer of Node's may be a millisecond early.
  journald.sync();
  await new Promise((resolve) => setTimeout(resolve, 25));
  await sendEntries(journald, [{ TLOG_REC: ids[0] ?? "", TLOG_ID: "3", MESSAGE: "x" }]);
  await sendEntries(journald, entries(`${boot}-99-1`, 1200));
  journald.sync();
  const found = list(["--json", "--namespace", journald.namespace]).stdout.trimEnd().split("\n");
  const durations = new Map(
    found.map((line) => JSON.parse(line) as { rec: string; duration: number }).map((one) => [one.rec, one.duration]),
  );
  expect(durations.size).toBe(61);
  for (const duration of durations.values()) expect(duration).toBeGreaterThanOrEqual(0);
  expect(durations.get(ids[0] ?? "")).toBeGreaterThanOrEqual(20);
});

test.each([
  [[], "no command was given: expected list"],
  [["lits"], "no such command: lits: expected list"],
  [["--what"], "unknown option --what"],
  [["list", "--usr", "x"], "unknown option --usr; did you mean --user?"],
])("recctl %j is refused", (args, sentence) => {
  const { status, stdout, stderr } = spawnSync(recctl, args, { env: {} });
  expect([status, stdout.toString()]).toEqual([2, ""]);
  expect(stderr.toString()).toContain(`recctl: ${sentence}`);
});

test.each([
  [["list", "-n", "0"], "recctl list --help"],
  [["prune", "--older-than"], "recctl prune --help"],
  [["export"], "recctl export --help"],
  [["lst"], "recctl --help"],
])("%j names the help that has what is missing", (args, help) => {
  const { status, stderr } = spawnSync(join(root, "bin/recctl"), args, { encoding: "utf8" });
  expect([status, stderr.split("\n")[1]]).toEqual([2, `see '${help}'`]);
});

test("a folder is named by rec-play's option, by the beginning of it, and by the short word", () => {
  const folder = join(home(), ".local/share/rec-session");
  for (const option of ["--folder-path", "--fold", "--folder"]) {
    expect(JSON.parse(list(["--json", option, folder]).stdout)).toMatchObject({ rec });
  }
});

/** recctl list on a terminal of so many columns. */
function listOnTerminal(columns: number, folder: string): string[] {
  const command = `stty cols ${columns}; '${recctl}' list --folder '${folder}'`;
  return spawnSync("script", ["-qec", command, "/dev/null"]).stdout.toString().trimEnd().split("\r\n");
}

test("control characters in names, hosts and commands are escaped in every listing", () => {
  const folder = temporaryFolder();
  const evil = "\x1b[2J\u202e\x07";
  const text = message({ id: 1, timing: ">2", out: "hi", start: { ...start, command: [evil], tty: evil, cwd: evil } });
  const line = text
    .replace(/"host":"[^"]*"/, `"host":${JSON.stringify(evil)}`)
    .replace(/"user":"[^"]*"/, `"user":${JSON.stringify(evil)}`);
  writeFileSync(join(folder, `${evil}.jsonl`), line);
  for (const args of [[], ["--json"], ["--sort", "user"]]) {
    const { stdout, status } = list(["--folder", folder, ...args]);
    expect(status).toBe(0);
    expect(stdout).not.toMatch(/[^\n\x20-\x7e]/);
    expect(stdout).toContain("[2J");
  }
  expect(listOnTerminal(80, folder).join("\n")).not.toMatch(/[^\n\x20-\x7e…]/);
});

test.each([20, 30, 40, 60, 80, 120])(
  "on a terminal of %i columns no line is longer, and the id is what rec-play takes",
  (columns) => {
    const folder = temporaryFolder();
    for (const [index, command] of ["sh", "x".repeat(300), "漢字".repeat(99)].entries()) {
      const id = `${boot}-${index + 1}-2f`;
      const text = message({ id: 1, timing: ">2", out: "hi", rec: id, start: { ...start, command: [command] } });
      writeFileSync(
        join(folder, formatRecordingName({ startedMs: 1e12 + index * 1000, user: "alice", rec: id })),
        text,
      );
    }
    const lines = listOnTerminal(columns, folder);
    expect(lines).toHaveLength(4);
    for (const one of lines) expect(cellsOf(one)).toBeLessThanOrEqual(columns);
    expect(lines[1]).toMatch(columns < 40 ? /^3-2f +\S/ : /^3-2f +alice/);
  },
);

test("two recordings of one short ID have their whole IDs, and the others stay short", () => {
  const folder = temporaryFolder();
  const other = boot.replaceAll("a", "b");
  for (const id of [`${boot}-1-1`, `${other}-1-1`, `${boot}-2-1`]) {
    writeFileSync(join(folder, `${id}.jsonl`), message({ id: 1, timing: "", rec: id, start, end: endOf(1) }));
  }
  const ids = listOnTerminal(160, folder).map((line) => line.split(" ")[0]);
  expect(ids.slice(1).toSorted()).toEqual(["2-1", `${boot}-1-1`, `${other}-1-1`].toSorted());
});

test("filters of what only the whole tells, and other orders", () => {
  const folder = temporaryFolder();
  const add = (id: string, command: string, duration: number) =>
    writeFileSync(
      join(folder, `${id}.jsonl`),
      message({ id: 1, timing: "", rec: id, start: { ...start, command: [command], cwd: `/${command}` } }) +
        message({ id: 2, timing: "", rec: id, end: { ...endOf(2), duration, out: duration } }),
    );
  add("a-1-1", "vim", 5000);
  add("a-2-1", "bash", 60_000);
  add("a-3-1", "cat", 100);
  const ids = (...args: string[]) =>
    list(["--json", "--folder", folder, ...args])
      .stdout.split("\n")
      .slice(0, -1)
      .map((line) => (JSON.parse(line) as { rec: string }).rec);
  expect(ids("--min-duration", "5s").toSorted()).toEqual(["a-1-1", "a-2-1"]);
  expect(ids("--command", "^(vim|cat)$").toSorted()).toEqual(["a-1-1", "a-3-1"]);
  expect(ids("--match", "cwd /vim or command sh")).toEqual(["a-2-1", "a-1-1"]);
  expect(ids("--host", "nowhere")).toEqual([]);
  expect(ids("--sort", "size")).toEqual(["a-2-1", "a-1-1", "a-3-1"]);
  expect(ids("--sort", "duration", "-r", "-n", "2")).toEqual(["a-3-1", "a-1-1"]);
  expect(ids("--sort", "command", "-n1")).toEqual(["a-2-1"]);
});

test("the working directory in a journal is asked of the message", async (context) => {
  if (journaldMissing !== undefined) context.skip(journaldMissing);
  const journald = await journaldOfTest();
  const fields = { TLOG_USER: "alice", TLOG_ID: "1", REC_EVENT: "start", REC_COMMAND: "sh" };
  const ids = ["/srv", "/tmp"].map((cwd, index) => ({ cwd, id: `${boot}-${index + 1}-1` }));
  await sendEntries(
    journald,
    ids.map(({ cwd, id }) => ({
      ...fields,
      TLOG_REC: id,
      MESSAGE: message({ id: 1, timing: "", rec: id, start: { ...start, cwd } }).trimEnd(),
    })),
  );
  journald.sync();
  const found = list(["--json", "--namespace", journald.namespace, "--match", "cwd /tmp command sh"]).stdout;
  expect(JSON.parse(found)).toMatchObject({ rec: `${boot}-2-1`, cwd: "/tmp" });
});

test("--help and --version", () => {
  const golden = (name: string) => readFileSync(join(root, `test/golden-help/${name}.txt`), "utf8");
  for (const [args, text] of [
    [["--help"], golden("recctl")],
    [["list", "-h"], golden("recctl-list")],
    [["--version"], `recctl ${version}\n`],
  ] as const) {
    const { status, stdout } = spawnSync(recctl, args, { env: {} });
    expect([status, stdout.toString()]).toEqual([0, text]);
  }
});
