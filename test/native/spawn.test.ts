/** The addon's spawn: what a program gets, and what is told when it cannot be run. */
import { chmodSync, closeSync, openSync, readlinkSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { native } from "../../src/terminal/native.ts";
import { temporaryFolder } from "../harness/recorder.ts";
import { block, check, pipe, plainEnvironment, until } from "../harness/session.ts";

const { errno, signals } = constants;
const nul = "\0";

interface Spawned {
  readonly paths?: readonly string[];
  readonly args: readonly string[];
  readonly stdio?: readonly number[];
  readonly inherit?: readonly number[];
  readonly limits?: readonly bigint[];
  readonly ids?: readonly number[];
  readonly environment?: Uint8Array;
  readonly terminal?: number;
}

function strings(list: readonly string[]): Buffer {
  return Buffer.from(list.map((text) => text + nul).join(""));
}

function spawn({
  args,
  paths = args.slice(0, 1),
  stdio = [-1, -1, -1],
  inherit = [],
  limits = [0n, 0n],
  ids = [],
  environment = block(plainEnvironment),
  terminal = -1,
}: Spawned): number {
  return native.spawn(
    strings(paths),
    strings(args),
    environment,
    Int32Array.from(stdio),
    Int32Array.from(inherit),
    BigUint64Array.from(limits),
    Int32Array.from(ids),
    terminal,
    0,
  );
}

/** Waits for the child; its exit status and signal. */
async function ended(pid: number): Promise<{ exit: number; signal: number }> {
  const result = new Int32Array(2);
  await until(() => native.wait(pid, result) !== 0, "the end of the child");
  return { exit: result[0] ?? -2, signal: result[1] ?? -2 };
}

/** What the program writes to stdout. */
async function outputOf(options: Omit<Spawned, "stdio">): Promise<string> {
  const [read, write] = pipe();
  const pid = check(spawn({ ...options, stdio: [-1, write, -1] }));
  native.closeDescriptor(write);
  check(native.setNonblocking(read));
  const chunks: Buffer[] = [];
  await until(() => {
    const buffer = Buffer.alloc(65_536);
    const count = native.read(read, buffer, 0, buffer.length);
    if (count > 0) chunks.push(buffer.subarray(0, count));
    return count === 0;
  }, "the end of the output");
  native.closeDescriptor(read);
  await ended(pid);
  return Buffer.concat(chunks).toString();
}

test.each([
  ["a missing file", ["/nonexistent"], -errno.ENOENT],
  ["a folder", ["/tmp"], -errno.EACCES],
  ["a file that is not executable", ["/etc/passwd"], -errno.EACCES],
  ["a path through a file", ["/etc/passwd/x"], -errno.ENOENT],
  ["no path at all", [], -errno.ENOENT],
  ["one refused, one missing", ["/etc/passwd", "/nonexistent"], -errno.EACCES],
])("%s: its errno, and no child", (_, paths, expected) => {
  expect(spawn({ paths, args: ["x"] })).toBe(expected);
  expect(native.wait(-1, new Int32Array(2))).toBe(-errno.ECHILD);
});

test("the next path is tried where one cannot be run", async () => {
  const pid = check(spawn({ paths: ["/nonexistent", "/etc/passwd", "/bin/true"], args: ["x"] }));
  expect(await ended(pid)).toEqual({ exit: 0, signal: 0 });
});

test("a text without #! is a script for sh, also without arguments", async () => {
  const script = join(temporaryFolder(), "script");
  writeFileSync(script, 'echo "$0 $#"\n');
  chmodSync(script, 0o755);
  expect(await outputOf({ paths: [script], args: ["ignored", "a", "b"] })).toBe(`${script} 2\n`);
  expect(await outputOf({ paths: [script], args: [] })).toBe(`${script} 0\n`);
});

test("argv[0] is free", async () => {
  expect(await outputOf({ paths: ["/bin/cat"], args: ["-odd", "/proc/self/cmdline"] })).toBe(
    "-odd\0/proc/self/cmdline\0",
  );
});

test("arguments of nothing, wrong types and too short arrays are refused, not crashed on", () => {
  const nothing = native.spawn as (...args: unknown[]) => number;
  expect(nothing()).toBe(-errno.EINVAL);
  expect(nothing(1, "x", null, {}, [], undefined, 7, "y")).toBe(-errno.EINVAL);
  expect(spawn({ args: ["/bin/true"], stdio: [-1, -1] })).toBe(-errno.EINVAL);
  expect(spawn({ args: ["/bin/true"], limits: [0n] })).toBe(-errno.EINVAL);
});

test("only 0, 1, 2 and what is named is open in the child", async () => {
  const folder = temporaryFolder();
  const leaked = openSync(join(folder, "leaked"), "w");
  const named = openSync(join(folder, "named"), "w");
  const [read, write] = pipe();
  const pid = check(
    spawn({ args: ["/bin/sh", "-c", "ls -l /proc/$$/fd"], stdio: [-1, write, write], inherit: [named] }),
  );
  native.closeDescriptor(write);
  await ended(pid);
  const buffer = Buffer.alloc(4096);
  const text = buffer.toString("utf8", 0, check(native.read(read, buffer, 0, buffer.length)));
  expect([...text.matchAll(/ (\d+) ->/g)].map((found) => Number(found[1])).sort((a, b) => a - b)).toEqual([
    1,
    2,
    named,
  ]);
  expect(text).not.toContain("leaked");
  for (const fd of [leaked, named]) closeSync(fd);
  native.closeDescriptor(read);
});

test("-1 is closed, not /dev/null", async () => {
  expect(await outputOf({ args: ["/bin/sh", "-c", "test -e /proc/$$/fd/0 || echo closed"] })).toBe("closed\n");
});

test("ignored and blocked signals and soft limits are set in the child alone", async () => {
  const bit = (signal: number): bigint => 1n << BigInt(signal - 1);
  const limits = [
    bit(signals.SIGHUP) | bit(signals.SIGPIPE),
    bit(signals.SIGTERM),
    ...Array.from({ length: 16 }, () => 2n ** 64n - 1n),
  ];
  limits[2 + 7] = 77n;
  const status = await outputOf({ args: ["/bin/cat", "/proc/self/status", "/proc/self/limits"], limits });
  expect(/SigIgn:\s+(\w+)/.exec(status)?.[1]).toBe("0000000000001001");
  expect(/SigBlk:\s+(\w+)/.exec(status)?.[1]).toBe("0000000000004000");
  expect(/Max open files +(\d+)/.exec(status)?.[1]).toBe("77");
  expect(readlinkSync("/proc/self/fd/0")).toBeDefined();
});

test("ids are dropped for good: user, group, and all other groups", async (ctx) => {
  if (process.getuid?.() !== 0) ctx.skip("needs root, to become another user");
  const status = await outputOf({ args: ["/bin/cat", "/proc/self/status"], ids: [65_534, 65_533, 65_532, 65_531] });
  expect(status).toMatch(/^Uid:\t65534\t65534\t65534\t65534$/m);
  expect(status).toMatch(/^Gid:\t65533\t65533\t65533\t65533$/m);
  expect(status).toMatch(/^Groups:\t65531 65532 $/m);
  expect(status).toMatch(/^CapEff:\t0000000000000000$/m);
});

test("ids that may not be had start nothing", async (ctx) => {
  if (process.getuid?.() !== 0) ctx.skip("needs root, to become another user");
  const script = `process.dlopen(m={exports:{}}, process.argv[1]); process.setgroups([]); process.setgid(65534); process.setuid(65534);
    const b = (s) => Buffer.from(s + "\\0");
    console.log(m.exports.spawn(b("/bin/true"), b("x"), b("A=b"), Int32Array.of(-1,-1,-1), new Int32Array(), new BigUint64Array(2), Int32Array.of(0, 0), -1))`;
  const addon = join(import.meta.dirname, "../../build/addon.node");
  const folder = temporaryFolder();
  chmodSync(folder, 0o755);
  expect(await outputOf({ args: [process.execPath, "-e", `var m; ${script}`, addon] })).toBe(`${-errno.EPERM}\n`);
});

test("a pty given is the child's controlling terminal", async () => {
  const ends = new Int32Array(2);
  check(native.openPty(ends));
  const [master = -1, slave = -1] = ends;
  const pid = check(
    spawn({
      args: ["/bin/sh", "-c", "echo tty >/dev/tty; kill -TERM $$"],
      stdio: [slave, slave, slave],
      terminal: slave,
    }),
  );
  expect(await ended(pid)).toEqual({ exit: -1, signal: signals.SIGTERM });
  const buffer = Buffer.alloc(64);
  expect(buffer.toString("utf8", 0, check(native.read(master, buffer, 0, 64)))).toBe("tty\r\n");
  native.closeDescriptor(slave);
  expect(native.read(master, buffer, 0, 64)).toBe(-errno.EIO);
  native.closeDescriptor(master);
});

test("exit statuses and deaths are told as they were", async () => {
  for (const code of [0, 1, 127, 255]) {
    expect(await ended(check(spawn({ args: ["/bin/sh", "-c", `exit ${code}`] })))).toEqual({ exit: code, signal: 0 });
  }
  expect(await ended(check(spawn({ args: ["/bin/sh", "-c", "kill -9 $$"] })))).toEqual({ exit: -1, signal: 9 });
});
