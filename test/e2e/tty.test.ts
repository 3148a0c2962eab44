/** Sessions on a terminal: exact both ways, never in the user's way, restored at the end. */
import { createHash, randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { programs, readRecording, rec, recordingFile, temporaryFolder, within } from "../harness/recorder.ts";
import { Session, until } from "../harness/session.ts";

const { signals } = constants;

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

test("the program has a terminal like the user's: modes, size, name of its own", async () => {
  const file = recordingFile();
  const session = within(
    `stty intr ^B; ${rec} -o ${file} sh -c 'stty -a; tty; test -t 0 && test -t 1 && test -t 2 && echo all'`,
    {
      columns: 101,
      rows: 37,
    },
  );
  await session.sees("left with 0.");
  expect(session.shownText).toMatch(/rows 37; columns 101/);
  expect(session.shownText).toMatch(/intr = \^B/);
  expect(session.shownText).toContain("all\r\n");
  const recorded = readRecording(file);
  expect(recorded.windows).toEqual(["101x37"]);
  expect(recorded.head?.start?.tty).toBe(session.terminalPath);
  expect(session.shownText).not.toContain(`${session.terminalPath}\r\n`);
});

test("50 MB of random bytes are shown and recorded unchanged", async () => {
  const folder = temporaryFolder();
  const bytes = randomBytes(50_000_000);
  writeFileSync(join(folder, "bytes"), bytes);
  const session = new Session({
    args: [rec, "-o", join(folder, "r"), "sh", "-c", `stty raw -echo; cat ${folder}/bytes`],
    isRaw: true,
  });
  expect(await session.exited).toEqual({ exit: 0, signal: null });
  expect(session.shown.length).toBe(bytes.length);
  expect(sha256(session.shown)).toBe(sha256(bytes));
  const recorded = readRecording(join(folder, "r"));
  expect(recorded.bad).toEqual([]);
  expect(sha256(recorded.output)).toBe(sha256(bytes));
}, 120_000);

test("every byte that is typed reaches a raw program and, when asked for, the recording", async () => {
  const folder = temporaryFolder();
  const bytes = Buffer.concat([Buffer.from(Array.from({ length: 256 }, (_, i) => i)), randomBytes(300_000)]);
  const script = `stty raw -echo; echo ready; head -c ${bytes.length} >${folder}/got`;
  const session = within(`${rec} --log-input -o ${folder}/r sh -c '${script}'`);
  await session.sees("ready");
  session.type(bytes);
  await session.sees("left with 0.");
  expect(readFileSync(join(folder, "got")).equals(bytes)).toBe(true);
  expect(readRecording(join(folder, "r")).input.equals(bytes)).toBe(true);
});

test("what was typed before the recorder started is not lost", async () => {
  const file = recordingFile();
  const session = within(`${rec} -o ${file} sh -c 'read a; echo "<$a>"; read b; echo "<$b>"'`, {
    typedAhead: "first\nsecond\n",
  });
  await session.sees("left with 0.");
  expect(session.shownText).toContain("<first>\r\n");
  expect(session.shownText).toContain("<second>\r\n");
});

test("a line begun before the recorder started can be finished after", async () => {
  const session = within(`${rec} -w none sh -c 'echo ready; read a; echo "<$a>"'`, { typedAhead: "be" });
  await session.sees("ready");
  session.type("gun\r");
  await session.sees("<begun>");
});

test("the terminal is raw during the session and as before after it", async () => {
  const session = within(`stty -ixon; stty -g; ${rec} -w none sh -c 'echo inside; read x'`);
  await session.sees("inside");
  expect(session.isTerminalRaw).toBe(true);
  session.type("\r");
  await session.sees("left with 0.");
  const before = /^[0-9a-f:]+(?=\r)/m.exec(session.shownText)?.[0];
  expect(session.modes).toBe(before);
});

test.each([
  ["SIGTERM", 143],
  ["SIGHUP", 129],
  ["SIGINT", 130],
  ["SIGQUIT", 131],
  ["SIGUSR1", 138],
  ["SIGABRT", 134],
  ["SIGSEGV", 139],
  ["SIGXFSZ", 153],
  ["SIGALRM", 142],
])("%s to the recorder: the terminal is restored, the program gone, the recording told", async (signal, status) => {
  const folder = temporaryFolder();
  const session = within(
    `stty -g; ${rec} -o ${folder}/r sh -c 'echo $$ >${folder}/pid; echo $PPID; echo inside; sleep 600'`,
  );
  await session.sees("inside");
  await until(() => session.isTerminalRaw, "raw mode");
  const recorder = Number(/(\d+)\r\ninside/.exec(session.shownText)?.[1]);
  const program = Number(readFileSync(join(folder, "pid"), "utf8"));
  const before = /^[0-9a-f:]+(?=\r)/m.exec(session.shownText)?.[0];
  const isCrash = signal === "SIGABRT" || signal === "SIGSEGV";
  // A crash loses what is younger than the latency.
  if (isCrash) await until(() => readRecording(join(folder, "r")).output.includes("inside"), "output in the file");
  process.kill(recorder, signal as NodeJS.Signals);
  if (signal === "SIGXFSZ") {
    // Ignored, so that a write over the limit is an error that can be told.
    session.type("\x03");
    await session.sees(/left with 130\./);
  } else await session.sees(new RegExp(`left with ${status}\\.`));
  expect(session.modes).toBe(before);
  await until(() => !existsSync(`/proc/${program}`), "the end of the program");
  const recorded = readRecording(join(folder, "r"));
  expect(recorded.output.toString()).toContain("inside\r\n");
  expect(recorded.end === undefined).toBe(isCrash);
});

test("a program that cannot be run leaves the terminal as it was", async () => {
  const session = within(`stty -g; ${rec} -o ${recordingFile()} /nonexistent/program`);
  await session.sees("left with 127.");
  expect(session.shownText).toContain("rec: cannot run /nonexistent/program: no such file or directory\r\n");
  expect(session.modes).toBe(/^[0-9a-f:]+(?=\r)/m.exec(session.shownText)?.[0]);
});

test("1 MB pasted into a slow raw reader arrives whole", async () => {
  const folder = temporaryFolder();
  const bytes = randomBytes(1_000_000);
  const program = join(programs, "slow-reader.sh");
  const session = within(`${rec} --log-input -o ${folder}/r ${program} ${bytes.length} ${folder}/got`);
  await session.sees("ready");
  session.type(bytes);
  await session.sees("left with 0.");
  expect(sha256(readFileSync(join(folder, "got")))).toBe(sha256(bytes));
  expect(sha256(readRecording(join(folder, "r")).input)).toBe(sha256(bytes));
});

test("1 MB pasted to a program that never reads costs hardly any CPU, and output goes on", async () => {
  const folder = temporaryFolder();
  const script = `stty raw -echo; echo ready; while ! test -e ${folder}/go; do sleep 0.02; done; echo going on`;
  const session = new Session({ args: [rec, "-o", join(folder, "r"), "sh", "-c", script] });
  await session.sees("ready");
  session.type(Buffer.alloc(1_000_000, "x"));
  await session.idles();
  expect(session.isTyped).toBe(false);
  writeFileSync(join(folder, "go"), "");
  await session.sees("going on");
  expect(await session.exited).toEqual({ exit: 0, signal: null });
});

test("an idle session costs no CPU", async () => {
  const session = new Session({ args: [rec, "-o", recordingFile(), "sh", "-c", "echo ready; read x"] });
  await session.sees("ready");
  await session.idles();
});

test("a new size of the window reaches the program and the recording, in its place", async () => {
  const file = recordingFile();
  // bash's `read -t` whose time is over in a trap, and a plain read of perl's, can miss a second signal.
  const session = new Session({
    args: [
      rec,
      "-o",
      file,
      "perl",
      "-e",
      '$| = 1; $SIG{WINCH} = sub { system "stty size" }; print "ready\\n"; 1 until 0 < select $x = "\\1", undef, undef, 0.05; system "stty size"',
    ],
  });
  await session.sees("ready");
  // stty sets columns and rows one after the other, so only one of them changes.
  session.resize(100, 24);
  await session.sees("24 100");
  session.resize(100, 50);
  await session.sees("50 100");
  session.type("\r");
  await session.exited;
  const recorded = readRecording(file);
  expect(recorded.windows).toEqual(["80x24", "100x24", "100x50"]);
  const kinds = recorded.packets.map((packet) =>
    packet.kind === "window"
      ? `=${packet.columns}x${packet.rows} `
      : Buffer.from((packet as { bytes: Uint8Array }).bytes).toString(),
  );
  expect(kinds.join("")).toMatch(/^=80x24 ready\r\n=100x24 24 100\r\n=100x50 50 100\r\n/);
});

test("a background job that keeps the terminal does not keep the session", async () => {
  const folder = temporaryFolder();
  const script = `sleep 600 & echo $! >${folder}/pid; echo bye; exit 5`;
  const session = within(`${rec} -o ${folder}/r sh -c 'trap "" HUP; ${script}'`);
  await session.sees("left with 5.");
  expect(session.shownText).toContain("bye\r\n");
  expect(readRecording(join(folder, "r")).end?.exit).toBe(5);
  process.kill(Number(readFileSync(join(folder, "pid"), "utf8")), "SIGKILL");
});

test("a background job that floods the terminal does not keep the session either", async () => {
  const folder = temporaryFolder();
  const script = `trap "" HUP; yes & echo $! >${folder}/pid; exit 6`;
  const session = within(`${rec} -o ${folder}/r sh -c '${script}'`);
  await session.sees("left with 6.");
  // Its terminal has gone: a write to it ends the job.
  const pid = Number(readFileSync(join(folder, "pid"), "utf8"));
  await until(() => !existsSync(`/proc/${pid}`), "the end of the job");
});

test("a program that closes its terminal is not cut off, and may open it again", async () => {
  const folder = temporaryFolder();
  const script = `echo one; exec <&- >&- 2>&-; while ! test -e ${folder}/go; do sleep 0.02; done; exec >/dev/tty; echo two; exit 3`;
  const session = new Session({ args: [rec, "-o", join(folder, "r"), "sh", "-c", script] });
  await session.sees("one");
  await session.idles();
  expect(session.isRunning).toBe(true);
  writeFileSync(join(folder, "go"), "");
  await session.sees("two");
  expect(await session.exited).toEqual({ exit: 3, signal: null });
  expect(readRecording(join(folder, "r")).output.toString()).toBe("one\r\ntwo\r\n");
});

test("the terminal goes away: the program is hung up, all it said is recorded, the recorder ends by SIGHUP", async () => {
  const folder = temporaryFolder();
  const script = `trap "echo farewell; echo hup >${folder}/told; exit 4" HUP; echo ready; while :; do sleep 0.02; done`;
  const session = new Session({ args: [rec, "-o", join(folder, "r"), "sh", "-c", script] });
  await session.sees("ready");
  session.hangUp();
  expect(await session.exited).toEqual({ exit: null, signal: signals.SIGHUP });
  expect(readFileSync(join(folder, "told"), "utf8")).toBe("hup\n");
  const recorded = readRecording(join(folder, "r"));
  expect(recorded.output.toString()).toMatch(/^ready\r\n(Hangup\r\n)?farewell\r\n$/);
  expect(recorded.end).toMatchObject({ exit: 4, signal: null });
});

test("a program that ignores the hang-up is killed in the end", async () => {
  const folder = temporaryFolder();
  const script = `trap "" HUP TERM; echo $$ >${folder}/pid; echo ready; while :; do sleep 0.1; done`;
  const session = new Session({ args: [rec, "-o", join(folder, "r"), "sh", "-c", script] });
  await session.sees("ready");
  session.kill("SIGTERM");
  expect(await session.exited).toEqual({ exit: null, signal: signals.SIGTERM });
  expect(existsSync(`/proc/${Number(readFileSync(join(folder, "pid"), "utf8"))}`)).toBe(false);
  expect(readRecording(join(folder, "r")).end).toMatchObject({ exit: null, signal: "SIGKILL" });
});

test("a terminal that stands still holds the program, while what was shown gets into the file in time", async () => {
  const folder = temporaryFolder();
  const script = `echo before; while ! test -e ${folder}/go; do sleep 0.02; done; seq 200000; echo after`;
  const session = new Session({ args: [rec, "-o", join(folder, "r"), "sh", "-c", script], isRaw: true });
  await session.sees("before");
  if (session.screen !== undefined) session.screen.isPaused = true;
  writeFileSync(join(folder, "go"), "");
  await until(() => readRecording(join(folder, "r")).output.length > 1000, "output in the recording");
  await until(() => session.state === "S", "a waiting recorder");
  const output = readRecording(join(folder, "r")).output.toString();
  expect(output).not.toContain("after");
  expect(session.isRunning).toBe(true);
  if (session.screen !== undefined) session.screen.isPaused = false;
  expect(await session.exited).toEqual({ exit: 0, signal: null });
  const whole = readRecording(join(folder, "r")).output;
  expect(whole.equals(session.shown)).toBe(true);
  expect(whole.subarray(-20).toString()).toMatch(/200000\nafter\n$/);
});

test("a terminal that stands still, then SIGTERM: the recorder leaves in bounded time", async () => {
  const file = recordingFile();
  const session = new Session({ args: [rec, "-o", file, "yes"], isRaw: true });
  await until(() => (session.screen?.bytes ?? 0) > 1000, "output");
  if (session.screen !== undefined) session.screen.isPaused = true;
  await until(() => session.state === "S", "a waiting recorder");
  session.kill("SIGTERM");
  expect(await session.exited).toEqual({ exit: null, signal: signals.SIGTERM });
  expect(readRecording(file).end).toBeDefined();
});

test.each([
  ["stdout is a pipe", ["terminal", "pipe", "terminal"], "0 2"],
  ["stderr is a pipe", ["terminal", "terminal", "pipe"], "0 1"],
  ["only stdin is a terminal", ["terminal", "pipe", "pipe"], "0"],
  ["only stdout is a terminal", ["pipe", "terminal", "pipe"], "1"],
  ["only stderr is a terminal", ["pipe", "pipe", "terminal"], "2"],
] as const)("%s: each descriptor is what it was", async (_, stdio, terminals) => {
  const file = recordingFile();
  const script =
    't=""; for fd in 0 1 2; do test -t $fd && t="$t $fd"; done; echo "$t" >&2; echo out; read x; echo "<$x>"';
  const session = new Session({ args: [rec, "-o", file, "sh", "-c", script], stdio: [...stdio] });
  session.feed("fed\n");
  session.type("typed\r");
  session.endStdin();
  expect(await session.exited).toEqual({ exit: 0, signal: null });
  const all = `${session.shownText}|${session.stdout?.content ?? ""}|${session.stderr?.content ?? ""}`;
  expect(all).toContain(` ${terminals}`);
  expect(all).toContain(stdio[0] === "pipe" ? "<fed>" : "<typed>");
  if (stdio[1] === "pipe") expect(session.stdout?.content.toString()).toMatch(/^out\n<\w+>\n$/);
  expect(readRecording(file).output.toString()).toMatch(/out\r?\n/);
});

test("output is in the file a second after it was shown, also while more comes", async () => {
  const file = recordingFile();
  const script = "i=0; while :; do echo line$i; i=$((i+1)); sleep 0.05; done";
  const session = new Session({ args: [rec, "-o", file, "sh", "-c", script] });
  await session.sees("line5\r");
  // A machine that stands still for a moment delays one line, not every one.
  await until(async () => {
    const last = session.shownText.match(/line\d+\r/g)?.at(-1) ?? "";
    const shownAt = performance.now();
    await until(() => readRecording(file).output.includes(last), `${last} in the file`);
    return performance.now() - shownAt < 1500;
  }, "a line that is in the file in time");
});

test("a program that ends right after 5 MB loses nothing, again and again", async () => {
  const runs = process.env["REC_LONG"] === undefined ? 40 : 200;
  const folder = temporaryFolder();
  const bytes = Buffer.alloc(5_000_000, `${"0123456789abcdef".repeat(5)}\n`);
  writeFileSync(join(folder, "bytes"), bytes);
  const wanted = sha256(bytes);
  let started = 0;
  const lane = async (): Promise<void> => {
    while (started < runs) {
      const file = join(folder, `r${started++}`);
      const session = new Session({
        args: [rec, "-o", file, "sh", "-c", `stty raw -echo; exec cat ${folder}/bytes`],
        isRaw: true,
      });
      expect(await session.exited).toEqual({ exit: 0, signal: null });
      expect([session.shown.length, sha256(session.shown)]).toEqual([bytes.length, wanted]);
      const recorded = readRecording(file);
      expect([recorded.output.length, sha256(recorded.output)]).toEqual([bytes.length, wanted]);
      expect(recorded.end?.outBytes).toBe(bytes.length);
      writeFileSync(file, "");
    }
  };
  await Promise.all([lane(), lane()]);
}, 300_000);
