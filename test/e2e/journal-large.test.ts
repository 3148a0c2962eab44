/** Values of 30 MB in a journal, as anyone may file them: lists pass them over, and recordings are found beside them. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sendEntries, sendLargeEntry } from "../harness/journal-entry.ts";
import { journaldMissing, journaldOfTest } from "../harness/journald.ts";
import { root } from "../harness/recorder.ts";
import { message, rec, run, start } from "./play-program.ts";

/** All of them together are more than one string can hold. */
const entries = 20;
const largeBytes = 30_000_000;

test("large values break no list and hide no recording", async (context) => {
  if (journaldMissing !== undefined) context.skip(journaldMissing);
  const journald = await journaldOfTest();
  const line = message({ id: 1, timing: ">2", out: "hi", start }).trimEnd();
  await sendEntries(journald, [{ TLOG_REC: rec, TLOG_USER: "alice", TLOG_ID: "1", REC_EVENT: "start", MESSAGE: line }]);
  for (let i = 1; i <= entries; i++) {
    const large = `${i}${"x".repeat(largeBytes)}`;
    await sendLargeEntry(journald, { TLOG_REC: large, TLOG_ID: "7", MESSAGE: "x" });
    await sendLargeEntry(journald, { TLOG_REC: `other${i}`, TLOG_ID: "1", REC_COMMAND: large, MESSAGE: "x" });
  }
  journald.sync();
  const list = (...words: string[]) =>
    spawnSync(join(root, "bin/recctl"), ["list", "--namespace", journald.namespace, ...words], { maxBuffer: 1e9 });
  const { status, stdout, stderr } = list("--json");
  expect([status, stderr.toString()]).toEqual([0, ""]);
  const found = stdout
    .toString()
    .trim()
    .split("\n")
    .map((one) => JSON.parse(one) as { rec: string; command: string | null });
  expect(found).toHaveLength(entries + 1);
  expect(found.find((one) => one.rec === rec)).toMatchObject({ user: "alice" });
  expect(found.every(({ command }) => command === null)).toBe(true);
  expect(list().stdout.length).toBeLessThan(10_000);
  for (const wanted of [rec, rec.slice(-10)]) {
    const played = await run(["--namespace", journald.namespace, "-M", wanted, "--format", "raw"]);
    expect([played.stdout.toString(), played.status]).toEqual(["hi", 3]);
  }
});
