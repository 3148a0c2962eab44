/** Sessions for tests of the format: what happens, encoded and decoded back. */

import { Decoder } from "../../src/format/decoder.ts";
import { Encoder } from "../../src/format/encoder.ts";
import type { Item } from "../../src/format/item.ts";
import type { EncodedMessage, Identity } from "../../src/format/message.ts";
import { fc } from "../harness/fast-check.ts";

export type Step =
  | { readonly kind: "output" | "input"; readonly afterMs: number; readonly bytes: Uint8Array }
  | { readonly kind: "window"; readonly afterMs: number; readonly columns: number; readonly rows: number }
  | { readonly kind: "lose"; readonly afterMs: number; readonly inBytes: number; readonly outBytes: number }
  | { readonly kind: "flush"; readonly afterMs: number; readonly cutAfterMs: number };

export interface Session {
  readonly payloadBytes: number;
  readonly steps: readonly Step[];
}

export const identity: Identity = {
  host: "vm.example",
  rec: "b74aff-79ee-15713",
  user: "root",
  term: "xterm",
  session: 7,
};
export const start = {
  command: ["sh", "-c", 'echo \u007f\u001b[0m\ud83d "\\'],
  cwd: "/größe",
  tty: null,
  peer: "::1 22 ::1 22",
};
export const originMs = 1234.567;

/** Encodes `session` from its start message to its end; `accept` says by id and call which messages are taken. */
export function encode(session: Session, accept: (call: number) => boolean = () => true): EncodedMessage[] {
  const messages: EncodedMessage[] = [];
  let call = 0;
  const options = { payloadBytes: session.payloadBytes, startedMs: 1795297383705.9, originMs };
  const encoder = new Encoder(identity, options, (message) => {
    const isTaken = message.end !== undefined || accept(call++);
    if (isTaken) messages.push(message);
    return isTaken;
  });
  let atMs = originMs;
  encoder.start(start, atMs);
  for (const step of session.steps) {
    atMs += step.afterMs;
    if (step.kind === "window") encoder.window(step.columns, step.rows, atMs);
    else if (step.kind === "lose") encoder.lose(step.inBytes, step.outBytes, atMs);
    else if (step.kind === "flush") encoder.flush(atMs, atMs - step.cutAfterMs);
    else {
      // The encoder may not keep what it was given.
      const bytes = step.bytes.slice();
      encoder[step.kind](bytes, atMs);
      bytes.fill(0x21);
    }
  }
  encoder.end({ exit: 0, signal: null, inBytes: 1, outBytes: 2, durationMs: 3 }, atMs);
  return messages;
}

export function textOf(messages: readonly EncodedMessage[]): string[] {
  return messages.map((message) => new TextDecoder("utf-8", { fatal: true }).decode(message.line));
}

export function decode(lines: readonly string[], rec?: string): Item[] {
  const decoder = new Decoder(rec === undefined ? {} : { rec });
  const items = lines.flatMap((text, number) => decoder.decode({ text, place: `line ${number + 1}`, isWhole: true }));
  return [...items, ...decoder.finish()];
}

/** All bytes of one direction, as a string of one character per byte so that differences are readable. */
export function bytesOf(parts: readonly (Item | Step)[], kind: "input" | "output"): string {
  return parts.map((part) => (part.kind === kind && "bytes" in part ? latin1(part.bytes) : "")).join("");
}

export function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
}

const character = fc.oneof(
  fc.constantFrom(
    "a",
    "\n",
    "\r",
    "\u001b",
    "\0",
    "\u007f",
    '"',
    "\\",
    "é",
    "\u0085",
    "\u2028",
    "日",
    "\ufffd",
    "😀",
    "\u{10ffff}",
  ),
  fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
);
const broken = fc.constantFrom(
  [0xff],
  [0xc0, 0x80],
  [0xed, 0xa0, 0x80],
  [0xf0, 0x9f],
  [0xe2],
  [0xf4, 0x90],
  [0x80],
  [0xc2],
);
const piece = fc.oneof(
  { weight: 5, arbitrary: character.map((text) => new TextEncoder().encode(text)) },
  { weight: 2, arbitrary: broken.map((bytes) => Uint8Array.from(bytes)) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 8 }) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 120 }).map((count) => new Uint8Array(count).fill(0x78)) },
);

/** Bytes as sessions have them and as they should not: text, escapes, broken UTF-8, anything. */
export const anyBytes = fc
  .array(piece, { maxLength: 12 })
  .map((pieces) => Uint8Array.from(pieces.flatMap((bytes) => [...bytes])));

export const afterMs = fc.oneof(
  fc.constant(0),
  fc.double({ min: 0, max: 3, noNaN: true }),
  fc.integer({ min: 0, max: 100000 }),
);

const size = fc.constantFrom(0, 1, 80, 100, 65535);
const dataStep = fc.record({
  kind: fc.constantFrom("output" as const, "output" as const, "input" as const),
  afterMs,
  bytes: anyBytes,
});
const windowStep = fc.record({ kind: fc.constant("window" as const), afterMs, columns: size, rows: size });
const flushStep = fc.record({
  kind: fc.constant("flush" as const),
  afterMs,
  cutAfterMs: fc.constantFrom(-1, 0, 1, 1e9),
});
const loseStep = fc.record({ kind: fc.constant("lose" as const), afterMs, inBytes: fc.nat(9), outBytes: fc.nat(9) });

export const anyPayload = fc.oneof(fc.integer({ min: 32, max: 300 }), fc.constantFrom(2048, 32768));

export const anySession: fc.Arbitrary<Session> = fc.record({
  payloadBytes: anyPayload,
  steps: fc.array(fc.oneof({ weight: 6, arbitrary: dataStep }, windowStep, flushStep), { maxLength: 20 }),
});

export const anyLossySession: fc.Arbitrary<Session> = fc.record({
  payloadBytes: anyPayload,
  steps: fc.array(fc.oneof({ weight: 6, arbitrary: dataStep }, windowStep, flushStep, loseStep), { maxLength: 20 }),
});
