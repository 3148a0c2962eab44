/** Where no pseudo-terminal is to be had, nothing is recorded, and nothing is left behind. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { rec, temporaryFolder } from "../harness/recorder.ts";
import { Session } from "../harness/session.ts";

// A folder that is no devpts: openpty() fails.
const withoutTerminals = "mount -t tmpfs none /dev/pts";

function lacksMounts(): string | undefined {
  try {
    execFileSync("unshare", ["--mount", "sh", "-c", withoutTerminals], { stdio: "ignore" });
    return undefined;
  } catch {
    return "no right to mount";
  }
}

test("a session that gets no pseudo-terminal leaves no empty recording", async (context) => {
  const missing = lacksMounts();
  if (missing !== undefined) context.skip(missing);
  const home = temporaryFolder();
  const recordings = join(home, "recordings");
  const script = `${withoutTerminals} && exec "$0" --folder-path "$1" -w folder -- echo shown`;
  const session = new Session({
    args: ["/usr/bin/unshare", "--mount", "/bin/sh", "-c", script, rec, recordings],
    environment: { HOME: home, PATH: "/usr/bin:/bin" },
  });
  await session.exited;
  expect(session.shownText).toContain("rec: cannot open a pseudo-terminal: ");
  expect(session.shownText).not.toContain("shown\r\n");
  expect(existsSync(recordings)).toBe(false);
});
