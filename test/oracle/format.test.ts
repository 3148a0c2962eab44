/** The format against Debian's tlog: it plays what we encode, we decode what it records, and both write the same bytes. */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Encoder } from "../../src/format/encoder.ts";
import { parseMessage } from "../../src/format/parse-message.ts";
import { fc } from "../harness/fast-check.ts";
import {
  anyBytes,
  anyLossySession,
  bytesOf,
  decode,
  encode,
  identity,
  start,
  textOf,
} from "../property/format-session.ts";

const missing = whyMissing();
/** What tlog-play writes to its terminal when it ends, NUL included. */
const playerEnd = "\u001b[0m\u001b[?25h\n\0";
const environment = { ...process.env, LANG: "C.UTF-8", TERM: "xterm", SHELL: "/bin/sh" };
let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "rec-oracle-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(missing !== null)(missing === null ? "tlog" : `tlog (skipped: ${missing})`, () => {
  test.each([32, 64, 100, 2048, 32768])(
    "plays what we encode with a payload of %d: any bytes, windows, input, losses",
    async (payloadBytes) => {
      const sessions = fc
        .sample(anyLossySession, { numRuns: 20, seed: payloadBytes })
        .map((session) => ({ ...session, payloadBytes }));
      for (const session of sessions) {
        // The player waits for pos 0 to pass, never longer, as it goes to the end.
        const lines = textOf(encode(session));
        expect(await play(lines.join(""))).toBe(bytesOf(session.steps, "output"));
      }
    },
  );

  test("plays a megabyte of random bytes and a megabyte of text", async () => {
    const random = Uint8Array.from({ length: 1 << 20 }, (_, place) => Math.imul(place + 1, 0x9e3779b1) >>> 24);
    const text = new TextEncoder().encode("größe 日本語 😀 plain text\r\n\u001b[0m".repeat(20000));
    for (const bytes of [random, text]) {
      const session = { payloadBytes: 32768, steps: [{ kind: "output" as const, afterMs: 0, bytes }] };
      expect(await play(textOf(encode(session)).join(""))).toBe(bytesOf(session.steps, "output"));
    }
  });

  test("plays a recording whose messages only tell: start, loss, end", async () => {
    const session = { payloadBytes: 2048, steps: [{ kind: "lose" as const, afterMs: 1, inBytes: 1, outBytes: 1 }] };
    const lines = textOf(encode(session));
    expect(lines.map((line) => JSON.parse(line).timing)).toEqual(["", ""]);
    expect(lines[1]).toContain('"lost"');
    expect(await play(lines.join(""))).toBe("");
  });

  test("plays strings of a command that hold anything", async () => {
    const lines: string[] = [];
    const encoder = new Encoder(identity, { payloadBytes: 32768, startedMs: 0, originMs: 0 }, (message) => {
      lines.push(...textOf([message]));
      return true;
    });
    const everything = Array.from({ length: 0x300 }, (_, code) => String.fromCharCode(code)).join("");
    encoder.start({ ...start, command: [everything, "\ud800\udfff\udc00", "x".repeat(100000)], cwd: everything }, 0);
    encoder.output(new TextEncoder().encode("shown"), 1);
    encoder.end({ exit: 0, signal: null, inBytes: 0, outBytes: 5, durationMs: 1 }, 2);
    expect(await play(lines.join(""))).toBe("shown");
  });

  test.each([32, 64, 100, 2048])(
    "records with a payload of %d what we decode to the same bytes, and encode again to the same lines",
    async (payloadBytes) => {
      const bytes = Buffer.concat(fc.sample(anyBytes, { numRuns: 400, seed: payloadBytes }));
      const lines = await record(payloadBytes, bytes);
      const items = decode(lines);
      expect(bytesOf(items, "output")).toBe(bytes.toString("latin1"));
      expect(items.filter((item) => item.kind === "bad" || item.kind === "gap")).toEqual([]);

      const first = parseMessage(lines[0] as string);
      const again: string[] = [];
      const options = { payloadBytes, startedMs: first.timeMs ?? 0, originMs: 0 };
      const encoder = new Encoder(first, options, (message) => {
        again.push(...textOf([message]));
        return true;
      });
      for (const item of items) {
        if (item.kind === "output") encoder.output(item.bytes, item.atMs);
        if (item.kind === "window") encoder.window(item.columns, item.rows, item.atMs);
      }
      encoder.flush(1e9, 1e9);
      expect(again.map(withoutTime)).toEqual(lines.map(withoutTime));
    },
  );
});

function whyMissing(): string | null {
  if (!existsSync("/usr/bin/tlog-play")) return "Debian's package tlog is not installed";
  if (!existsSync("/run/utmp")) return "tlog-rec wants a file /run/utmp: touch /run/utmp";
  return null;
}

/** What tlog-play shows, one character per byte. */
function play(recording: string): Promise<string> {
  const path = join(folder, "play.jsonl");
  writeFileSync(path, recording);
  return new Promise((resolve, reject) => {
    // tlog-play spins when its stdin has ended, so the pipe stays open until it leaves.
    const player = spawn("tlog-play", ["-g", "end", "-i", path], { env: environment, stdio: ["pipe", "pipe", "pipe"] });
    const shown: Buffer[] = [];
    let errors = "";
    player.stdout.on("data", (bytes: Buffer) => shown.push(bytes));
    player.stderr.on("data", (bytes: Buffer) => {
      errors += bytes.toString();
    });
    player.on("error", reject);
    player.on("close", (status) => {
      const text = Buffer.concat(shown).toString("latin1");
      if (status === 0 && errors === "" && text.endsWith(playerEnd)) resolve(text.slice(0, -playerEnd.length));
      else reject(new Error(`tlog-play left with ${status}: ${errors}${JSON.stringify(text.slice(-30))}`));
    });
  });
}

/** Lines of what tlog-rec writes when a program on a terminal shows `bytes`. */
function record(payloadBytes: number, bytes: Uint8Array): Promise<string[]> {
  const [path, shown] = [join(folder, "record.jsonl"), join(folder, "shown")];
  rmSync(path, { force: true });
  writeFileSync(shown, bytes);
  const command = `tlog-rec --latency=1000 --payload=${payloadBytes} -o ${path} sh -c 'stty raw -opost; cat ${shown}'`;
  return new Promise((resolve, reject) => {
    // script(1) gives it a terminal, which lasts as long as this stdin.
    const recorder = spawn("script", ["-qec", command, "/dev/null"], {
      env: environment,
      stdio: ["pipe", "ignore", "pipe"],
    });
    recorder.on("error", reject);
    recorder.on("close", (status) => {
      if (existsSync(path)) resolve(readFileSync(path, "utf8").trimEnd().split("\n"));
      else reject(new Error(`tlog-rec left with ${status}`));
    });
  });
}

/** tlog's fractions of a millisecond are not in its recording, so the last digit of \`time\` cannot be made again. */
function withoutTime(line: string): string {
  return line.trimEnd().replace(/"time":\d+\.\d{3},/, "");
}
