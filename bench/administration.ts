/** Administration: how long recctl takes to list a folder of many recordings, and to search what many showed. */
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
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
  const [first, rare, common]: [Samples, Samples, Samples] = [{}, {}, {}];
  await bench.interleave(["rec"], async (name) => {
    rmSync(join(cache, "rec-session"), { recursive: true });
    add(first, name, bytes / megabyte / (await secondsOf([...search, rareWord])));
    add(rare, name, (await secondsOf([...search, rareWord])) * 1000);
    add(common, name, (await secondsOf([...search, commonWord])) * 1000);
  });
  for (const path of [folder, cache]) rmSync(path, { recursive: true });
  const of = `of ${bytes / megabyte} MB`;
  return [
    rowOf({ what: `first search ${of}`, unit: "MB/s", samples: first }, [{ bound: ">=", limit: 15 }]),
    rowOf({ what: "the next, for a rare word", unit: "ms", samples: rare }, [{ bound: "<=", limit: 200 }]),
    rowOf({ what: "the next, for one in all", unit: "ms", samples: common }, []),
  ];
}
