/** The addon's deliver(): a datagram to a receiver whose queue others keep full. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { native } from "../../src/terminal/native.ts";
import { temporaryFolder } from "../harness/recorder.ts";
import { check, until } from "../harness/session.ts";

const { errno } = constants;
const program = join(import.meta.dirname, "../programs/busy-receiver.pl");
const senders = 8;
/** Of those that the receiver takes, one in two is ours to send, if luck were even: as many without it come once in 2^60. */
const mostTaken = 60;

/** What a receiver with a full queue has printed, line by line; and a socket to send by. */
async function busyReceiver(): Promise<{ process: ChildProcess; path: Buffer; lines: string[]; fd: number }> {
  const path = join(temporaryFolder(), "socket");
  const process = spawn("perl", [program, path, `${senders}`], { stdio: ["pipe", "pipe", "inherit"] });
  onTestFinished(() => void process.stdin.end());
  const lines: string[] = [];
  process.stdout.on("data", (chunk: Buffer) => lines.push(...chunk.toString().split("\n").slice(0, -1)));
  const fd = check(native.datagramSocket());
  onTestFinished(() => void native.closeDescriptor(fd));
  const address = Buffer.from(path);
  await until(() => existsSync(path) && isFull(fd, address), "a full queue");
  return { process, path: address, lines, fd };
}

function isFull(fd: number, path: Uint8Array): boolean {
  return native.sendDatagram(fd, path, Buffer.from("probe"), 0) === -errno.EAGAIN;
}

function delivered(fd: number, path: Uint8Array, bytes: Uint8Array): Promise<number> {
  return new Promise((resolve) => {
    check(native.deliver(fd, path, bytes, 0, resolve));
  });
}

test("it goes as soon as its turn may come, however many others wait", async () => {
  const { path, lines, fd } = await busyReceiver();
  for (let i = 0; i < 5; i++) {
    await until(() => isFull(fd, path), "a full queue");
    const before = lines.length;
    const bytes = Buffer.from(`ours ${i}`);
    const result = delivered(fd, path, bytes);
    bytes.fill("?");
    expect(await result).toBe(0);
    expect(lines.length - before).toBeLessThan(mostTaken);
  }
  await until(() => lines.includes("ours 4"), "the last of ours");
  expect(lines.filter((line) => line.startsWith("ours"))).toEqual(["ours 0", "ours 1", "ours 2", "ours 3", "ours 4"]);
});

test("a receiver that ends meanwhile is told of, and one that is not there", async () => {
  const { process, path, fd } = await busyReceiver();
  process.kill("SIGSTOP");
  await until(() => isFull(fd, path), "a full queue");
  const result = delivered(fd, path, Buffer.from("ours"));
  process.kill("SIGKILL");
  expect(await result).toBe(-errno.ECONNREFUSED);
  expect(await delivered(fd, Buffer.from("/nonexistent"), Buffer.from("ours"))).toBe(-errno.ENOENT);
});

test("a path that no address holds, and a descriptor that is none, are refused at once", () => {
  const fail = (): never => expect.unreachable();
  const fd = check(native.datagramSocket());
  expect(native.deliver(fd, Buffer.alloc(200, "/"), Buffer.from("x"), 0, fail)).toBe(-errno.ENAMETOOLONG);
  native.closeDescriptor(fd);
  expect(native.deliver(fd, Buffer.from("/nonexistent"), Buffer.from("x"), 0, fail)).toBe(-errno.EBADF);
});
