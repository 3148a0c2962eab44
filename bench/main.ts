/** `npm run bench`: measures what is promised of us, beside the bare pseudo-terminal, script and tlog-rec; bench/README.md says how to read it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { measureList, measureSearch } from "./administration.ts";
import { Bench, fullSizes, megabyte, quickSizes } from "./bench.ts";
import { measureEcho } from "./echo.ts";
import { lookAtHost } from "./host.ts";
import { measureJournal } from "./journal.ts";
import { measureJournalEcho } from "./journal-echo.ts";
import { measureJournalList } from "./journal-list.ts";
import { measureJournalLoss } from "./journal-loss.ts";
import { measureJournalReplay } from "./journal-replay.ts";
import { measureMemory } from "./memory.ts";
import { measurePage } from "./page.ts";
import { measureReplay } from "./replay.ts";
import type { Row } from "./row.ts";
import { measureStall } from "./stall.ts";
import { measureStart } from "./start.ts";
import { tableOf } from "./table.ts";
import { measureThroughput } from "./throughput.ts";
import { measureTimeline } from "./timeline.ts";

const measurements: Readonly<Record<string, (bench: Bench) => Promise<Row[]>>> = {
  throughput: measureThroughput,
  echo: measureEcho,
  start: measureStart,
  memory: measureMemory,
  stall: measureStall,
  replay: measureReplay,
  journal: measureJournal,
  "journal-echo": measureJournalEcho,
  "journal-loss": measureJournalLoss,
  "journal-replay": measureJournalReplay,
  "journal-list": measureJournalList,
  timeline: measureTimeline,
  list: measureList,
  search: measureSearch,
  page: measurePage,
};

const usage = `Usage: node bench/main.ts [--quick] [--only NAME[,NAME]...] [--rounds N] [--searched MB] [--json FILE]
Names: ${Object.keys(measurements).join(", ")}`;

interface Choice {
  readonly isQuick: boolean;
  readonly rounds: number | undefined;
  readonly searchedBytes: number | undefined;
  readonly only: readonly string[];
  readonly json: string;
}

const choice = choose();
if (choice === undefined) process.exitCode = 2;
else if (!(await measureAll(choice))) process.exitCode = 1;

/** Undefined, and said on stderr, when the command line is wrong. */
function choose(): Choice | undefined {
  try {
    const { values } = parseArgs({
      options: {
        quick: { type: "boolean", default: false },
        only: { type: "string" },
        rounds: { type: "string" },
        searched: { type: "string" },
        json: { type: "string" },
      },
    });
    const only = values.only?.split(",") ?? Object.keys(measurements);
    const unknown = only.find((name) => measurements[name] === undefined);
    if (unknown !== undefined) throw new Error(`no measurement is named ${unknown}`);
    const rounds = positive("--rounds", values.rounds);
    const searched = positive("--searched", values.searched);
    const date = new Date().toISOString().replaceAll(":", "-").slice(0, 19);
    const json = values.json ?? join(import.meta.dirname, "results", `${date}.json`);
    const searchedBytes = searched === undefined ? undefined : searched * megabyte;
    return { isQuick: values.quick, rounds, searchedBytes, only, json };
  } catch (error) {
    console.error(`bench: ${(error as Error).message}\n${usage}`);
    return undefined;
  }
}

function positive(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new Error(`${option} wants a number`);
  return number;
}

/** False when something could not be measured; a missed goal is a result like any other. */
async function measureAll({ isQuick, rounds, searchedBytes, only, json }: Choice): Promise<boolean> {
  const host = lookAtHost();
  const date = new Date().toISOString();
  const sizes = isQuick ? quickSizes : fullSizes;
  const folder = mkdtempSync(join(tmpdir(), "rec-bench-"));
  const rows: Row[] = [];
  const failures: string[] = [];
  try {
    const bench = new Bench(folder, {
      ...sizes,
      rounds: rounds ?? sizes.rounds,
      searchedBytes: searchedBytes ?? sizes.searchedBytes,
    });
    for (const name of only) {
      console.error(`bench: ${name}`);
      try {
        rows.push(...((await measurements[name]?.(bench)) ?? []));
      } catch (error) {
        failures.push(`${name}: ${(error as Error).message}`);
      }
    }
    process.stdout.write(tableOf(rows));
    mkdirSync(dirname(json), { recursive: true });
    writeFileSync(json, `${JSON.stringify({ date, host, sizes: bench.sizes, rows, failures }, undefined, 2)}\n`);
    console.error(`bench: every sample is in ${json}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
  if (isQuick) console.error("bench: --quick shows that the bench works; its figures mean nothing");
  for (const failure of failures) console.error(`bench: could not measure ${failure}`);
  return failures.length === 0;
}
