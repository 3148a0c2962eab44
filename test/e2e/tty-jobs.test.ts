/** Job control around and inside of a recorded session. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readRecording, rec, recordingFile, temporaryFolder } from "../harness/recorder.ts";
import { Session, until } from "../harness/session.ts";

test("^Z, fg and bg belong to the shell inside", async () => {
  const session = new Session({
    args: [rec, "-o", recordingFile(), "bash", "--norc", "--noprofile", "-i"],
    environment: { PS1: "$ " },
  });
  await session.sees("$ ");
  session.type("cat\r");
  await until(() => session.shownText.includes("cat\r\n"), "cat");
  session.type("once\r");
  await session.sees("once\r\nonce\r\n");
  session.type("\x1a");
  await session.sees("Stopped");
  session.type("fg\r");
  // Typed sooner it would be the shell's.
  await session.sees(/Stopped.*fg\r\n.*cat\r\n/s);
  session.type("twice\r");
  await session.sees("twice\r\ntwice\r\n");
  session.type("\x04exit 9\r");
  expect(await session.exited).toEqual({ exit: 9, signal: null });
});

/** An interactive shell whose job the recorder is. */
async function jobShell(): Promise<Session> {
  const session = new Session({
    args: ["bash", "--norc", "--noprofile", "--noediting", "-i"],
    path: "/bin/bash",
    environment: { PS1: "outer$ " },
  });
  await session.sees("outer$ ");
  return session;
}

test("SIGTSTP gives the terminal back to the shell outside, SIGCONT takes it again", async () => {
  const folder = temporaryFolder();
  const session = await jobShell();
  session.type(
    `${rec} -o ${folder}/r sh -c 'echo $PPID >${folder}/pid; echo inside; while read x; do echo "<$x>"; done'\n`,
  );
  await session.sees("inside\r\n");
  await until(() => session.isTerminalRaw, "raw mode");
  process.kill(Number(readFileSync(join(folder, "pid"), "utf8")), "SIGTSTP");
  await session.sees("Stopped");
  expect(session.isTerminalRaw).toBe(false);
  session.type("echo o''utside\n");
  await session.sees("outside\r\n");
  session.type("fg\n");
  await until(() => session.isTerminalRaw, "raw mode again");
  session.type("again\r");
  await session.sees("<again>");
  session.type("\x04");
  await until(() => readRecording(join(folder, "r")).end !== undefined, "the end in the recording");
  expect(session.isTerminalRaw).toBe(false);
  expect(readRecording(join(folder, "r")).end?.exit).toBe(0);
});

test("a recorder in the background leaves the terminal to the shell, and takes it when it comes to the foreground", async () => {
  const folder = temporaryFolder();
  const session = await jobShell();
  session.type(`${rec} -o ${folder}/r sh -c 'echo begun; while read x; do echo "<$x>"; done' &\n`);
  await session.sees(/begun\r+\n/);
  session.type("echo sh''ell\n");
  await session.sees("shell\r\n");
  session.type("fg\n");
  await until(() => session.isTerminalRaw, "raw mode");
  session.type("mine\r");
  await session.sees("<mine>");
  session.type("\x04");
  await until(() => readRecording(join(folder, "r")).end !== undefined, "the end in the recording");
  expect(session.isTerminalRaw).toBe(false);
  expect(readRecording(join(folder, "r")).output.toString()).toContain("<mine>");
});
