/** The decoder against anything: it ends, throws nothing, makes nothing up, and time never goes back. */

import { expect, test } from "vitest";
import { Decoder } from "../../src/format/decoder.ts";
import type { Item } from "../../src/format/item.ts";
import { fc, seed } from "../harness/fast-check.ts";
import { Chance } from "./chance.ts";
import { anySession, encode, textOf } from "./format-session.ts";

/** 20 000 at every commit; REC_FUZZ_RUNS=1000000 at night, with other seeds. */
const runs = Number(process.env["REC_FUZZ_RUNS"] ?? 20000);

const numbers = [
  "0",
  "-1",
  "1e400",
  "1.5",
  "65536",
  "4294967296",
  "2147483647999",
  "2147483648000",
  "253402300799.999",
  "10000000000000",
  "9007199254740993",
  "99999999999999999999",
];
const values = [
  "null",
  "true",
  '""',
  '"2.3"',
  "[]",
  "{}",
  "[255,-1]",
  "[1e9]",
  '["1"]',
  '"\\ud83d"',
  '"😀"',
  '{"in":1}',
  ...numbers,
];
const names = [
  "ver",
  "rec",
  "id",
  "pos",
  "time",
  "session",
  "timing",
  "in_txt",
  "in_bin",
  "out_txt",
  "out_bin",
  "start",
  "end",
  "lost",
  "__proto__",
];
const timings = [
  "<",
  ">",
  "[",
  "]",
  "+",
  "=",
  "/",
  "x",
  " ",
  "1",
  "0",
  "9",
  "]1/1",
  ">1",
  "=80x24",
  "99999999999999999999",
];
const texts = ["{", "}", "[", "]", '"', ",", ":", "\\", "\0", "\ufffd", "\ud800", "😀", "null", "1e999", "\n"];

function harm(line: string, chance: Chance): string {
  const at = chance.below(line.length + 1);
  switch (chance.below(7)) {
    case 0:
      return line.slice(0, at);
    case 1:
      return line.slice(0, at) + chance.pick(texts) + line.slice(at + chance.below(3));
    case 2: {
      const field = new RegExp(`"${chance.pick(names)}":(?:"(?:[^"\\\\]|\\\\.)*"|\\[[^\\]]*\\]|[^,}]*)`);
      return line.replace(field, () => `"${chance.pick(names)}":${chance.pick(values)}`);
    }
    case 3: {
      const timing = Array.from({ length: chance.below(8) }, () => chance.pick(timings)).join("");
      return line.replace(/"timing":"[^"]*"/, () => `"timing":"${timing}"`);
    }
    case 4:
      return line.replace(/}\s*$/, () => `,"${chance.pick(names)}":${chance.pick(values)}}`);
    case 5:
      return Array.from({ length: chance.below(30) }, () => String.fromCharCode(chance.below(0x10000))).join("");
    default:
      return line;
  }
}

function check(items: readonly Item[], inputLength: number): void {
  let lastMs = 0;
  let bytes = 0;
  for (const item of items) {
    if (item.kind === "output" || item.kind === "input" || item.kind === "window") {
      if (!(item.atMs >= lastMs && Number.isSafeInteger(item.atMs)))
        throw new Error(`time ${item.atMs} after ${lastMs}`);
      lastMs = item.atMs;
    }
    // Names of files and exported pages have the date.
    if (item.kind === "head" && item.startedMs !== null && !(new Date(item.startedMs).getUTCFullYear() < 10_000))
      throw new Error(`no date: ${item.startedMs}`);
    if ("bytes" in item) bytes += item.bytes.length;
    if (item.kind === "gap" && !(item.fromId <= item.toId && item.fromMs <= item.toMs))
      throw new Error("a gap that is none");
  }
  // A character of JSON is at most three bytes of UTF-8.
  if (bytes > inputLength * 3) throw new Error(`${bytes} bytes from ${inputLength} characters`);
}

test(`${runs} spoilt recordings, seed ${seed}`, { timeout: 60_000 + runs }, () => {
  const chance = new Chance(seed);
  const sources = fc.sample(anySession, { numRuns: 200, seed }).map((session) => textOf(encode(session)));
  for (let run = 0; run < runs; run++) {
    const source = chance.pick(sources);
    const lines = Array.from({ length: 1 + chance.below(4) }, (_, index) => source[index] ?? chance.pick(source));
    const spoilt = lines.map((line) => (chance.below(3) === 0 ? line : harm(harm(line, chance), chance)));
    const began = process.cpuUsage();
    try {
      const decoder = new Decoder(chance.below(4) === 0 ? { rec: "b74aff-79ee-15713" } : {});
      const items = spoilt.flatMap((text, index) =>
        decoder.decode({ text, place: `line ${index}`, isWhole: chance.below(2) === 0 }),
      );
      check([...items, ...decoder.finish()], spoilt.join("").length);
    } catch (cause) {
      throw new Error(`run ${run} of seed ${seed}: ${JSON.stringify(spoilt)}`, { cause });
    }
    if (process.cpuUsage(began).user > 2_000_000)
      expect.fail(`run ${run} of seed ${seed} took long: ${JSON.stringify(spoilt)}`);
  }
});

test("deep nesting, endless numbers and endless strings end too", () => {
  const texts = [
    "[".repeat(1e6),
    '{"a":'.repeat(1e5),
    "9".repeat(1e6),
    `"${"x".repeat(1e6)}`,
    `{"ver":"${"2".repeat(1e6)}"}`,
    `{"ver":"2.${"3".repeat(1e6)}x"}`,
  ];
  const decoder = new Decoder();
  for (const text of texts)
    expect(decoder.decode({ text, place: "line 1", isWhole: true })).toMatchObject([{ kind: "bad" }]);
});
