/** recctl show: facts and commands of one recording, wherever it is. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { sendEntries } from "../harness/journal-entry.ts";
import { journaldMissing, journaldOfTest } from "../harness/journald.ts";
import { rec as recorder, temporaryFolder } from "../harness/recorder.ts";
import { Session, until } from "../harness/session.ts";
import { endOf, message, rec, start } from "./play-program.ts";
import { addRecording, administer, boot } from "./recctl-program.ts";

test("what is known, in words and as JSON", () => {
  const path = temporaryFolder();
  const file = addRecording(path, { pid: 7 });
  const words = administer(["show", "7-1", "--folder", path]);
  expect([words.status, words.stderr]).toEqual([0, ""]);
  expect(words.stdout).toMatch(new RegExp(`^id: +${boot}-7-1\nuser: +alice\n`));
  expect(words.stdout).toContain(`source:     ${file}\n`);
  expect(words.stdout).toMatch(/\nstate: +complete\n$/);
  const { stdout } = administer(["show", "--json", file]);
  expect(JSON.parse(stdout)).toMatchObject({
    rec: `${boot}-7-1`,
    exit: 0,
    state: "complete",
    missing: [],
    sender: null,
  });
});

test("what is missing is told, by words and by the status", () => {
  const path = join(temporaryFolder(), "x.jsonl");
  writeFileSync(
    path,
    message({ id: 1, timing: ">2", out: "hi", start }) + message({ id: 4, pos: 9, timing: ">1", out: "!" }),
  );
  const { status, stdout } = administer(["show", path]);
  expect(status).toBe(3);
  expect(stdout).toContain(
    "missing:    messages 2 to 3 are missing, between 0:00:00.000 and 0:00:00.009\n            the recording stops",
  );
  expect(stdout).toMatch(/state: +incomplete/);
});

test("marks, in words and as JSON", () => {
  const path = join(temporaryFolder(), "x.jsonl");
  writeFileSync(
    path,
    message({ id: 1, timing: "=80x24>1+20000>1=100x30>7", out: "a\x07\x1b]2;x\x1b\\", start, end: endOf(1) }),
  );
  const { stdout } = administer(["show", "--marks", path]);
  expect(stdout.split("\n").map((line) => line.split(/ {2,}/))).toEqual([
    ["AT", "MARK", "TEXT"],
    ["0:00:20.000", "idle", "after 20 s"],
    ["0:00:20.000", "bell"],
    ["0:00:20.000", "resize", "100x30"],
    ["0:00:20.000", "title", "x"],
    ["0:00:20.000", "end", "status 0"],
    [""],
  ]);
  expect(JSON.parse(administer(["show", "--marks", "--json", path]).stdout.split("\n")[2] ?? "")).toEqual({
    at: 20_000,
    kind: "resize",
    text: "100x30",
  });
});

test("control characters are escaped", () => {
  const evil = "\x1b[2J\u202e";
  const path = join(temporaryFolder(), `${evil}.jsonl`);
  writeFileSync(
    path,
    message({ id: 1, timing: ">9", out: `${evil}$ `, start: { ...start, command: [evil], cwd: evil } }),
  );
  for (const args of [
    ["show", path],
    ["show", "--json", path],
    ["show", "--commands", path],
    ["show", "--marks", path],
  ]) {
    const { stdout, stderr } = administer(args);
    expect(stdout + stderr).not.toMatch(/[^\n\x20-\x7e]/);
  }
});

test("one that is nowhere: every place that was looked at is told", () => {
  const [one, other] = [temporaryFolder(), temporaryFolder()];
  const none = "no recording has such an ID\n";
  expect(administer(["show", "3-3"], { HOME: one }).stderr).toMatch(
    new RegExp(
      `cannot find the recording 3-3 in ${one}/.local/share/rec-session (or|\\(and .*) the journal.*: ${none}`,
    ),
  );
  expect(administer(["show", "3-3", "--folder", one, "--folder", other]).stderr).toContain(`${one}, ${other}: ${none}`);
});

test("one of a file with several, and in the journal with who wrote it", async (context) => {
  const file = join(temporaryFolder(), "all");
  const other = `${boot}-2-2`;
  writeFileSync(file, message({ id: 1, timing: "", start }) + message({ id: 1, timing: "", rec: other, start }));
  expect(JSON.parse(administer(["show", "--json", "-i", file, "2-2"]).stdout)).toMatchObject({ rec: other });
  expect(administer(["show", "-i", file, "3-3"]).stderr).toContain("no recording has such an ID");
  if (journaldMissing !== undefined) context.skip(journaldMissing);
  const journald = await journaldOfTest();
  const line = message({ id: 1, timing: "", start, end: endOf(1) }).trimEnd();
  await sendEntries(journald, [{ TLOG_REC: rec, TLOG_ID: "1", TLOG_USER: "alice", MESSAGE: line }]);
  journald.sync();
  const { status, stdout } = administer(["show", "--json", "-N", journald.namespace, rec]);
  expect(status).toBe(3);
  expect(JSON.parse(stdout)).toMatchObject({ rec, sender: { isNamed: false, _UID: String(process.getuid?.()) } });
});

describe("--commands", () => {
  test("of a real shell: guessed at its prompt, told where it marks them", async () => {
    const folder = temporaryFolder();
    const file = join(folder, "x.jsonl");
    const marks =
      "PS1='\\[\\e]133;A\\a\\]told$ \\[\\e]133;B\\a\\]'; PS0='\\e]133;C\\a'; PROMPT_COMMAND='printf \"\\e]133;D;$?\\a\"'";
    writeFileSync(join(folder, "marks"), marks);
    const typed = ["uname -s", ". ./marks", "ls /nonexistent", "exit"];
    const session = new Session({
      args: ["/bin/sh", "-c", `cd "$HOME" && exec "$0" -o "$1" bash --norc -i`, recorder, file],
      environment: { PS1: "$ ", HOME: folder },
    });
    for (const [prompts, line] of typed.entries()) {
      await until(() => session.shownText.split("$ ").length === prompts + 2, `the prompt of ${line}`);
      session.type(`${line}\r`);
    }
    await session.exited;
    const { stdout } = administer(["show", "--commands", "--json", file]);
    const found = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(found.map(({ how, command }) => [how, command])).toEqual([
      ["guessed", "uname -s"],
      ["guessed", ". ./marks"],
      ["told", "ls /nonexistent"],
      ["told", "exit"],
    ]);
    expect(found[2]).toMatchObject({ status: 2 });
    expect(administer(["show", "--commands", file]).stdout).toMatch(
      /^AT +HOW +STATUS +COMMAND\n.*guessed +- +uname -s\n/,
    );
  });
});
