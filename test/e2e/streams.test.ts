/** Sessions without a terminal: three streams stay three streams, exactly. */
import { createHash, randomBytes } from "node:crypto";
import { chmodSync, closeSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { programs, readRecording, rec, recordingFile, run, temporaryFolder } from "../harness/recorder.ts";
import { block, plainEnvironment, Session, until } from "../harness/session.ts";

const { signals } = constants;

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

test("what is piped in comes out, and is recorded", async () => {
  const file = recordingFile();
  const { stdout, stderr, exit } = await run([rec, "-o", file, "cat"], { input: "x" });
  expect({ stdout: stdout.toString(), stderr, exit }).toEqual({ stdout: "x", stderr: "", exit: 0 });
  const recorded = readRecording(file);
  expect(recorded.output.toString()).toBe("x");
  expect(recorded.windows).toEqual([]);
  expect(recorded.head?.start).toMatchObject({ command: ["cat"], tty: null });
  expect(recorded.end).toMatchObject({ exit: 0, signal: null, outBytes: 1 });
});

test("50 MB of random bytes come out unchanged, and the recording holds them", async () => {
  const folder = temporaryFolder();
  const bytes = randomBytes(50_000_000);
  writeFileSync(join(folder, "bytes"), bytes);
  const { stdout, exit } = await run([rec, "-o", join(folder, "r"), "cat", join(folder, "bytes")]);
  expect(exit).toBe(0);
  expect([stdout.length, sha256(stdout)]).toEqual([bytes.length, sha256(bytes)]);
  const recorded = readRecording(join(folder, "r"));
  expect(recorded.bad).toEqual([]);
  expect(sha256(recorded.output)).toBe(sha256(bytes));
  expect(recorded.end).toMatchObject({ outBytes: bytes.length });
}, 120_000);

test("random bytes pass both ways at once, and the recording holds both", async () => {
  const file = recordingFile();
  const bytes = randomBytes(process.env["REC_LONG"] === undefined ? 5_000_000 : 50_000_000);
  const { stdout, exit } = await run([rec, "--log-input", "-o", file, "cat"], { input: bytes });
  expect(exit).toBe(0);
  expect([stdout.length, sha256(stdout)]).toEqual([bytes.length, sha256(bytes)]);
  const recorded = readRecording(file);
  expect(recorded.bad).toEqual([]);
  expect(sha256(recorded.output)).toBe(sha256(bytes));
  expect(sha256(recorded.input)).toBe(sha256(bytes));
  expect(recorded.end).toMatchObject({ inBytes: bytes.length, outBytes: bytes.length });
}, 120_000);

test("stdout and stderr stay apart, each exact", async () => {
  const folder = temporaryFolder();
  const out = randomBytes(2_000_000);
  const err = randomBytes(1_000_000);
  writeFileSync(join(folder, "out"), out);
  writeFileSync(join(folder, "err"), err);
  const file = join(folder, "recording.jsonl");
  const script = `cat ${folder}/out & cat ${folder}/err >&2; wait`;
  const session = new Session({ args: [rec, "-o", file, "sh", "-c", script], stdio: ["pipe", "pipe", "pipe"] });
  expect(await session.exited).toEqual({ exit: 0, signal: null });
  expect(session.stdout?.content.equals(out)).toBe(true);
  expect(session.stderr?.content.equals(err)).toBe(true);
  expect(readRecording(file).output.length).toBe(out.length + err.length);
});

test("2>&1 keeps the order of both", async () => {
  const script = "i=0; while [ $i -lt 500 ]; do echo o$i; echo e$i >&2; i=$((i+1)); done";
  const plain = await run(["sh", "-c", `sh -c '${script}' 2>&1`], { path: "/bin/sh" });
  const recorded = await run(["sh", "-c", `${rec} -w none sh -c '${script}' 2>&1`], { path: "/bin/sh" });
  expect(recorded.stdout.toString()).toBe(plain.stdout.toString());
});

test.each([
  ["standard input", "<&-", "0"],
  ["standard output", ">&-", "1"],
  ["standard error", "2>&-", "2"],
])("a closed %s stays closed", async (_, redirection, fd) => {
  const folder = temporaryFolder();
  const list = `ls /proc/self/fd >${folder}/fds`;
  // ls opens a directory; whatever the shell redirects for it is not what is asked for.
  const script = `test -e /proc/$$/fd/${fd} && echo open >${folder}/found || echo closed >${folder}/found; ${list}`;
  const command = `${rec} -o ${folder}/r sh -c '${script}' ${redirection}`;
  const { exit } = await run(["sh", "-c", command], { path: "/bin/sh" });
  expect(exit).toBe(0);
  expect(readFileSync(join(folder, "found"), "utf8")).toBe("closed\n");
  expect(readRecording(join(folder, "r")).end?.exit).toBe(0);
});

test("all three closed: the program runs, and is recorded as having said nothing", async () => {
  const folder = temporaryFolder();
  const session = new Session({
    args: [rec, "-o", join(folder, "r"), "sh", "-c", `ls /proc/$$/fd >${folder}/fds`],
    stdio: ["closed", "closed", "closed"],
  });
  expect(await session.exited).toEqual({ exit: 0, signal: null });
  const fds = readFileSync(join(folder, "fds"), "utf8").trim().split("\n");
  // 1 is the redirection of ls itself, and in the shell it is closed; dash keeps a copy above 9.
  expect(fds.filter((fd) => fd === "0" || fd === "2")).toEqual([]);
  expect(readRecording(join(folder, "r")).end?.exit).toBe(0);
});

test("the end of standard input reaches the program while its output goes on", async () => {
  const session = new Session({
    args: [rec, "--log-input", "-o", recordingFile(), "sh", "-c", "cat >/dev/null; echo after; read x; echo $?"],
    stdio: ["pipe", "pipe", "pipe"],
  });
  session.feed("data");
  session.endStdin();
  await session.exited;
  expect(session.stdout?.content.toString()).toBe("after\n1\n");
});

test.each([
  ["recorded", ["--log-input"]],
  ["not recorded", []],
])("a program that closes its standard input is told to the feeder, input %s", async (_, options) => {
  const session = new Session({
    args: [rec, ...options, "-o", recordingFile(), "sh", "-c", "exec <&-; echo closed; read x <&1; sleep 60"],
    stdio: ["pipe", "pipe", "pipe"],
  });
  await until(() => session.stdout?.content.includes("closed") ?? false, "closed");
  session.feed(Buffer.alloc(1_000_000));
  await until(() => !session.isStdinOpen, "EPIPE");
  expect(session.isRunning).toBe(true);
});

test("a program that closes its standard output is told to the reader, and goes on", async () => {
  const session = new Session({
    args: [rec, "-o", recordingFile(), "sh", "-c", "echo last; exec >&-; read x; echo end >&2"],
    stdio: ["pipe", "pipe", "pipe"],
  });
  await until(() => session.stdout?.isOpen === false, "the end of stdout");
  expect(session.stdout?.content.toString()).toBe("last\n");
  session.feed("\n");
  expect(await session.exited).toEqual({ exit: 0, signal: null });
  expect(session.stderr?.content.toString()).toBe("end\n");
});

test.each([
  ["output", []],
  ["input too", ["--log-input"]],
])("yes | head: the writer of a pipe whose reader left ends by SIGPIPE, recording %s", async (_, options) => {
  const file = recordingFile();
  const session = new Session({ args: [rec, ...options, "-o", file, "yes"], stdio: ["pipe", "pipe", "pipe"] });
  await until(() => (session.stdout?.bytes ?? 0) > 1000, "output");
  session.stdout?.close();
  expect(await session.exited).toEqual({ exit: null, signal: signals.SIGPIPE });
  expect(readRecording(file).end).toMatchObject({ exit: null, signal: "SIGPIPE" });
});

test("a file as standard input is handed on itself, with its offset", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "lines"), "1\n2\n3\n4\n5\n6\n7\n8\n");
  const command = `(read a; ${rec} -o ${folder}/r sh -c 'read b; echo $b'; cat) <${folder}/lines`;
  const { stdout } = await run(["sh", "-c", command], { path: "/bin/sh" });
  expect(stdout.toString()).toBe("2\n3\n4\n5\n6\n7\n8\n");
});

