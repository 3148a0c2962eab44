/** A session that follows its own recording, on a real medium: it does not grow without end, and comes back byte by byte. */
import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type Journald, journaldMissing, journaldOfTest } from "../harness/journald.ts";
import { readRecording, rec, recordingFile } from "../harness/recorder.ts";
import { Session, until } from "../harness/session.ts";
import { run } from "./play-program.ts";

/** Every turn of an amplification takes a message: 500 bytes would have become 64 kB. */
const turns = 8;
const mostBytes = 20_000;

async function endedBy(session: Session): Promise<void> {
  session.type("\x03");
  await session.exited;
}

test("tail -f of the own file", async () => {
  const file = recordingFile();
  const session = new Session({
    args: [rec, "-o", file, "sh", "-c", `printf 'a "quoted" \\\\ text\\n'; tail -f -n +1 ${file}`],
  });
  await session.sees('"ver"');
  await until(() => readRecording(file).lines > turns, "turns");
  await endedBy(session);
  expect(statSync(file).size).toBeLessThan(mostBytes);
  const { output, lost, bad, gaps, end } = readRecording(file);
  expect(output.equals(session.shown)).toBe(true);
  expect([lost, bad, gaps]).toEqual([[], [], []]);
  expect(end).toBeDefined();
  const { status, stderr, stdout } = await run(["--format=raw", file]);
  expect([status, stderr, stdout.equals(session.shown)]).toEqual([0, "", true]);
});

function messagesOf({ namespace }: Journald): string[] {
  const args = ["--namespace", namespace, "--no-pager", "-q", "-o", "cat", "--all", "SYSLOG_IDENTIFIER=rec"];
  return execFileSync("journalctl", args)
    .toString()
    .split("\n")
    .filter((line) => line !== "");
}

describe.skipIf(journaldMissing !== undefined)(
  `journalctl -f (${journaldMissing ?? "with a journald of its own"})`,
  () => {
    test.each([[["-o", "short"]], [["-o", "cat"]], [["-o", "json", "--all"]]])("%j", async (form) => {
      const journald = await journaldOfTest();
      const follow = ["journalctl", "--namespace", journald.namespace, "-f", ...form];
      const session = new Session({
        args: [rec, "-w", "journal", "--journal-namespace", journald.namespace, ...follow],
      });
      await until(() => messagesOf(journald).length > turns, "turns");
      await endedBy(session);
      journald.sync();
      const messages = messagesOf(journald);
      expect(messages.join("").length).toBeLessThan(form.includes("json") ? 4 * mostBytes : mostBytes);
      const { status, stderr, stdout } = await run(["--format=raw", "-N", journald.namespace]);
      expect([status, stderr, stdout.equals(session.shown)]).toEqual([0, "", true]);
    });
  },
);
