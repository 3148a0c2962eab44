/** What holds when a session shows its own recording: nothing is lost, changed or hidden, and nothing grows without end. */

import { describe, expect, test } from "vitest";
import { Decoder } from "../../src/format/decoder.ts";
import { Encoder } from "../../src/format/encoder.ts";
import type { Item } from "../../src/format/item.ts";
import { fc } from "../harness/fast-check.ts";
import { anyBytes, decode, identity, latin1, start } from "./format-session.ts";

const settings = { numRuns: Number(process.env["REC_PROPERTY_RUNS"] ?? 200), interruptAfterTimeLimit: 20000 };

/** A recording that can be shown to itself. */
class Recording {
  /** Messages as they are on the medium, without line feeds. */
  readonly lines: string[] = [];
  shown = "";
  readonly #encoder: Encoder;
  #nowMs = 0;

  constructor(payloadBytes = 32768, accept: () => boolean = () => true) {
    const search = (bytes: Uint8Array, needle: Uint8Array, from: number) => Buffer.from(bytes).indexOf(needle, from);
    const options = { payloadBytes, startedMs: 1795297383705.9, originMs: 0, search };
    this.#encoder = new Encoder(identity, options, ({ line, end }) => {
      if (end === undefined && !accept()) return false;
      this.lines.push(Buffer.from(line).toString().slice(0, -1));
      return true;
    });
    this.#encoder.start(start, 0);
  }

  output(bytes: Uint8Array, afterMs = 0): void {
    this.#nowMs += afterMs;
    this.shown += latin1(bytes);
    const given = Uint8Array.from(bytes);
    this.#encoder.output(given, this.#nowMs);
    given.fill(0x21);
  }

  input(bytes: Uint8Array): void {
    this.#encoder.input(bytes, this.#nowMs);
  }

  flush(): void {
    this.#nowMs += 1000;
    this.#encoder.flush(this.#nowMs);
  }

  end(): void {
    this.#encoder.end({ exit: 0, signal: null, inBytes: 0, outBytes: 0, durationMs: 0 }, this.#nowMs);
  }
}

function shownBy(items: readonly Item[]): string {
  return items.map((item) => (item.kind === "output" ? latin1(item.bytes) : "")).join("");
}

function lineShown(recording: Recording, back: number, isEscaped: boolean): Buffer {
  const line = recording.lines.at(-1 - back) ?? "";
  return Buffer.from(isEscaped ? line.replaceAll(/["\\]/g, "\\$&") : line);
}

const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("bytes" as const), bytes: anyBytes }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("line" as const),
      back: fc.nat(20),
      isEscaped: fc.boolean(),
      /** Where it is cut into reads, in thousandths of its length, and what comes there in between. */
      cuts: fc.array(fc.nat(1000), { maxLength: 4 }),
      between: anyBytes,
      /** Whether its end is missing. */
      isBroken: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("flush" as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("input" as const), bytes: anyBytes }) },
);
const session = fc.record({
  payloadBytes: fc.constantFrom(32, 256, 300, 1000, 32768),
  steps: fc.array(step, { maxLength: 40 }),
});

function show(recording: Recording, steps: readonly (typeof step extends fc.Arbitrary<infer S> ? S : never)[]): void {
  for (const one of steps) {
    if (one.kind === "bytes") recording.output(one.bytes, 1);
    else if (one.kind === "input") recording.input(one.bytes);
    else if (one.kind === "flush") recording.flush();
    else {
      const line = lineShown(recording, one.back, one.isEscaped);
      const places = one.cuts.map((share) => Math.floor((share / 1000) * line.length)).sort((a, b) => a - b);
      const whole = one.isBroken ? line.subarray(0, places.at(-1)) : line;
      let from = 0;
      for (const place of [...places, whole.length]) {
        recording.output(whole.subarray(from, place), from % 2);
        if (place < whole.length) recording.output(one.between);
        from = place;
      }
    }
  }
}

describe("a session that shows its own messages", () => {
  test("comes back byte by byte, however they are cut and mixed with other output", () => {
    fc.assert(
      fc.property(session, ({ payloadBytes, steps }) => {
        const recording = new Recording(payloadBytes);
        show(recording, steps);
        recording.end();
        const items = decode(recording.lines);
        expect(shownBy(items)).toBe(recording.shown);
        expect(items.filter(({ kind }) => ["bad", "gap", "lost", "unended"].includes(kind))).toEqual([]);
      }),
      settings,
    );
  });

  test("tells every byte that is missing when a message is missing that others refer to", () => {
    fc.assert(
      fc.property(session, fc.nat(), ({ steps }, nat) => {
        const recording = new Recording();
        show(recording, steps);
        recording.end();
        const missing = nat % recording.lines.length;
        const shown = messageShown(recording.lines[missing] as string, recording);
        const items = decode(recording.lines.filter((_, place) => place !== missing));
        const lost = items.reduce((sum, item) => sum + (item.kind === "lost" ? item.outBytes : 0), 0);
        expect(shownBy(items).length + lost).toBe(recording.shown.length - shown);
      }),
      settings,
    );
  });

  test("tells what is refused by policy, with all that references stood for", () => {
    fc.assert(
      fc.property(session, fc.infiniteStream(fc.boolean()), ({ steps }, answers) => {
        const recording = new Recording(32768, () => answers.next().value ?? true);
        show(recording, steps);
        recording.end();
        const items = decode(recording.lines);
        const lost = items.reduce((sum, item) => sum + (item.kind === "lost" ? item.outBytes : 0), 0);
        expect(items.filter(({ kind }) => kind === "bad" || kind === "gap")).toEqual([]);
        expect(shownBy(items).length + lost).toBe(recording.shown.length);
      }),
      settings,
    );
  });
});