test("a background job that holds the pipe is waited for, as by the reader without us", async () => {
  const [go, late] = [join(temporaryFolder(), "go"), recordingFile()];
  const waiting = new Session({
    args: [rec, "-o", late, "sh", "-c", `(while ! test -e ${go}; do sleep 0.01; done; echo late) & echo early; exit 7`],
    stdio: ["pipe", "pipe", "pipe"],
  });
  await until(() => waiting.stdout?.content.includes("early") ?? false, "early");
  writeFileSync(go, "");
  expect(await waiting.exited).toEqual({ exit: 7, signal: null });
  expect(waiting.stdout?.content.toString()).toBe("early\nlate\n");
  expect(readRecording(late).output.toString()).toBe("early\nlate\n");
});

test("standard output to a file: all of it, after what was there", async () => {
  const folder = temporaryFolder();
  const command = `{ echo one; ${rec} -o ${folder}/r seq 100000; echo three; } >${folder}/out`;
  await run(["sh", "-c", command], { path: "/bin/sh" });
  const numbers = Array.from({ length: 100_000 }, (_, i) => `${i + 1}\n`).join("");
  expect(readFileSync(join(folder, "out"), "utf8")).toBe(`one\n${numbers}three\n`);
});

test("a slow reader slows the program and loses nothing", async () => {
  const file = recordingFile();
  const session = new Session({ args: [rec, "-o", file, "seq", "300000"], stdio: ["pipe", "pipe", "pipe"] });
  if (session.stdout !== undefined) session.stdout.isPaused = true;
  await until(() => session.cpuMs > 0 && session.state === "S", "the recorder waiting");
  expect(session.isRunning).toBe(true);
  if (session.stdout !== undefined) session.stdout.isPaused = false;
  await session.exited;
  const expected = Array.from({ length: 300_000 }, (_, i) => `${i + 1}\n`).join("");
  expect(session.stdout?.content.toString()).toBe(expected);
  expect(readRecording(file).output.toString()).toBe(expected);
});

