/** Golden recordings: what is encoded from packets.jsonl byte by byte, and what every recording.jsonl decodes to, for ever. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { Decoder } from "../../src/format/decoder.ts";
import { Encoder } from "../../src/format/encoder.ts";
import type { Item } from "../../src/format/item.ts";
import type { Identity, RecordingEnd, RecordingStart } from "../../src/format/message.ts";
import { recordings } from "./recordings.ts";

/** The first line of packets.jsonl. */
interface Setting {
  readonly identity: Identity;
  readonly payloadBytes: number;
  readonly startedMs: number;
  readonly originMs: number;
}

/** Any other line: one call of the encoder, or how many calls of `emit` are refused from here on. */
interface Step {
  readonly at: number;
  readonly start?: RecordingStart;
  readonly window?: readonly [columns: number, rows: number];
  readonly output?: readonly (string | number)[];
  readonly input?: readonly (string | number)[];
  readonly lose?: readonly [inBytes: number, outBytes: number];
  readonly flush?: number | null;
  readonly refuse?: number;
  readonly end?: Omit<RecordingEnd, "messages">;
}

describe("encoding", () => {
  test.each(recordings.filter((folder) => existsSync(`${folder}/packets.jsonl`)))("%s", async (folder) => {
    const [setting, ...steps] = jsonLines(`${folder}/packets.jsonl`) as [Setting, ...Step[]];
    await expect(encode(setting, steps)).toMatchFileSnapshot(`${folder}/recording.jsonl`);
  });
});

describe("decoding", () => {
  test.each(recordings)("%s", async (folder) => {
    const decoder = new Decoder();
    const lines = readFileSync(`${folder}/recording.jsonl`, "utf8").split("\n");
    const items = lines.flatMap((text, index) => decoder.decode({ text, place: `line ${index + 1}`, isWhole: true }));
    const text = [...items, ...decoder.finish()].map(printItem).join("");
    await expect(text).toMatchFileSnapshot(`${folder}/items.jsonl`);
  });
});

test("every folder here holds a recording", () => {
  const folders = ["", "old/"].flatMap((under) =>
    readdirSync(`${import.meta.dirname}/${under}`, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== "old")
      .map((entry) => `${import.meta.dirname}/${under}${entry.name}`),
  );
  expect(folders.sort()).toEqual([...recordings].sort());
  expect(folders.length).toBeGreaterThan(15);
});

function encode(setting: Setting, steps: readonly Step[]): string {
  let text = "";
  let refused = 0;
  const encoder = new Encoder(setting.identity, setting, (message) => {
    if (refused-- > 0) return false;
    text += new TextDecoder().decode(message.line);
    return true;
  });
  for (const { at, ...step } of steps) {
    if (step.start) encoder.start(step.start, at);
    if (step.window) encoder.window(step.window[0], step.window[1], at);
    if (step.output) encoder.output(bytesOf(step.output), at);
    if (step.input) encoder.input(bytesOf(step.input), at);
    if (step.lose) encoder.lose(step.lose[0], step.lose[1], at);
    if (step.flush !== undefined) encoder.flush(at, step.flush ?? undefined);
    if (step.refuse) refused = step.refuse;
    if (step.end) encoder.end(step.end, at);
  }
  return text;
}

/** Bytes are shown as the characters of the same numbers. */
function printItem(item: Item): string {
  if (!("bytes" in item)) return `${JSON.stringify(item)}\n`;
  const latin1 = Buffer.from(item.bytes).toString("latin1");
  return `${JSON.stringify({ kind: item.kind, atMs: item.atMs, latin1 })}\n`;
}

function bytesOf(parts: readonly (string | number)[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => (typeof part === "string" ? [...Buffer.from(part)] : [part])));
}

function jsonLines(path: string): unknown[] {
  const lines = readFileSync(path, "utf8").trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line));
}
