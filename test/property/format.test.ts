/** What holds for any session: the format loses nothing, changes nothing, and says what is missing. */

import { describe, expect, test } from "vitest";
import { parseTiming, printTiming, type TimingRecord } from "../../src/format/timing.ts";
import { fc } from "../harness/fast-check.ts";
import {
  afterMs,
  anyBytes,
  anyLossySession,
  anyPayload,
  anySession,
  bytesOf,
  decode,
  encode,
  originMs,
  type Session,
  textOf,
} from "./format-session.ts";

const settings = { numRuns: Number(process.env["REC_PROPERTY_RUNS"] ?? 1000), interruptAfterTimeLimit: 10000 };
const troubles = new Set(["gap", "bad", "lost", "unended"]);

describe("encoding and decoding", () => {
  test("any bytes come back, whatever the chunks, times and payload", () => {
    fc.assert(
      fc.property(anySession, (session) => {
        const items = decode(textOf(encode(session)));
        expect(bytesOf(items, "output")).toBe(bytesOf(session.steps, "output"));
        expect(bytesOf(items, "input")).toBe(bytesOf(session.steps, "input"));
        expect(items.filter((item) => item.kind === "window").map(sizeOf)).toEqual(windowsOf(session));
        expect(items.filter((item) => troubles.has(item.kind))).toEqual([]);
        expect(items.at(0)?.kind).toBe("head");
        expect(items.at(-1)?.kind).toBe("end");
      }),
      settings,
    );
  });

  test("whole characters keep their order and their millisecond, input and output alike", () => {
    const text = fc.string({ unit: "grapheme", maxLength: 5 }).map((value) => new TextEncoder().encode(value));
    const step = fc.record({ kind: fc.constantFrom("output" as const, "input" as const), afterMs, bytes: text });
    const session = fc.record({ payloadBytes: anyPayload, steps: fc.array(step, { maxLength: 30 }) });
    fc.assert(
      fc.property(session, (given) => {
        const items = decode(textOf(encode(given)));
        let atMs = originMs;
        const expected = given.steps.flatMap((one) => {
          atMs += one.afterMs;
          return tagged(one.kind, Math.floor(atMs - originMs), one.bytes);
        });
        const actual = items.flatMap((item) => ("bytes" in item ? tagged(item.kind, item.atMs, item.bytes) : []));
        expect(actual).toEqual(expected);
      }),
      settings,
    );
  });

  test("how reads were split does not matter", () => {
    const cuts = fc.array(fc.nat(60), { maxLength: 6 });
    fc.assert(
      fc.property(anyBytes, anyBytes, cuts, anyPayload, (output, input, places, payloadBytes) => {
        const whole = [part("output", output), part("input", input)];
        const split = [...pieces("output", output, places), ...pieces("input", input, places)];
        expect(textOf(encode({ payloadBytes, steps: split }))).toEqual(textOf(encode({ payloadBytes, steps: whole })));
      }),
      settings,
    );
  });

  test("every message is one line of JSON within its payload, ids count up, pos never goes back", () => {
    fc.assert(
      fc.property(anyLossySession, (session) => {
        const messages = encode(session);
        let lastPos = 0;
        messages.forEach((message, index) => {
          const [line] = textOf([message]) as [string];
          expect(line.indexOf("\n")).toBe(line.length - 1);
          const fields = JSON.parse(line);
          expect(fields.id).toBe(index + 1);
          expect(message.id).toBe(index + 1);
          expect(fields.pos).toBe(message.posMs);
          expect(fields.pos).toBeGreaterThanOrEqual(lastPos);
          expect(/"time":\d+\.\d{3},/.test(line)).toBe(true);
          lastPos = fields.pos;
          expect(payloadOf(line)).toBeLessThanOrEqual(session.payloadBytes);
        });
      }),
      settings,
    );
  });

  test("after the first window every message begins with the window in force", () => {
    fc.assert(
      fc.property(anyLossySession, (session) => {
        let known = "";
        for (const line of textOf(encode(session))) {
          const { timing } = JSON.parse(line) as { timing: string };
          if (known !== "") expect(timing.startsWith("=")).toBe(true);
          known = timing.match(/=\d+x\d+/g)?.at(-1) ?? known;
        }
      }),
      settings,
    );
  });
});

