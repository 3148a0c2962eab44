/** What recctl list lists, and what it refuses. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { formatRecordingName } from "../../src/catalog/name.ts";
import { version } from "../../src/version.ts";
import { sendEntries } from "../harness/journal-entry.ts";
import { journaldMissing, journaldOfTest } from "../harness/journald.ts";
import { root, temporaryFolder } from "../harness/recorder.ts";
import { message, rec, run, start } from "./play-program.ts";

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
  [["--since", "banana"], 2, "expected a time, such as yesterday"],
  [["--file", "/etc/passwd"], 1, "cannot play /etc/passwd: line 1: "],
  [["--file", "/dev/null"], 1, "cannot play /dev/null: it holds no messages"],
  [["--folder", "/nonexistent"], 1, "cannot find a recording in /nonexistent: it holds none"],
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
  await new Promise((resolve) => setTimeout(resolve, 20));
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
])("recctl %j is refused", (args, sentence) => {
  const { status, stdout, stderr } = spawnSync(recctl, args, { env: {} });
  expect([status, stdout.toString()]).toEqual([2, ""]);
  expect(stderr.toString()).toContain(`recctl: ${sentence}`);
});

test("a folder is named by rec-play's option, by the beginning of it, and by the short word", () => {
  const folder = join(home(), ".local/share/rec-session");
  for (const option of ["--folder-path", "--fold", "--folder"]) {
    expect(JSON.parse(list(["--json", option, folder]).stdout)).toMatchObject({ rec });
  }
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
