/** Golden recordings: what is encoded from packets.jsonl byte by byte, and what every recording.jsonl decodes to, for ever. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Decoder } from "../../src/format/decoder.ts";
import { Encoder } from "../../src/format/encoder.ts";
import type { Item } from "../../src/format/item.ts";
import type { Identity, RecordingEnd, RecordingStart } from "../../src/format/message.ts";
import { goldenFolder, recordings } from "./recordings.ts";

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

test.each(recordings)("%s", async (name) => {
  const folder = `${goldenFolder}/${name}`;
  const isOurs = existsSync(`${folder}/packets.jsonl`);
  const text = isOurs ? encode(`${folder}/packets.jsonl`) : readFileSync(`${folder}/recording.jsonl`, "utf8");
  if (isOurs) await expect(text).toMatchFileSnapshot(`${folder}/recording.jsonl`);
  const decoder = new Decoder();
  const items = text.split("\n").flatMap((line, index) => decoder.decode({ text: line, place: `line ${index + 1}`, isWhole: true }));
  await expect([...items, ...decoder.finish()].map(printItem).join("")).toMatchFileSnapshot(`${folder}/items.jsonl`);
});

test("every folder here holds a recording", () => {
  const folders = ["", "old/"].flatMap((under) =>
    readdirSync(`${goldenFolder}/${under}`, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !["old", "import"].includes(entry.name))
      .map((entry) => `${under}${entry.name}`),
  );
  expect(folders.sort()).toEqual([...recordings].sort());
  expect(folders.length).toBeGreaterThan(15);
});

function encode(path: string): string {
  const lines = readFileSync(path, "utf8").trimEnd().split("\n");
  const [setting, ...steps] = lines.map((line) => JSON.parse(line)) as [Setting, ...Step[]];
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

/** Bytes are shown as the characters of the same numbers, escaped where they are not plain. */
function printItem(item: Item): string {
  if (!("bytes" in item)) return `${JSON.stringify(item)}\n`;
  const latin1 = Buffer.from(item.bytes).toString("latin1");
  const text = JSON.stringify({ kind: item.kind, atMs: item.atMs, latin1 });
  return `${text.replace(/[\x7f-\xff]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`)}\n`;
}

function bytesOf(parts: readonly (string | number)[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => (typeof part === "string" ? [...Buffer.from(part)] : [part])));
}