test("arguments that are no UTF-8 reach the program exactly, and the recording shows where they are broken", async () => {
  const file = recordingFile();
  const odd = Buffer.from([0x61, 0xff, 0xc3, 0x28, 0x0a, 0x1b, 0x5b]);
  const { stdout } = await run([rec, "-o", file, "printf", "%s|", odd, "", "b c"]);
  expect(stdout).toEqual(Buffer.concat([odd, Buffer.from("||b c|")]));
  expect(readRecording(file).head?.start?.command[2]).toBe(odd.toString());
});

test("the environment reaches the program exactly: order, duplicates, empty and broken entries, and what steers a Node", async () => {
  const environment = Buffer.concat([
    block({
      ...plainEnvironment,
      NODE_OPTIONS: "--require /nonexistent.js",
      NODE_PATH: "/x",
      NODE_V8_COVERAGE: "/nonexistent/v8",
    }),
    block({ LD_LIBRARY_PATH: "/nonexistent", LD_DEBUG_OUTPUT: "/nonexistent/x", OPENSSL_CONF: "/nonexistent" }),
    Buffer.from("DOUBLE=1\0EMPTY=\0DOUBLE=2\0NONAME\0=odd\0"),
    Buffer.from([0x58, 0x3d, 0xff, 0xfe, 0x0a, 0]),
    Buffer.from("Z=last\0"),
  ]);
  const { stdout, stderr, exit } = await run([rec, "-o", recordingFile(), "cat", "/proc/self/environ"], {
    environment,
  });
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: "" });
  expect(stdout.toString("latin1")).toBe(environment.toString("latin1"));
});

test("an empty environment stays empty", async () => {
  const { stdout } = await run([rec, "-o", recordingFile(), "/bin/cat", "/proc/self/environ"], {
    environment: Buffer.alloc(0),
  });
  expect(stdout.length).toBe(0);
});

test("argv[0] is the command as it was given", async () => {
  const { stdout } = await run([rec, "-o", recordingFile(), "cat", "/proc/self/cmdline"]);
  expect(stdout.toString()).toBe("cat\0/proc/self/cmdline\0");
});

