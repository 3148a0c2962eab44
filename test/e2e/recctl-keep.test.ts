/** recctl delete and prune: what goes, what stays, and what is told. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { keptName } from "../../src/kept-name.ts";
import { sendEntries } from "../harness/journal-entry.ts";
import { journaldMissing, journaldOfTest } from "../harness/journald.ts";
import { temporaryFolder } from "../harness/recorder.ts";
import { addRecording, administer, boot, recctl } from "./recctl-program.ts";

/** Recordings 1 to 4, of 1, 20, 300 and 4000 days. */
function folder(): { path: string; files: string[] } {
  const path = temporaryFolder();
  const files = [1, 20, 300, 4000].map((days, i) =>
    addRecording(path, { pid: i + 1, user: i === 3 ? "bob" : "alice", days }),
  );
  return { path, files };
}

describe("recctl prune", () => {
  test("removes what is old, and tells what; --dry-run only tells", () => {
    const { path, files } = folder();
    const words = ["prune", "--older-than", "90d", "--folder-path", path];
    const dry = administer([...words, "--dry-run"]);
    expect([dry.status, dry.stderr]).toEqual([0, expect.stringMatching(/: 2 would be removed \(1\.\dk\)\n$/)]);
    expect(
      dry.stdout
        .trimEnd()
        .split("\n")
        .map((line) => line.split("  ").slice(0, 3)),
    ).toEqual([
      ["would remove", `${boot}-4-1`, "bob"],
      ["would remove", `${boot}-3-1`, "alice"],
    ]);
    expect(readdirSync(path)).toHaveLength(4);
    const done = administer(words);
    expect([done.status, done.stdout]).toEqual([0, dry.stdout.replaceAll("would remove", "removed")]);
    expect(done.stderr).toMatch(/^recctl: \S+: 2 removed \(1\.\dk\)\n$/);
    expect(
      readdirSync(path)
        .map((file) => `${path}/${file}`)
        .toSorted(),
    ).toEqual(files.slice(0, 2).toSorted());
  });

  test("down to a size, but for a user; what is still too large is told", () => {
    const { path } = folder();
    const outcome = administer(["prune", "--max-size", "1", "--keep-user", "bob", "--folder", path]);
    expect(outcome.status).toBe(1);
    expect(outcome.stderr).toMatch(/3 removed \(1\.\dk\), still \d+ too large\n$/);
    expect(readdirSync(path).join()).toMatch(/^[^,]*_bob_[^,]*$/);
  });

  test("what cannot be removed is told, and the others go", (context) => {
    const { path, files } = folder();
    const script = `mount --bind /etc/hostname "$0" && exec "$@"`;
    const words = ["-m", "sh", "-c", script, files[2] ?? "", recctl, "prune", "--older-than", "10d", "--folder", path];
    if (spawnSync("unshare", ["-m", "true"]).status !== 0) context.skip("needs root, who may mount");
    // A file that something is mounted on holds another recording than its name says.
    const hidden = spawnSync("unshare", words);
    expect([hidden.status, readdirSync(path).length]).toEqual([0, 2]);
    const busy = folder();
    const self = `mount --bind "$0" "$0" && exec "$@"`;
    const again = [
      "-m",
      "sh",
      "-c",
      self,
      busy.files[2] ?? "",
      recctl,
      "prune",
      "--older-than",
      "10d",
      "--folder",
      busy.path,
    ];
    const outcome = spawnSync("unshare", again);
    expect(outcome.status).toBe(1);
    expect(outcome.stderr.toString()).toContain(`cannot remove ${busy.files[2]}: resource busy or locked`);
    expect(outcome.stderr.toString()).toMatch(/2 removed \(1\.\dk\), 1 could not be\n$/);
    expect(readdirSync(busy.path)).toHaveLength(2);
  });

  test.each([
    [["prune"], 2, "prune needs --older-than, --max-size, or both"],
    [["prune", "--max-size", "10X"], 2, "expected a size, such as 500M or 10G"],
    [["prune", "--max-size", "1G"], 1, "cannot open /nonexistent/.local/share/rec-session: no such file or directory"],
  ])("%j is refused", (args, status, sentence) => {
    const outcome = administer(args);
    expect(outcome).toMatchObject({ status, stdout: "" });
    expect(outcome.stderr).toContain(sentence);
  });
});

