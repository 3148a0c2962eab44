/** What a child tells on a pipe, waited for no longer than a session may stand: its user may stop the witness, which runs as him. */
import { constants } from "node:os";
import { monotonicMs } from "./clock.ts";
import { type Native, witnessPath } from "./terminal/native.ts";

const { SIGKILL } = constants.signals;
/** The relay stands for so long at most, deaf to signals; a recorder leaves within 4 s. */
export const patienceMs = 500;
const pollMs = 1;
export const readable = 1; // POLLIN
const mostBytes = 1 << 20;

/** Starts it with these words; its pid, or -errno where it may not be run, as in a checkout. Our group lets us: it is kept. */
export function startWitness(
  native: Pick<Native, "spawn">,
  words: readonly string[],
  stdio: readonly [number, number, number],
): number {
  const block = (...texts: string[]): Buffer => Buffer.from(texts.map((text) => `${text}\0`).join(""));
  const argv = block(witnessPath, ...words);
  const limits = new BigUint64Array(2);
  const sameIds = Int32Array.of(-1);
  const none = new Int32Array();
  return native.spawn(block(witnessPath), argv, new Uint8Array(), Int32Array.from(stdio), none, limits, sameIds, -1, 0);
}

/** What the child `pid` wrote to the other end of `fd`, and it is gone then; undefined where it fails, is too slow or too long. */
export function toldBy(
  native: Pick<Native, "poll" | "read" | "wait" | "sendSignal">,
  pid: number,
  fd: number,
): string | undefined {
  const deadlineMs = monotonicMs() + patienceMs;
  const told = readAll(native, fd, deadlineMs);
  if (told === undefined) native.sendSignal(pid, SIGKILL);
  return hasEndedWell(native, pid, deadlineMs) ? told : undefined;
}

function readAll(native: Pick<Native, "poll" | "read">, fd: number, deadlineMs: number): string | undefined {
  const bytes = Buffer.alloc(mostBytes);
  for (let length = 0; length < bytes.length; ) {
    const leftMs = Math.ceil(deadlineMs - monotonicMs());
    if (leftMs <= 0) return undefined;
    if (native.poll(Int32Array.of(fd, readable), 1, leftMs) <= 0) continue;
    const count = native.read(fd, bytes, length, bytes.length - length);
    if (count === 0) return bytes.toString("latin1", 0, length);
    if (count < 0 && count !== -constants.errno.EINTR) return undefined;
    length += Math.max(0, count);
  }
  return undefined;
}

/** Once it has closed its output, so it is ending; or it is killed. */
export function hasEndedWell(
  native: Pick<Native, "poll" | "wait" | "sendSignal">,
  pid: number,
  deadlineMs: number,
): boolean {
  const result = new Int32Array(2);
  for (;;) {
    const ended = native.wait(pid, result);
    if (ended !== 0) return ended === pid && result[0] === 0;
    if (monotonicMs() > deadlineMs && native.sendSignal(pid, SIGKILL) < 0) return false;
    native.poll(new Int32Array(2), 0, pollMs);
  }
}