test("umask, resource limits, ignored and blocked signals, working folder are the user's", async () => {
  const folder = temporaryFolder();
  const report = 'umask; ulimit -Sn; ulimit -Hn; ulimit -Sc; pwd; grep -E "^(SigBlk|SigIgn)" /proc/self/status';
  const command = (by: string): string =>
    `cd ${folder}; umask 0137; ulimit -Sn 333; ulimit -Sc 0; trap "" HUP USR2; ${by} sh -c '${report}'`;
  const odd = { path: "/bin/sh", blockedSignals: 1n << BigInt(signals.SIGUSR1 - 1) };
  const plain = await run(["sh", "-c", command("")], odd);
  const recorded = await run(["sh", "-c", command(`${rec} -w none`)], odd);
  expect(plain.stdout.toString()).toContain("\n333\n");
  expect(recorded.stdout.toString()).toBe(plain.stdout.toString());
});

test("descriptors from 3 on reach the program, and none of the recorder's", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "five"), "five\n");
  const five = openSync(join(folder, "five"), "r");
  const script = (by: string): string =>
    `exec 5<${folder}/five 9>${folder}/nine; ${by} sh -c 'cat <&5; echo to nine >&9; ls /proc/$$/fd'; cat ${folder}/nine`;
  const plain = await run(["sh", "-c", script("")], { path: "/bin/sh" });
  const recorded = await run(["sh", "-c", script(`${rec} --log-input -o ${folder}/r`)], { path: "/bin/sh" });
  closeSync(five);
  expect(plain.stdout.toString()).toContain("five\n0\n1\n2\n5\n9\n");
  expect(recorded.stdout.toString()).toBe(plain.stdout.toString());
});

test("a folder that was removed does not stop the program", async () => {
  const folder = temporaryFolder();
  const command = `mkdir ${folder}/d; cd ${folder}/d; rmdir ${folder}/d; ${rec} -o ${folder}/r echo here`;
  const { stdout, stderr, exit } = await run(["sh", "-c", command], { path: "/bin/sh" });
  expect({ exit, stdout: stdout.toString(), stderr }).toEqual({ exit: 0, stdout: "here\n", stderr: "" });
});

test("input is in the recording only when it was asked for", async () => {
  const [without, withInput] = [recordingFile(), recordingFile()];
  await run([rec, "-o", without, "sh", "-c", "cat >/dev/null"], { input: "secret" });
  await run([rec, "--log-input", "-o", withInput, "sh", "-c", "cat >/dev/null"], { input: "secret" });
  expect(readFileSync(without, "utf8")).not.toContain('"secret"');
  expect(readRecording(withInput).input.toString()).toBe("secret");
});

test("NUL and broken UTF-8 pass and are recorded", async () => {
  const file = recordingFile();
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
  const { stdout } = await run([rec, "-o", file, "cat"], { input: Buffer.concat([bytes, bytes]) });
  expect(stdout).toEqual(Buffer.concat([bytes, bytes]));
  expect(readRecording(file).output).toEqual(Buffer.concat([bytes, bytes]));
});

test("a stdin that could carry output too, as sshd's socket, is no way past the recording", async () => {
  const file = recordingFile();
  const script = `${programs}/socket-stdio.pl`;
  const { stdout } = await run(
    ["/usr/bin/perl", script, rec, "-o", file, "--", "sh", "-c", "echo shown; echo hidden >&0"],
    {
      environment: { PATH: "/usr/bin:/bin" },
    },
  );
  expect(stdout.toString()).toContain("shown\n");
  expect(stdout.toString()).not.toContain("hidden");
  expect(readRecording(file).output.toString()).toBe(stdout.toString());
});

test("the program cannot reach the recorder's descriptors by /proc", async (context) => {
  if (process.getuid?.() !== 0) context.skip("only root can become another user, and root may look into every process");
  const folder = temporaryFolder();
  chmodSync(folder, 0o777);
  const nobody = ["/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
  const looks = "ls /proc/$PPID/fd /proc/$PPID/environ; cat /proc/$PPID/environ; echo looked";
  const { exit, stdout, stderr } = await run([...nobody, rec, "-o", join(folder, "r"), "--", "sh", "-c", looks]);
  if (exit !== 0 && stderr.includes("ermission denied") && stdout.length === 0)
    context.skip("another user cannot read this checkout");
  expect(stderr).toMatch(/\/proc\/\d+\/fd.*Permission denied/);
  expect(stdout.toString()).toMatch(/looked\n$/);
});
