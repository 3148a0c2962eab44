/** Recordings for what recctl does with many: whole ones in a folder, written by our own encoder. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { formatRecordingName } from "../src/catalog/name.ts";
import { Encoder } from "../src/format/encoder.ts";
import { dice } from "./bench.ts";

/** Of no boot that this machine had. */
const boot = "b74aff806489400b9d121ed6589afff9";
const firstMs = Date.parse("2026-01-01T00:00:00Z");
const payloadBytes = 32_768;
const words = vocabulary(2000);
const users = ["alice", "bob", "carol", "dave"];

/** The number of the recording tells its id, its user and its start, a minute after the one before. */
export function writeRecordingFile(folder: string, number: number, shown: Uint8Array): void {
  const rec = `${boot}-${(number + 1).toString(16)}-${number.toString(16)}`;
  const user = users[number % users.length] as string;
  const startedMs = firstMs + number * 60_000;
  const lines: Buffer[] = [];
  const identity = { host: "bench.example", rec, user, term: "xterm-256color", session: number + 1 };
  const encoder = new Encoder(identity, { payloadBytes, startedMs, originMs: 0 }, ({ line }) => {
    lines.push(Buffer.from(line));
    return true;
  });
  encoder.start({ command: ["/bin/bash"], cwd: `/home/${user}`, tty: `/dev/pts/${number % 50}`, peer: null }, 0);
  // As much at once as a terminal gives.
  for (let from = 0; from < shown.length; from += 4096) encoder.output(shown.subarray(from, from + 4096), from / 10);
  const durationMs = Math.ceil(shown.length / 10);
  encoder.end({ exit: 0, signal: null, inBytes: 0, outBytes: shown.length, durationMs }, durationMs);
  writeFileSync(join(folder, formatRecordingName({ startedMs, user, rec })), Buffer.concat(lines));
}

/** A word that each megabyte of the text has some ten times. */
export const commonWord = "seldom";

/** Lines of some ten words, as programs print; the same for the same seed. */
export function shownText(bytes: number, seed: number): Buffer {
  const below = dice(seed);
  const lines: string[] = [];
  for (let length = 0; length < bytes; ) {
    // Few words make most of any text.
    const line = Array.from({ length: 6 + below(9) }, () => words[Math.min(below(words.length), below(words.length))]);
    if (below(1600) === 0) line.push(commonWord);
    const text = `${line.join(" ")}\r\n`;
    lines.push(text);
    length += text.length;
  }
  return Buffer.from(lines.join("")).subarray(0, bytes);
}

function vocabulary(count: number): string[] {
  const below = dice(1);
  const letters = "etaoinshrdlucmfwypvbgk0123-/._";
  return Array.from({ length: count }, () =>
    Array.from({ length: 2 + below(9) }, () => letters[Math.min(below(30), below(30))]).join(""),
  );
}