describe("recctl delete", () => {
  test("removes those that are named, or none where one is not found or could be several", () => {
    const { path } = folder();
    const words = ["--folder", path];
    expect(administer(["delete", "2-1", "77-1", ...words])).toMatchObject({ status: 1, stdout: "" });
    expect(administer(["delete", "2-1", boot, ...words]).stderr).toContain("4 recordings match");
    expect(administer(["delete", "2-1", ...words, "--dry-run"]).stdout).toMatch(/^would remove {2}b74/);
    expect(readdirSync(path)).toHaveLength(4);
    const { status, stdout } = administer(["delete", "2-1", `${boot}-4-1`, ...words]);
    expect([status, stdout.match(/^removed {2}/gm)?.length, readdirSync(path).length]).toEqual([0, 2, 2]);
  });

  test("what the journal holds stays there, and that is said", async (context) => {
    if (journaldMissing !== undefined) context.skip(journaldMissing);
    const journald = await journaldOfTest();
    const rec = `${boot}-91-1`;
    await sendEntries(journald, [{ TLOG_REC: rec, TLOG_ID: "1", TLOG_USER: "alice", MESSAGE: "x" }]);
    journald.sync();
    // The system's journal, for this recctl alone.
    const machine = readFileSync("/etc/machine-id", "latin1").trim();
    const journals = temporaryFolder();
    cpSync(journald.directory, join(journals, machine), { recursive: true });
    const script = `mount --bind "$0" /var/log/journal && exec "$@"`;
    const words = ["-m", "sh", "-c", script, journals, recctl, "delete", "91-1", "--folder-path", folder().path];
    const { status, stderr } = spawnSync("unshare", words, { env: { PATH: process.env["PATH"] } });
    expect([status, stderr.toString()]).toEqual([
      1,
      expect.stringContaining("the journal holds it, and only journald drops"),
    ]);
  });

  test("with what a player has kept beside one; that is no recording of its own", () => {
    const { path, files } = folder();
    for (const file of files) writeFileSync(`${file}.idx`, "kept");
    expect(administer(["list", "--json", "--folder-path", path]).stdout.match(/"rec":/g)).toHaveLength(4);
    expect(administer(["delete", `${boot}-2-1`, "--folder-path", path]).status).toBe(0);
    expect(administer(["prune", "--older-than", "2000d", "--folder-path", path]).stderr).toMatch(/: 1 removed/);
    const left = [files[0], files[2]].flatMap((file) => [`${file}`, `${file}.idx`]);
    expect(
      readdirSync(path)
        .map((file) => `${path}/${file}`)
        .toSorted(),
    ).toEqual(left.toSorted());
  });

  test("a file of another name is left alone", () => {
    const { path, files } = folder();
    const text = administer(["show", "--json", files[0] ?? ""]).stdout;
    expect(JSON.parse(text)).toMatchObject({ rec: `${boot}-1-1` });
    writeFileSync(`${path}/mine.jsonl`, "x");
    expect(administer(["delete", "mine", "--folder", path]).stderr).toContain("no recording has such an ID");
    expect(readdirSync(path)).toHaveLength(5);
  });
});

test("what who removes it keeps of a recording in his cache goes with it", () => {
  const folder = temporaryFolder();
  const home = temporaryFolder();
  const path = addRecording(folder, { pid: 7 });
  const cache = join(home, ".cache/rec-session");
  mkdirSync(cache, { recursive: true });
  writeFileSync(join(cache, keptName(path, "7-1")), "");
  writeFileSync(join(cache, keptName(`${path}.jsonl`, null)), "");
  expect(administer(["delete", "7-1", "--folder-path", folder, "--dry-run"], { HOME: home }).status).toBe(0);
  expect(readdirSync(cache)).toHaveLength(2);
  expect(administer(["delete", "7-1", "--folder-path", folder], { HOME: home }).status).toBe(0);
  expect(readdirSync(cache)).toEqual([keptName(`${path}.jsonl`, null)]);
});
