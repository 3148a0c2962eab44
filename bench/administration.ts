/** Administration: how long recctl takes to list a folder of many recordings, and to search what many showed. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { add, type Bench, megabyte, type Samples } from "./bench.ts";
import { root } from "./contestant.ts";
import { commonWord, shownText, writeRecordingFile } from "./recording-files.ts";
import { replayOf, secondsOf } from "./replay.ts";
import { type Row, rowOf } from "./row.ts";

const recctl = join(root, "bin/recctl");
/** What each of those that are listed showed, and each of those that are searched. */
const listedBytes = 10_000;
const searchedBytes = megabyte;
/** Whose index is in a folder of the bench's: root's is the site's. */
const nobody = 65_534;
/** Stands in the text of one recording. */
const rareWord = "needle-in-the-hay";
/** Matches the common word, and has no three plain characters in a row. */
const wordlessPattern = "s.l.om";

export async function measureList(bench: Bench): Promise<Row[]> {
  const folder = join(bench.folder, "list");
  const { listed } = bench.sizes;
  mkdirSync(folder);
  const text = shownText(listedBytes, 1);
  for (let i = 0; i < listed; i++) writeRecordingFile(folder, i, text);
  const list = [recctl, "list", "--folder", folder];
  const lines = replayOf(bench, [...list, "--json"])
    .toString()
    .trim()
    .split("\n").length;
  if (lines !== listed) throw new Error(`${lines} of ${listed} recordings are listed`);
  const times: Samples = {};
  await bench.interleave(["rec"], async (name) => add(times, name, (await secondsOf(list)) * 1000));
  rmSync(folder, { recursive: true });
  return [rowOf({ what: `list of ${listed} recordings`, unit: "ms", samples: times }, [{ bound: "<=", limit: 300 }])];
}

export async function measureSearch(bench: Bench): Promise<Row[]> {
  const folder = join(bench.folder, "search");
  const cache = join(bench.folder, "cache");
  for (const path of [folder, cache]) mkdirSync(path);
  const bytes = bench.sizes.searchedBytes;
  for (let i = 0; i < bytes / searchedBytes; i++) {
    const text = shownText(searchedBytes, i + 1);
    if (i === 0) text.write(rareWord, text.indexOf("\n", text.length / 2) + 1);
    writeRecordingFile(folder, i, text);
  }
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) spawnSync("chown", ["-R", `${nobody}:${nobody}`, bench.folder]);
  const as = isRoot ? ["setpriv", "--reuid", `${nobody}`, "--regid", `${nobody}`, "--clear-groups"] : [];
  const search = [...as, "env", `XDG_CACHE_HOME=${cache}`, recctl, "search", "--folder", folder];
  const hits = replayOf(bench, [...search, "--json", rareWord])
    .toString()
    .trim()
    .split("\n").length;
  if (hits !== 1) throw new Error(`${hits} lines are found, not the one that is there`);
  const index = join(cache, "rec-session");
  const samples = { first: {}, rare: {}, common: {}, soonest: {}, plain: {}, size: {} } satisfies Record<
    string,
    Samples
  >;
  await bench.interleave(["rec"], async (name) => {
    const ms = async (pattern: string): Promise<number> => (await secondsOf([...search, pattern])) * 1000;
    rmSync(index, { recursive: true });
    add(samples.first, name, bytes / megabyte / (await secondsOf([...search, rareWord])));
    add(samples.rare, name, await ms(rareWord));
    add(samples.common, name, await ms(commonWord));
    add(samples.soonest, name, await firstOutputMs([...search, commonWord]));
    add(samples.plain, name, await ms(wordlessPattern));
    add(samples.size, name, statSync(join(index, "search.db")).size / bytes);
  });
  for (const path of [folder, cache]) rmSync(path, { recursive: true });
  const of = `of ${bytes / megabyte} MB`;
  const soon = [{ bound: "<=", limit: 200 }] as const;
  return [
    rowOf({ what: `first search ${of}`, unit: "MB/s", samples: samples.first }, [{ bound: ">=", limit: 15 }]),
    rowOf({ what: "the next, for a rare word", unit: "ms", samples: samples.rare }, soon),
    rowOf({ what: "the next, for one in all", unit: "ms", samples: samples.common }, soon),
    rowOf({ what: "its first hit", unit: "ms", samples: samples.soonest }, soon),
    rowOf({ what: "the next, without a word", unit: "ms", samples: samples.plain }, []),
    rowOf({ what: "size of the index", unit: "x shown", samples: samples.size }, []),
  ];
}

/** Until it prints anything; then nobody listens any more. */
async function firstOutputMs([command = "", ...args]: readonly string[]): Promise<number> {
  const startedMs = performance.now();
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
  const exit = once(child, "exit");
  await once(child.stdout, "data");
  const ms = performance.now() - startedMs;
  child.stdout.destroy();
  await exit;
  return ms;
}
