/** Importers against anything: they end, throw nothing but that there is nothing to import, and what they make is a sound recording. */
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { RecError } from "../../src/errors.ts";
import type { Item } from "../../src/format/item.ts";
import { greatestMs } from "../../src/format/timing.ts";
import { Bytes } from "../../src/import/bytes.ts";
import { detectImport } from "../../src/import/detect.ts";
import { gunzipped, isGzip } from "../../src/import/gzip.ts";
import { type ImportFormat, loadImporter } from "../../src/import/importer.ts";
import { importedMessages } from "../../src/import/recording.ts";
import { seed } from "../harness/fast-check.ts";
import { goldenImports, goldenPath, importLines, importMessages, memorySource } from "../harness/imported.ts";
import { temporaryFolder } from "../harness/recorder.ts";
import { Chance } from "../property/chance.ts";

const golden = join(import.meta.dirname, "../golden");

/** So many of each format, shared by its golden recordings. */
const runsOfFormat = process.env["REC_LONG"] === undefined ? 10_000 : 200_000;
const tokens = [
  "[",
  "]",
  "{",
  "}",
  '"',
  "\\",
  ",",
  "\n",
  " ",
  "0",
  "-1",
  "1e999",
  "1e308",
  "99999999999999999999",
  "null",
  "true",
  "\\ud83d",
  '"o"',
  '"i"',
  '"r"',
  '"x"',
  "0x0",
  "65536x1",
  "\0",
  "\u001b",
  "é",
  "\n\n",
  "#",
  "H 0.0 ",
  "I 0.1 3\n",
  "O 1.5 99999\n",
  "S 0.1 SIGWINCH ROWS=0 COLS=0\n",
  "S 1.0 SIGTERM\n",
  "5 0.5 0 0\n",
  "4 0.0 999999999999\n",
  "7 0.1 SIGTSTP\n",
  '"stdout": [',
  '"version": 2',
  "\nScript done on ",
].map((text) => Buffer.from(text)); // prettier-ignore

type Parts = Record<string, Buffer>;

function partsOf(name: string): Parts {
  const path = goldenPath(name);
  if (!statSync(path).isDirectory()) return { "": readFileSync(path) };
  const names = readdirSync(path).map((file) => [file === "typescript" ? "" : file, readFileSync(`${path}/${file}`)]);
  return Object.fromEntries(names) as Parts;
}

function harm(bytes: Buffer, chance: Chance): Buffer {
  const [from, to] = [chance.below(bytes.length + 1), chance.below(bytes.length + 1)].sort((a, b) => a - b) as [
    number,
    number,
  ];
  const replaced = (by: Buffer, end = to): Buffer => Buffer.concat([bytes.subarray(0, from), by, bytes.subarray(end)]);
  switch (chance.below(8)) {
    case 0:
      return bytes.subarray(0, from);
    case 1:
      return replaced(Buffer.alloc(0), Math.min(to, from + chance.below(8)));
    case 2:
      return replaced(Buffer.concat([bytes.subarray(from, to), bytes.subarray(from, to)]));
    case 3:
      return replaced(Buffer.from(Array.from({ length: chance.below(20) }, () => chance.below(256))), from);
    case 4: {
      const spoilt = Buffer.from(bytes);
      if (spoilt.length > 0) spoilt[chance.below(spoilt.length)] = chance.below(256);
      return spoilt;
    }
    default:
      return replaced(chance.pick(tokens), from + chance.below(2));
  }
}

function harmed(parts: Parts, chance: Chance): Parts {
  const names = Object.keys(parts);
  const result: Parts = { ...parts };
  for (let times = 1 + chance.below(3); times > 0; times--) {
    const name = chance.pick(names);
    const bytes = result[name];
    if (bytes === undefined) continue;
    if (names.length > 1 && chance.below(30) === 0) delete result[name];
    else result[name] = harm(bytes, chance);
  }
  return result;
}

/** Decompressed parts are as open.ts hands them out. */
function sourceOf(parts: Parts, chunkBytes: number) {
  const memory = memorySource(parts, chunkBytes);
  return {
    ...memory,
    async open(part: string): Promise<Bytes | null> {
      const bytes = await memory.open(part);
      if (bytes === null || !isGzip(parts[part] ?? Buffer.alloc(0))) return bytes;
      async function* chunks(): AsyncGenerator<Uint8Array> {
        for (let chunk = await (bytes as Bytes).next(); chunk !== null; chunk = await (bytes as Bytes).next())
          yield chunk;
      }
      return new Bytes(gunzipped(chunks()));
    },
  };
}

/** What a recorder of ours lost, an import has lost, too. */
function check(items: readonly Item[], inputBytes: number, canLose = false): void {
  let lastMs = 0;
  let bytes = 0;
  for (const item of items) {
    if (item.kind === "gap" || item.kind === "unended") throw new Error(`a ${item.kind}`);
    if (item.kind === "lost" && !canLose) throw new Error("a loss");
    if (item.kind === "bad" && item.place.startsWith("made ")) throw new Error(item.reason);
    if (!("atMs" in item)) continue;
    if (!(item.atMs >= lastMs && item.atMs <= greatestMs)) throw new Error(`time ${item.atMs} after ${lastMs}`);
    lastMs = item.atMs;
    if ("bytes" in item) bytes += item.bytes.length;
  }
  // A character of JSON is at most three bytes of UTF-8.
  if (bytes > inputBytes * 3) throw new Error(`${bytes} bytes of ${inputBytes}`);
  if (items[0]?.kind !== "head" || items.at(-1)?.kind !== "end") throw new Error("not from its head to its end");
}

