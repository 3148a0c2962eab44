/** The addon's signals and ends, each in a process of its own. */
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Session } from "../harness/session.ts";

const { signals } = constants;
const addon = join(import.meta.dirname, "../../build/addon.node");

interface Outcome {
  readonly output: string;
  readonly status: number | null;
  readonly signal: string | null;
}

/** Runs a script that has the addon as `a`. */
function inChild(script: string, flags: readonly string[] = []): Promise<Outcome> {
  const preamble = `const m = { exports: {} }; process.dlopen(m, ${JSON.stringify(addon)}); const a = m.exports;
    const watch = (ignored = 0n) => a.watchSignals(BigUint64Array.of(ignored));
    const next = (fd) => { const b = Buffer.alloc(2); a.poll(Int32Array.of(fd, 1), 1, 5000); return a.read(fd, b, 0, 2) === 2 ? [...b] : null; };
    const say = (x) => require("fs").writeSync(1, JSON.stringify(x) + "\\n");`;
  const child = spawn(process.execPath, [...flags, "-e", `${preamble}\n${script}`], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.on("data", (chunk) => {
    output += String(chunk);
  });
  return new Promise((resolve) => child.on("close", (status, signal) => resolve({ output, status, signal })));
}

test.each([
  "SIGTERM",
  "SIGHUP",
  "SIGINT",
  "SIGUSR1",
  "SIGUSR2",
  "SIGWINCH",
  "SIGCHLD",
  "SIGTSTP",
  "SIGCONT",
  "SIGALRM",
] as const)("%s arrives in the pipe, marked as sent by a process", async (name) => {
  const number = signals[name];
  const { output } = await inChild(`const fd = watch(); a.sendSignal(process.pid, ${number}); say(next(fd));`, [
    "--disable-sigusr1",
  ]);
  expect(JSON.parse(output)).toEqual([number, 0]);
});

test("a signal of the kernel is marked so", async () => {
  const script = `const fd = watch(); const e = new Int32Array(2); const b = (s) => Buffer.from(s + "\\0");
    a.spawn(b("/bin/true"), b("x"), b("A=b"), Int32Array.of(-1,-1,-1), new Int32Array(), new BigUint64Array(2), new Int32Array(), -1); say(next(fd));`;
  expect(JSON.parse((await inChild(script)).output)).toEqual([signals.SIGCHLD, 1]);
});

test("ignored signals stay ignored, but SIGCHLD", async () => {
  const ignored = (1n << BigInt(signals.SIGHUP - 1)) | (1n << BigInt(signals.SIGCHLD - 1));
  const script = `const fd = watch(${ignored}n); a.sendSignal(process.pid, ${signals.SIGHUP}); a.sendSignal(process.pid, ${signals.SIGCHLD}); say(next(fd));
    a.sendSignal(process.pid, ${signals.SIGTERM}); say(next(fd));`;
  expect((await inChild(script)).output).toBe(`[${signals.SIGCHLD},0]\n[${signals.SIGTERM},0]\n`);
});

test("ten thousand signals do not block or end the process", async () => {
  const script = `const fd = watch(); for (let i = 0; i < 10000; i++) a.sendSignal(process.pid, ${signals.SIGWINCH}); say(next(fd));`;
  expect(await inChild(script)).toEqual({ output: `[${signals.SIGWINCH},0]\n`, status: 0, signal: null });
});

test.each(["SIGTERM", "SIGHUP", "SIGINT", "SIGKILL", "SIGSEGV", "SIGPIPE", "SIGUSR1", "SIGQUIT"] as const)(
  "endBy %s ends by it, though it is watched",
  async (name) => {
    expect(await inChild(`watch(); a.endBy(${signals[name]}); say("after");`, ["--disable-sigusr1"])).toEqual({
      output: "",
      status: null,
      signal: name,
    });
  },
);

test.each(["SIGABRT", "SIGSEGV", "SIGBUS", "SIGFPE"] as const)("%s of its own still kills", async (name) => {
  const { status, signal } = await inChild(
    `watch(); a.sendSignal(process.pid, ${signals[name]}); a.poll(new Int32Array(2), 0, 5000);`,
  );
  expect({ status, signal }).toEqual({ status: null, signal: name });
});

test("a stack that overflows kills, and the terminal is as it was", async () => {
  // V8 is told of more stack than there is: the kernel has the last word.
  const script = `const m = { exports: {} }; process.dlopen(m, ${JSON.stringify(addon)}); const a = m.exports;
    a.watchSignals(new BigUint64Array(1)); a.enterRaw(0); console.log("raw");
    const deeper = (n) => 1 + deeper(n + 1); process.stdin.once("data", () => deeper(0)); process.stdin.resume();`;
  const session = new Session({ args: [process.execPath, "--stack-size=500000", "-e", script] });
  const cooked = session.modes;
  await session.sees("raw");
  expect(session.modes).not.toBe(cooked);
  session.type("x");
  expect(await session.exited).toEqual({ exit: null, signal: signals.SIGSEGV });
  expect(session.modes).toBe(cooked);
});

test("exitNow does not wait for anything", async () => {
  const script = `setInterval(() => {}, 1000); process.on("exit", () => say("exit handler")); a.exitNow(77);`;
  expect(await inChild(script)).toEqual({ output: "", status: 77, signal: null });
});
