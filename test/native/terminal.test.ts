/** The addon's terminals: ptys, sizes, modes. */
import { readFileSync } from "node:fs";
import { constants } from "node:os";
import { expect, test } from "vitest";
import { native } from "../../src/terminal/native.ts";
import { check, pipe, stty, until } from "../harness/session.ts";

const { errno } = constants;

function openPty(): { master: number; slave: number; path: string } {
  const ends = new Int32Array(2);
  check(native.openPty(ends));
  const [master = -1, slave = -1] = ends;
  const name = Buffer.alloc(64);
  return { master, slave, path: name.toString("utf8", 0, check(native.terminalName(slave, name))) };
}

function close(...fds: number[]): void {
  for (const fd of fds) native.closeDescriptor(fd);
}

test("a new pty: both ends CLOEXEC, the master nonblocking, a terminal with a name", () => {
  const { master, slave, path } = openPty();
  const flags = (fd: number): number =>
    Number.parseInt(/flags:\s+(\d+)/.exec(readFileSync(`/proc/self/fdinfo/${fd}`, "utf8"))?.[1] ?? "", 8);
  expect([flags(master) & 0o2000000, flags(slave) & 0o2000000]).toEqual([0o2000000, 0o2000000]);
  expect([flags(master) & 0o4000, flags(slave) & 0o4000]).toEqual([0o4000, 0]);
  expect(native.isTerminal(slave)).toBe(1);
  expect(path).toMatch(/^\/dev\/pts\/\d+$/);
  expect(native.read(master, Buffer.alloc(1), 0, 1)).toBe(-errno.EAGAIN);
  close(master, slave);
});

test("bytes go through as the line discipline has them", () => {
  const { master, slave } = openPty();
  expect(native.write(slave, Buffer.from("a\n"), 0, 2)).toBe(2);
  const buffer = Buffer.alloc(16, ".");
  expect(native.read(master, buffer, 2, 14)).toBe(3);
  expect(buffer.toString("utf8", 0, 6)).toBe("..a\r\n.");
  close(master, slave);
});

test("sizes and modes are copied from one terminal to another", () => {
  const [one, other] = [openPty(), openPty()];
  stty(one.path, "cols", "132", "rows", "50", "-echo", "-icanon");
  check(native.copyWindowSize(one.slave, other.master));
  const size = new Int32Array(2);
  check(native.windowSize(other.slave, size));
  expect([...size]).toEqual([132, 50]);
  check(native.copyModes(one.slave, other.slave));
  expect(native.write(other.master, Buffer.from("x"), 0, 1)).toBe(1);
  expect(native.read(other.slave, Buffer.alloc(4), 0, 4)).toBe(1);
  close(one.master, one.slave, other.master, other.slave);
});

test("raw mode passes every byte, keeps what was typed ahead, and is left as it was entered", async () => {
  const { master, slave, path } = openPty();
  const { execFileSync } = await import("node:child_process");
  const modes = (): string => execFileSync("stty", ["-F", path, "-g"]).toString();
  const before = modes();
  expect(native.write(master, Buffer.from("ahead"), 0, 5)).toBe(5);
  check(native.enterRaw(slave));
  check(native.enterRaw(slave));
  expect(modes()).not.toBe(before);
  expect(native.write(master, Buffer.from([3, 4, 13, 26, 0]), 0, 5)).toBe(5);
  const buffer = Buffer.alloc(16);
  // The kernel gives what came before the change by itself.
  for (let length = 0; length < 10; ) length += check(native.read(slave, buffer, length, 16 - length));
  expect(buffer.subarray(0, 10)).toEqual(Buffer.from([...Buffer.from("ahead"), 3, 4, 13, 26, 0]));
  check(native.leaveRaw());
  expect(modes()).toBe(before);
  check(native.leaveRaw());
  close(master, slave);
});

test("the same terminal under a descriptor of our own does not change the other's flags", () => {
  const { master, slave } = openPty();
  const own = check(native.reopenTerminal(slave));
  expect(own).not.toBe(slave);
  expect(native.read(own, Buffer.alloc(1), 0, 1)).toBe(-errno.EAGAIN);
  expect(
    Number.parseInt(/flags:\s+(\d+)/.exec(readFileSync(`/proc/self/fdinfo/${slave}`, "utf8"))?.[1] ?? "", 8) & 0o4000,
  ).toBe(0);
  expect(native.write(own, Buffer.from("x"), 0, 1)).toBe(1);
  expect(native.read(master, Buffer.alloc(1), 0, 1)).toBe(1);
  close(own, master, slave);
});

test("what is no terminal is told, not crashed on", () => {
  const [read, write] = pipe();
  const size = new Int32Array(2);
  expect(native.isTerminal(read)).toBe(0);
  expect(native.isTerminal(9999)).toBe(0);
  expect(native.windowSize(read, size)).toBe(-errno.ENOTTY);
  expect(native.terminalName(read, Buffer.alloc(64))).toBe(-errno.ENOTTY);
  expect(native.reopenTerminal(read)).toBeLessThan(0);
  expect(native.enterRaw(read)).toBe(-errno.ENOTTY);
  expect(native.copyModes(read, write)).toBe(-errno.ENOTTY);
  expect(native.copyWindowSize(read, write)).toBe(-errno.ENOTTY);
  expect(native.foregroundGroup(read)).toBe(-errno.ENOTTY);
  expect(native.isForeground(read)).toBe(1);
  expect(native.openPty(new Int32Array(1))).toBe(-errno.EINVAL);
  expect(native.windowSize(0, new Int32Array(1))).toBe(-errno.EINVAL);
  close(read, write);
});

test("a thousand ptys opened and closed leave no descriptor behind", async () => {
  const { readdirSync } = await import("node:fs");
  const before = readdirSync("/proc/self/fd").length;
  for (let i = 0; i < 1000; i++) {
    const { master, slave } = openPty();
    close(master, slave);
  }
  await until(() => readdirSync("/proc/self/fd").length <= before, "no more descriptors than before");
});