describe.each(goldenImports)(`%s, seed ${seed}`, (name, format) => {
  const isCast = format.startsWith("asciicast");
  const runs = isCast ? runsOfFormat : Math.ceil(runsOfFormat / goldenImports.filter(([, of]) => of === format).length);

  test(`${runs} spoilt ones`, { timeout: 120_000 + runs * 10 }, async () => {
    const chance = new Chance(seed);
    const whole = partsOf(name);
    let imported = 0;
    for (let run = 0; run < runs; run++) {
      const parts = harmed(whole, chance);
      const began = performance.now();
      try {
        detectImport(parts[""] ?? Buffer.alloc(0));
        const { items } = await importLines(sourceOf(parts, chance.pick([5, 64, 4096])), format);
        check(
          items,
          Object.values(parts).reduce((sum, bytes) => sum + bytes.length, 0),
        );
        imported++;
      } catch (cause) {
        if (cause instanceof RecError && cause.code === "REC_IMPORT") continue;
        const hex = JSON.stringify(Object.entries(parts).map(([part, bytes]) => [part, bytes.toString("latin1")]));
        throw new Error(`run ${run} of seed ${seed}: ${hex}`, { cause });
      }
      if (performance.now() - began > 5000) expect.fail(`run ${run} of seed ${seed} took long`);
    }
    expect(imported).toBeGreaterThan(runs / 10);
  });
});

describe(`messages of tlog and ours, seed ${seed}`, () => {
  const old = readdirSync(join(golden, "old")).map((name) => `old/${name}`);
  const names = [...old, "hello", "input-and-resize", "losses", "start-and-end"];
  const runs = Math.ceil(runsOfFormat / names.length);

  test.each(names)(`${runs} spoilt ones of %s`, { timeout: 120_000 + runs * 10 }, async (name) => {
    const chance = new Chance(seed);
    const whole = readFileSync(join(golden, name, "recording.jsonl"));
    const path = join(temporaryFolder(), "recording.jsonl");
    let imported = 0;
    for (let run = 0; run < runs; run++) {
      const bytes = harmed({ "": whole }, chance)[""] ?? whole;
      writeFileSync(path, bytes);
      const began = performance.now();
      try {
        const { items } = await importMessages(path);
        check(items, bytes.length, true);
        imported++;
      } catch (cause) {
        if (cause instanceof RecError) continue;
        throw new Error(`run ${run} of seed ${seed}: ${JSON.stringify(bytes.toString("latin1"))}`, { cause });
      }
      if (performance.now() - began > 5000) expect.fail(`run ${run} of seed ${seed} took long`);
    }
    // Of one message little is left when it is spoilt.
    expect(imported).toBeGreaterThan(runs / 50);
  });
});

describe("memory is bounded", () => {
  /** `unit` again and again, until it is told that it was enough. */
  async function* endless(unit: Buffer, bytes: number): AsyncGenerator<Buffer> {
    const chunk = Buffer.concat(Array.from({ length: Math.ceil(65536 / unit.length) }, () => unit));
    for (let given = 0; given < bytes; given += chunk.length) yield chunk;
  }
  async function* beginning(head: string, rest: AsyncIterable<Buffer>): AsyncGenerator<Uint8Array> {
    yield Buffer.from(head);
    yield* rest;
  }
  const header = '{"version": 2, "width": 80, "height": 24}\n';
  const frame = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]).toString("latin1");
  const cases: [what: string, format: ImportFormat, chunks: () => AsyncIterable<Uint8Array>][] = [
    ["a line without an end", "asciicast", () => beginning(header, endless(Buffer.from("x"), 2e8))],
    ["a header without an end", "asciicast", () => endless(Buffer.from("{"), 2e8)],
    [
      "a header of a version 1 without an end",
      "asciicast-v1",
      () => beginning('{"version": 1, "x": "', endless(Buffer.from("y"), 2e8)),
    ],
    [
      "an event without an end",
      "asciicast-v1",
      () => beginning('{"version": 1, "stdout": [[1, "', endless(Buffer.from("y"), 2e8)),
    ],
    ["nothing but bad lines", "asciicast", () => beginning(header, endless(Buffer.from("[\n"), 2e6))],
    ["a frame of 4 GiB", "ttyrec", () => beginning(frame, endless(Buffer.from("x"), 2e8))],
    ["a first line without an end", "script", () => endless(Buffer.from("x"), 2e8)],
  ];

  test.each(cases)("%s", { timeout: 120_000 }, async (_, format, chunks) => {
    const importer = await loadImporter(format);
    const source = { parts: [""], open: async (part: string) => (part === "" ? new Bytes(chunks()) : null) };
    const before = process.memoryUsage.rss();
    let greatest = 0;
    let count = 0;
    try {
      for await (const _message of importedMessages(importer(source), {
        rec: "r",
        file: "f",
        atMs: 0,
        notice: () => {},
      })) {
        if (++count % 100 === 0) greatest = Math.max(greatest, process.memoryUsage.rss());
      }
    } catch (error) {
      expect(error).toMatchObject({ code: "REC_IMPORT" });
    }
    greatest = Math.max(greatest, process.memoryUsage.rss());
    expect((greatest - before) / 2 ** 20).toBeLessThan(200);
  });

  test("compressed bytes that swell a thousand times", async () => {
    const bomb = gzipSync(Buffer.alloc(200 * 2 ** 20));
    let bytes = 0;
    let largest = 0;
    async function* whole(): AsyncGenerator<Uint8Array> {
      yield bomb;
    }
    for await (const chunk of gunzipped(whole())) {
      bytes += chunk.length;
      largest = Math.max(largest, chunk.length);
    }
    expect(bytes).toBe(200 * 2 ** 20);
    expect(largest).toBeLessThan(2 ** 20);
  });
});
