/** A recorder that is killed without warning loses less than a second, and leaves a file that plays. */
import { createReadStream } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readRecording, rec, root, run, temporaryFolder } from "../harness/recorder.ts";
import { Session, until } from "../harness/session.ts";

/** Prints the moment, again and again. */
const stamps = `let n = 0; setInterval(() => process.stdout.write("@" + Date.now() + " " + "x".repeat(n++ % 50) + "\\n"), 5)`;

function lastStamp(text: string): number {
  return Number([...text.matchAll(/@(\d{13})/g)].at(-1)?.[1] ?? 0);
}

test.each([0, 1, 2, 3, 4, 5])("SIGKILL at a random moment (%i)", async (round) => {
  const folder = temporaryFolder();
  const file = join(folder, "r");
  const stdio = round % 2 === 0 ? (["terminal", "terminal", "terminal"] as const) : (["pipe", "pipe", "pipe"] as const);
  const session = new Session({ args: [rec, "-o", file, process.execPath, "-e", stamps], stdio });
  const shown = (): string => session.shownText + (session.stdout?.content.toString() ?? "");
  const aliveMs = 1200 + Math.random() * 900;
  await until(() => lastStamp(shown()) > 0, "output");
  const start = performance.now();
  await until(() => performance.now() - start > aliveMs, "a random moment");
  session.kill("SIGKILL");
  await session.exited;
  const recorded = readRecording(file);
  const lostMs = lastStamp(shown()) - lastStamp(recorded.output.toString());
  expect(lostMs, `after ${aliveMs} ms`).toBeLessThan(1000);
  expect(Buffer.from(shown()).subarray(0, recorded.output.length).equals(recorded.output)).toBe(true);
  expect(recorded.bad.length).toBeLessThanOrEqual(1);
  expect(recorded.unended).toBeDefined();
  const played = await run([join(root, "bin/rec-play"), "--format", "raw", file]);
  expect(played.stdout.equals(recorded.output)).toBe(true);
  expect(played.exit).toBe(3);
  expect(played.stderr).not.toBe("");
});

test("a flood that is killed: what is in the file is what was shown, to the byte", async () => {
  const folder = temporaryFolder();
  const file = join(folder, "r");
  const session = new Session({ args: [rec, "-o", file, "seq", "100000000"], isRaw: true });
  await until(() => (session.screen?.bytes ?? 0) > 5_000_000, "output");
  session.kill("SIGKILL");
  await session.exited;
  const recorded = readRecording(file);
  const common = Math.min(recorded.output.length, session.shown.length);
  expect(common).toBeGreaterThan(1_000_000);
  expect(recorded.output.subarray(0, common).equals(session.shown.subarray(0, common))).toBe(true);
  expect(recorded.gaps).toEqual([]);
  // Half a line at the end at most.
  let last = "";
  for await (const chunk of createReadStream(file)) last = String(chunk);
  expect(recorded.bad.length).toBe(last.endsWith("\n") ? 0 : 1);
});