describe("what is missing", () => {
  test("a refused message is told as lost by the next: bytes shown are bytes decoded plus bytes lost", () => {
    fc.assert(
      fc.property(anyLossySession, fc.infiniteStream(fc.boolean()), (session, coins) => {
        const items = decode(textOf(encode(session, () => coins.next().value as boolean)));
        const lost = items.filter((item) => item.kind === "lost");
        for (const [kind, count] of [
          ["input", "inBytes"],
          ["output", "outBytes"],
        ] as const) {
          const told = lost.reduce((sum, item) => sum + item[count], 0);
          const never = session.steps.reduce((sum, step) => sum + (step.kind === "lose" ? step[count] : 0), 0);
          expect(bytesOf(items, kind).length + told).toBe(bytesOf(session.steps, kind).length + never);
        }
        for (const item of lost) expect(item.fromMs).toBeLessThanOrEqual(item.toMs);
        expect(items.filter((item) => item.kind === "gap" || item.kind === "bad")).toEqual([]);
        expect(items.at(-1)?.kind).toBe("end");
      }),
      settings,
    );
  });

  test("a message left out is exactly one gap, and the last one left out is an unended recording", () => {
    fc.assert(
      fc.property(anySession, fc.nat(), (session, choice) => {
        const lines = textOf(encode(session));
        const left = choice % lines.length;
        const items = decode(lines.filter((_, index) => index !== left));
        const isLast = left === lines.length - 1;
        const told = items.filter((item) => troubles.has(item.kind));
        expect(told.map((item) => item.kind)).toEqual(isLast ? ["unended"] : ["gap"]);
        if (!isLast) expect(told[0]).toMatchObject({ fromId: left + 1, toId: left + 1 });
      }),
      settings,
    );
  });

  test("any line spoilt, cut short, repeated or moved is told, and the rest is decoded", () => {
    const harm = fc.constantFrom("spoil", "halve", "repeat", "swap");
    fc.assert(
      fc.property(anySession, fc.nat(), harm, (session, choice, how) => {
        const lines = textOf(encode(session));
        const at = choice % (lines.length - 1);
        const line = lines[at] as string;
        if (how === "spoil") lines[at] = line.replace('"timing":"', '"timing":"?');
        else if (how === "halve") lines[at] = line.slice(0, line.length >> 1);
        else if (how === "repeat") lines.splice(at, 0, line);
        else lines.splice(at, 2, lines[at + 1] as string, line);
        const items = decode(lines);
        expect(items.some((item) => item.kind === "bad")).toBe(true);
        // A first message that is spoilt or late still leaves a recording.
        expect(items.filter((item) => item.kind === "head")).toHaveLength(1);
        expect(items.some((item) => item.kind === "end")).toBe(true);
      }),
      settings,
    );
  });
});

describe("timing", () => {
  test("parse gives back what print wrote", () => {
    const count = fc.nat();
    const record = fc.oneof(
      fc.record({ mark: fc.constantFrom("<", ">", "+"), count, extra: fc.constant(0) }),
      fc.record({ mark: fc.constantFrom("[", "]"), count, extra: count }),
      fc.record({ mark: fc.constant("="), count: fc.nat(65535), extra: fc.nat(65535) }),
    ) as fc.Arbitrary<TimingRecord>;
    fc.assert(
      fc.property(fc.array(record), (records) => {
        expect([...parseTiming(printTiming(records))]).toEqual(records);
      }),
      settings,
    );
  });
});

function part(kind: "output" | "input", bytes: Uint8Array) {
  return { kind, bytes, afterMs: 0 };
}

function pieces(kind: "output" | "input", bytes: Uint8Array, places: readonly number[]) {
  const cuts = [0, ...places.filter((place) => place < bytes.length).sort((one, other) => one - other), bytes.length];
  return cuts.slice(1).map((end, index) => part(kind, bytes.subarray(cuts[index], end)));
}

function tagged(kind: string, atMs: number, bytes: Uint8Array): string[] {
  return [...bytes].map((byte) => `${kind} ${atMs} ${byte}`);
}

function sizeOf(window: { readonly columns: number; readonly rows: number }): string {
  return `${window.columns}x${window.rows}`;
}

function windowsOf(session: Session): string[] {
  const sizes = session.steps.filter((step) => step.kind === "window").map(sizeOf);
  return sizes.filter((size, index) => size !== sizes[index - 1]);
}

/** Bytes that count as payload, as they stand in the line. */
function payloadOf(line: string): number {
  const parts = /"timing":"(.*?)","in_txt":"(.*)","in_bin":\[(.*?)\],"out_txt":"(.*)","out_bin":\[(.*?)\]/s.exec(line);
  return (parts ?? []).slice(1).reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}