/** Bytes that the message shows when nothing is missing. */
function messageShown(line: string, { lines }: Recording): number {
  const decoder = new Decoder();
  const counts = lines.map((text) => shownBy(decoder.decode({ text, place: "", isWhole: true })).length);
  return counts[lines.indexOf(line)] ?? 0;
}

/** Shows every new message once in each turn, as a program does that follows the log. */
function follow(turns: number, showLine: (recording: Recording, line: string) => void): number[] {
  const recording = new Recording();
  recording.output(Buffer.from('a prompt with "quotes" and \\backslashes\\ and größe\r\n'.repeat(20)));
  const sizes: number[] = [];
  let next = 0;
  for (let turn = 0; turn < turns; turn++) {
    recording.flush();
    const lines = recording.lines.slice(next);
    next = recording.lines.length;
    sizes.push(lines.join("").length);
    for (const line of lines) showLine(recording, line);
  }
  recording.end();
  expect(shownBy(decode(recording.lines))).toBe(recording.shown);
  return sizes;
}

const prefix = "Nov 22 04:00:00 vm rec-session[4711]: ";
const escaped = (line: string) => JSON.stringify(line).replaceAll("\u007f", "\\u007f");

function inPieces(recording: Recording, text: string, bytes: number): void {
  const whole = Buffer.from(text);
  for (let at = 0; at < whole.length; at += bytes) recording.output(whole.subarray(at, at + bytes));
}

const followers: [name: string, showLine: (recording: Recording, line: string) => void][] = [
  ["journalctl -f", (recording, line) => recording.output(Buffer.from(`${prefix}${line}\r\n`))],
  ["journalctl -f -o cat, tail -f", (recording, line) => recording.output(Buffer.from(`${line}\r\n`))],
  ["journalctl -f -o json", (recording, line) => recording.output(Buffer.from(`{"MESSAGE":${escaped(line)}}\r\n`))],
  ["one whose reads are of 100 bytes", (recording, line) => inPieces(recording, `${prefix}${line}\r\n`, 100)],
  [
    "two at once, whose pieces come in turns",
    (recording, line) => {
      const text = Buffer.from(`${prefix}${line}\r\n`);
      for (let at = 0; at < text.length; at += 500) {
        for (let one = 0; one < 2; one++) recording.output(text.subarray(at, at + 500));
      }
    },
  ],
  [
    "one in a narrow window, whose lines are broken with a sequence",
    (recording, line) => {
      for (const row of `${prefix}${line}`.match(/.{1,100}/gsu) ?? [])
        recording.output(Buffer.from(`${row}\x1b[K\r\n`));
    },
  ],
];

describe("what is recorded of one who follows the log does not grow", () => {
  test.each(followers)("%s", (_, showLine) => {
    const sizes = follow(60, showLine);
    // In the first turns nothing is kept yet, so that what was shown before is recorded once or twice.
    expect(Math.max(...sizes)).toBeLessThan(16384);
    expect(Math.max(...sizes.slice(10))).toBeLessThan(2048);
  });
});

describe("it is a hole for nobody", () => {
  test("a message that was written anew by somebody on its way is not taken for what was shown", () => {
    const recording = new Recording();
    for (let turn = 0; turn < 4; turn++) {
      recording.flush();
      recording.output(Buffer.from(`${recording.lines.at(-1)}\r\n`));
    }
    recording.end();
    const anew = recording.lines.map((line) => JSON.stringify({ ...JSON.parse(line), host: "vm.examplf" }));
    const items = decode(anew);
    const lost = items.reduce((sum, item) => sum + (item.kind === "lost" ? item.outBytes : 0), 0);
    expect(lost).toBeGreaterThan(0);
    expect(shownBy(items).length + lost).toBe(recording.shown.length);
  });

  test("a text that is not the whole beginning of a message of this recording is recorded as text", () => {
    const recording = new Recording();
    recording.output(Buffer.from("secret ".repeat(10)));
    recording.flush();
    // Wakes the finder, then keeps a message with the secret.
    recording.output(Buffer.from(`${identity.rec} ${"secret ".repeat(10)}`));
    recording.flush();
    const inside = (recording.lines.at(-1) ?? "").slice(200);
    recording.output(Buffer.from(`${"secret ".repeat(10)}${inside}`));
    recording.flush();
    expect(JSON.parse(recording.lines.at(-1) ?? "")).toMatchObject({ echo: [] });
    expect(recording.lines.at(-1)).toContain("secret");
  });
});
