/** The exit status is the program's, however it ended. */

import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { constants, userInfo } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readRecording, rec, recordingFile, run, temporaryFolder } from "../harness/recorder.ts";
import { block, plainEnvironment, Session } from "../harness/session.ts";

const { signals } = constants;
const none = ["-w", "none"];

test("every exit status from 0 to 255 passes through", async () => {
  const codes = Array.from({ length: 256 }, (_, code) => code);
  const seen: (number | null)[] = [];
  const lane = async (from: number): Promise<void> => {
    for (let code = from; code < codes.length; code += 4) {
      const { exit } = await run([rec, ...none, "sh", "-c", `exit ${code}`]);
      seen[code] = exit;
    }
  };
  await Promise.all([0, 1, 2, 3].map(lane));
  expect(seen).toEqual(codes);
}, 120_000);

test.each([
  "SIGHUP",
  "SIGINT",
  "SIGQUIT",
  "SIGILL",
  "SIGABRT",
  "SIGKILL",
  "SIGSEGV",
  "SIGPIPE",
  "SIGALRM",
  "SIGTERM",
  "SIGUSR1",
  "SIGUSR2",
  "SIGXFSZ",
] as const)("death by %s is passed on and recorded", async (name) => {
  for (const stdio of [
    ["pipe", "pipe", "pipe"],
    ["terminal", "terminal", "terminal"],
  ] as const) {
    const file = recordingFile();
    const session = new Session({
      args: [rec, "-o", file, "sh", "-c", `ulimit -c 0; kill -${signals[name]} $$`],
      stdio,
    });
    expect(await session.exited).toEqual({ exit: null, signal: signals[name] });
    expect(readRecording(file).end).toMatchObject({ exit: null, signal: name });
  }
});

test("death by a real-time signal is passed on", async () => {
  const file = recordingFile();
  expect(await run([rec, "-o", file, "bash", "-c", "kill -40 $$"])).toMatchObject({ exit: null, signal: 40 });
  expect(readRecording(file).end?.signal).toMatch(/^SIG/);
});

test.each([
  ["a missing command", "no-such-command", 127, "no such file or directory"],
  ["a missing path", "/nonexistent/command", 127, "no such file or directory"],
  ["a folder", "/tmp", 126, "permission denied"],
  ["a file that is not executable", "/etc/passwd", 126, "permission denied"],
  ["an empty name", "", 127, "no such file or directory"],
])("%s: status as a shell's, one sentence, and the recording says so", async (_, command, status, why) => {
  const file = recordingFile();
  const { exit, stderr, stdout } = await run([rec, "-o", file, command]);
  expect(exit).toBe(status);
  expect(stderr).toBe(`rec: cannot run ${command}: ${why}\n`);
  expect(stdout.length).toBe(0);
  const recorded = readRecording(file);
  expect(recorded.end).toMatchObject({ exit: status, signal: null });
  expect(recorded.output.length).toBe(0);
});

test("the command is searched in the user's PATH, as execvp does", async () => {
  const folder = temporaryFolder();
  for (const name of ["first", "second", "third"]) mkdirSync(join(folder, name));
  writeFileSync(join(folder, "first/tool"), "#!/bin/sh\necho first\n");
  writeFileSync(join(folder, "second/tool"), "echo script without a first line, called $0 $1\n");
  chmodSync(join(folder, "second/tool"), 0o755);
  const environment = block({
    ...plainEnvironment,
    PATH: `${folder}/first:${folder}/missing:${folder}/second:/bin:/usr/bin`,
  });
  const { stdout, exit } = await run([rec, "-o", recordingFile(), "tool", "x"], { environment });
  expect(exit).toBe(0);
  expect(stdout.toString()).toBe(`script without a first line, called ${folder}/second/tool x\n`);
  const onlyDenied = block({ ...plainEnvironment, PATH: `${folder}/first:${folder}/missing` });
  expect((await run([rec, ...none, "tool"], { environment: onlyDenied })).exit).toBe(126);
});

test("without a command it is $SHELL, then the shell of the passwd file", async (ctx) => {
  const shell = (SHELL: string) => ({ environment: block({ ...plainEnvironment, SHELL }), input: "echo $0; exit 3\n" });
  expect(await run([rec, ...none], shell("/bin/sh"))).toMatchObject({ exit: 3, stdout: Buffer.from("/bin/sh\n") });
  const { shell: own } = userInfo();
  ctx.skip(own?.endsWith("sh") !== true, `this user's shell is ${own}`);
  expect(await run([rec, ...none], { input: "exit 4\n" })).toMatchObject({ exit: 4 });
});

test("a command's options are its own", async () => {
  const { stdout } = await run([rec, ...none, "echo", "-o", "--help", "--", "x"]);
  expect(stdout.toString()).toBe("-o --help -- x\n");
  expect((await run([rec, ...none, "--", "printf", "%s", "--help"])).stdout.toString()).toBe("--help");
});
