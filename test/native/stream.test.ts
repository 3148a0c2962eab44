/** The addon's descriptors: reading, writing, waiting, and telling one from another. */
import { closeSync, constants as fileConstants, openSync } from "node:fs";
import { createServer } from "node:net";
import { constants } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { native } from "../../src/terminal/native.ts";
import { temporaryFolder } from "../harness/recorder.ts";
import { check, pipe } from "../harness/session.ts";

const { errno } = constants;

test("ranges outside of the array are refused", () => {
  const [read, write] = pipe();
  const bytes = Buffer.alloc(8);
  for (const [from, length] of [
    [0, 9],
    [8, 1],
    [-1, 1],
    [1, -1],
    [2 ** 31 - 1, 2 ** 31 - 1],
  ] as const) {
    expect(native.read(read, bytes, from, length)).toBe(-errno.EINVAL);
    expect(native.write(write, bytes, from, length)).toBe(-errno.EINVAL);
    expect(native.send(write, bytes, from, length)).toBe(-errno.EINVAL);
  }
  native.closeDescriptor(read);
  native.closeDescriptor(write);
});

test("poll tells which are ready, and does not look beyond its array", () => {
  const [read, write] = pipe();
  const words = Int32Array.of(read, 1, write, 4);
  expect(native.poll(words, 2, 0)).toBe(1);
  expect([(words[1] ?? 0) >>> 16, (words[3] ?? 0) >>> 16]).toEqual([0, 4]);
  check(native.write(write, Buffer.from("x"), 0, 1));
  words.set([read, 1, write, 4]);
  expect(native.poll(words, 2, 1000)).toBe(2);
  expect(native.poll(words, 3, 0)).toBe(-errno.EINVAL);
  expect(native.poll(words, -1, 0)).toBe(-errno.EINVAL);
  native.closeDescriptor(read);
  native.closeDescriptor(write);
});

test("a write to a pipe without readers is EPIPE, not a death", () => {
  const [read, write] = pipe();
  native.closeDescriptor(read);
  expect(native.write(write, Buffer.from("x"), 0, 1)).toBe(-errno.EPIPE);
  native.closeDescriptor(write);
});

test("a full nonblocking pipe is EAGAIN", () => {
  const [read, write] = pipe();
  check(native.setNonblocking(write));
  const bytes = Buffer.alloc(1 << 20);
  expect(native.write(write, bytes, 0, bytes.length)).toBeGreaterThan(0);
  expect(native.write(write, bytes, 0, bytes.length)).toBe(-errno.EAGAIN);
  native.closeDescriptor(read);
  native.closeDescriptor(write);
});

test("one description under two numbers is the same, two descriptions of one file are not", () => {
  const path = join(temporaryFolder(), "file");
  const [one, other] = [openSync(path, "w"), openSync(path, "w")];
  const [read, write] = pipe();
  expect([
    native.isSame(one, one),
    native.isSame(one, other),
    native.isSame(read, write),
    native.isSame(one, 9999),
  ]).toEqual([1, 0, 0, 0]);
  for (const fd of [one, other]) closeSync(fd);
  native.closeDescriptor(read);
  native.closeDescriptor(write);
});

test("a stubbed descriptor is closed for the other side, and its number stays taken", () => {
  const [read, write] = pipe();
  check(native.stub(write));
  expect(native.read(read, Buffer.alloc(1), 0, 1)).toBe(0);
  expect(native.kindOf(write)).toBe(fileConstants.S_IFCHR);
  expect(native.kindOf(read)).toBe(fileConstants.S_IFIFO);
  native.closeDescriptor(read);
  native.closeDescriptor(write);
  expect(native.kindOf(9999)).toBe(-errno.EBADF);
  expect(native.closeDescriptor(9999)).toBe(-errno.EBADF);
});

test("the loop's descriptor is readable when Node has something to do", async () => {
  const loop = check(native.loopDescriptor());
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  expect(native.poll(Int32Array.of(loop, 1), 1, 0)).toBeGreaterThanOrEqual(0);
  server.close();
});

test("everything answers nonsense with a number", () => {
  for (const [name, call] of Object.entries(native)) {
    if (
      [
        "endBy",
        "exitNow",
        "stopSelf",
        "watchSignals",
        "sendSignal",
        "closeDescriptor",
        "setName",
        "stub",
        "spawn",
      ].includes(name)
    )
      continue;
    expect(typeof (call as (...args: unknown[]) => unknown)(-1, "x", null, undefined, {}), name).toBe("number");
  }
});
