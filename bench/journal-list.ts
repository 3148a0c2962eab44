/** List: how long `recctl list` takes over a journal with many recordings, written by our own encoder and writer. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Encoder } from "../src/format/encoder.ts";
import type { EncodedMessage } from "../src/format/message.ts";
import { native } from "../src/terminal/native.ts";
import { Timers } from "../src/timers.ts";
import type { DatagramNative } from "../src/writer/datagram.ts";
import { JournalWriter } from "../src/writer/journal.ts";
import { add, type Bench, type Samples } from "./bench.ts";
import { root } from "./contestant.ts";
import { type Journald, withJournald } from "./journald.ts";
import { replayOf, secondsOf } from "./replay.ts";
import { type Row, rowOf } from "./row.ts";

/** What a message shows: a command and its answer. */
const shownBytes = 500;

export function measureJournalList(bench: Bench): Promise<Row[]> {
  return withJournald(bench, (journald) => measure(bench, journald));
}

async function measure(bench: Bench, journald: Journald): Promise<Row[]> {
  const seconds: Samples = {};
  const { recordings, messagesEach } = bench.sizes;
  const text = readFileSync(bench.text);
  for (let i = 1; i <= recordings; i++) await writeRecording(journald.socket, i, messagesEach, text);
  journald.sync();
  const list = journald.inside([join(root, "bin/recctl"), "list", "--source", "journal"]);
  const listed = replayOf(bench, [...list, "--json"])
    .toString()
    .trim()
    .split("\n").length;
  if (listed !== recordings) throw new Error(`${listed} of ${recordings} recordings are listed`);
  await bench.interleave(["rec"], async (name) => {
    add(seconds, name, await secondsOf(list));
  });
  const what = `list of ${recordings} x ${messagesEach} messages`;
  return [rowOf({ what, unit: "s", samples: seconds }, [{ bound: "<=", limit: 1 }])];
}

/** A whole recording: a start, what was shown, an end. */
async function writeRecording(socket: string, number: number, messages: number, text: Buffer): Promise<void> {
  const boot = readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim().replaceAll("-", "");
  const rec = `${boot}-${process.pid.toString(16)}-${number.toString(16)}`;
  const identity = { host: "bench", rec, user: "bench", term: "xterm", session: number };
  const options = { identity, identifier: "rec", priority: 6, augments: true, namespace: undefined };
  const writer = JournalWriter.open(patient(socket), options, new Timers(performance.now));
  const written: Promise<void>[] = [];
  const emit = (message: EncodedMessage): boolean => {
    const taking = writer.write(message);
    if (taking !== undefined) written.push(taking);
    return true;
  };
  const encoder = new Encoder(identity, { payloadBytes: 32_768, startedMs: Date.now(), originMs: 0 }, emit);
  encoder.start({ command: ["bash"], cwd: "/", tty: "/dev/pts/1", peer: null }, 0);
  for (let i = 1; i < messages - 1; i++) {
    // A prime step, so that hardly two messages are alike.
    const from = ((number * messages + i) * 7919) % (text.length - shownBytes);
    encoder.output(text.subarray(from, from + shownBytes), i * 1000);
    encoder.flush(i * 1000);
  }
  const shown = shownBytes * (messages - 2);
  encoder.end({ exit: 0, signal: null, inBytes: 0, outBytes: shown, durationMs: messages * 1000 }, messages * 1000);
  await Promise.all(written);
  await writer.close();
}

/** Sends to the socket that the bench sees, at once: it waits while that is full. */
function patient(socket: string): DatagramNative {
  const path = Buffer.from(socket);
  const sendDatagram = (fd: number, _: Uint8Array, bytes: Uint8Array, mayBeSealed: number): number => {
    for (;;) {
      const result = native.sendDatagram(fd, path, bytes, mayBeSealed);
      if (result >= 0) return result;
      native.poll(new Int32Array(), 0, 1);
    }
  };
  return { ...native, sendDatagram };
}
