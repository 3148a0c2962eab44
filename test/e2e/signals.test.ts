/** Signals to the recorder: flush, hang up, leave by the same signal; ignored ones stay ignored. */
import { readFileSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readRecording, rec, recordingFile, temporaryFolder } from "../harness/recorder.ts";
import { Session, until } from "../harness/session.ts";

const { signals } = constants;
const pipes = ["pipe", "pipe", "pipe"] as const;
const terminals = ["terminal", "terminal", "terminal"] as const;

test.each(["SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGALRM", "SIGXCPU"] as const)(
  "%s ends the session and the recorder, with all that was said in between",
  async (name) => {
    for (const stdio of [pipes, terminals]) {
      const file = recordingFile();
      const script = `trap "echo last; exit 0" HUP INT QUIT TERM USR1 USR2 ALRM XCPU; echo ready; while :; do sleep 0.02; done`;
      const session = new Session({ args: [rec, "-o", file, "bash", "-c", script], stdio });
      const shown = (): string => session.shownText + (session.stdout?.content.toString() ?? "");
      await until(() => shown().includes("ready"), "ready");
      session.kill(name);
      expect(await session.exited).toEqual({ exit: null, signal: signals[name] });
      expect(shown()).toContain("last");
      const recorded = readRecording(file);
      expect(recorded.output.toString()).toContain("last");
      expect(recorded.end).toMatchObject({ exit: 0, signal: null });
      expect(recorded.bad).toEqual([]);
    }
  },
);

test("without a terminal the program is sent the very signal", async () => {
  const script = `trap "echo got TERM; exit" TERM; trap "echo got HUP; exit" HUP; echo ready; while :; do sleep 0.02; done`;
  const session = new Session({ args: [rec, "-w", "none", "sh", "-c", script], stdio: pipes });
  await until(() => session.stdout?.content.includes("ready") ?? false, "ready");
  session.kill("SIGTERM");
  await session.exited;
  expect(session.stdout?.content.toString()).toContain("got TERM");
});

test("the same signal many times ends it once, and nothing is recorded twice", async () => {
  const file = recordingFile();
  const script = `trap "echo last; exit 0" HUP; echo ready; while :; do sleep 0.02; done`;
  const session = new Session({ args: [rec, "-o", file, "sh", "-c", script] });
  await session.sees("ready");
  for (let i = 0; i < 50; i++) session.kill("SIGTERM");
  for (let i = 0; i < 50; i++) session.kill("SIGHUP");
  // Of two that wait together the kernel gives the lower number first.
  expect([signals.SIGTERM, signals.SIGHUP]).toContain((await session.exited).signal);
  const text = readRecording(file).output.toString();
  expect(text.split("last").length).toBe(2);
});

test("signals that were ignored, as under nohup, do not end it, and the program ignores them too", async () => {
  const file = recordingFile();
  const ignoredSignals = (1n << BigInt(signals.SIGHUP - 1)) | (1n << BigInt(signals.SIGINT - 1));
  const session = new Session({
    args: [rec, "-o", file, "sh", "-c", "grep SigIgn /proc/self/status; echo ready; read x; echo end"],
    stdio: pipes,
    ignoredSignals,
  });
  await until(() => session.stdout?.content.includes("ready") ?? false, "ready");
  session.kill("SIGHUP");
  session.kill("SIGINT");
  session.feed("\n");
  expect(await session.exited).toEqual({ exit: 0, signal: null });
  expect(session.stdout?.content.toString()).toMatch(/0003\nready\nend\n$/);
});

test("signals that were blocked end the recorder all the same, and are blocked in the program", async () => {
  const blockedSignals = (1n << BigInt(signals.SIGTERM - 1)) | (1n << BigInt(signals.SIGUSR1 - 1));
  const session = new Session({
    args: [rec, "-w", "none", "cat", "/proc/self/status", "-"],
    stdio: pipes,
    blockedSignals,
  });
  await until(() => session.stdout?.content.includes("SigBlk") ?? false, "its status");
  expect(session.stdout?.content.toString()).toMatch(/SigBlk:\s0000000000004200\n/);
  session.kill("SIGTERM");
  expect(await session.exited).toEqual({ exit: null, signal: signals.SIGTERM });
});

test("a key's SIGINT reaches a program without a pty once, from the terminal, and the program decides", async () => {
  const folder = temporaryFolder();
  // Nothing of the recorder's is a terminal, but its process group is the terminal's foreground.
  const script = `trap "echo int >>${folder}/ints" INT; echo ready >${folder}/ready; while ! test -e ${folder}/ints; do sleep 0.02; done; exit 8`;
  const session = new Session({
    args: [
      "/bin/sh",
      "-c",
      `trap : INT; ${rec} -o ${folder}/r sh -c '${script}' </dev/null >/dev/null 2>&1; echo "left with $?."; read wait`,
    ],
  });
  const exists = (name: string): boolean => {
    try {
      return readFileSync(join(folder, name)).length > 0;
    } catch {
      return false;
    }
  };
  await until(() => exists("ready"), "ready");
  session.type("\x03");
  await session.sees("left with 8.");
  expect(readFileSync(join(folder, "ints"), "utf8")).toBe("int\n");
  expect(readRecording(join(folder, "r")).end).toMatchObject({ exit: 8 });
});

test("keys that make signals are the program's terminal's business", async () => {
  const session = new Session({
    args: [
      rec,
      "-w",
      "none",
      "bash",
      "-c",
      "trap 'echo int' INT; trap 'echo quit' QUIT; echo ready; while :; do sleep 0.02; done",
    ],
  });
  await session.sees("ready");
  session.type("\x03");
  await session.sees("int\r\n");
  session.type("\x1c");
  await session.sees("quit\r\n");
  expect(session.isRunning).toBe(true);
});

test("a signal while the recorder starts leaves nothing running", async () => {
  for (let i = 0; i < 10; i++) {
    const folder = temporaryFolder();
    const session = new Session({
      args: [rec, "-o", join(folder, "r"), "sh", "-c", `echo $$ >${folder}/pid; sleep 600`],
    });
    const delayMs = i * 8;
    const since = performance.now();
    await until(() => performance.now() - since > delayMs, "a moment");
    session.kill("SIGTERM");
    expect((await session.exited).signal).toBe(signals.SIGTERM);
    let program = 0;
    try {
      program = Number(readFileSync(join(folder, "pid"), "utf8"));
    } catch {
      continue;
    }
    if (program > 0) expect(() => process.kill(program, 0)).toThrow("ESRCH");
  }
});
