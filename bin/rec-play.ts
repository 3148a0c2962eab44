/** rec-play: wires a reader, the decoder and the player, or an exporter, together. */

import { writeSync } from "node:fs";
import { isatty } from "node:tty";
import { aboutText } from "../src/about.ts";
import { formatDate } from "../src/catalog/date.ts";
import { report as reportError } from "../src/cli.ts";
import { loadConfiguration } from "../src/config/load.ts";
import type { Settings } from "../src/config/options.ts";
import { type Program, programNamed } from "../src/config/program.ts";
import { readConfigurationFile } from "../src/config/read-file.ts";
import { RecError } from "../src/errors.ts";
import { type ExportFormat, loadExporter } from "../src/export/exporter.ts";
import type { journalEntry } from "../src/export/journal-entry.ts";
import { Decoder } from "../src/format/decoder.ts";
import type { BadItem, Item } from "../src/format/item.ts";
import { Info } from "../src/play/info.ts";
import { handleInterruption } from "../src/play/interruption.ts";
import { type Clock, Player } from "../src/play/player.ts";
import { noted, Report } from "../src/play/report.ts";
import { OutputClosed, openSink, type Sink } from "../src/play/sink.ts";
import { findKeyboard, Terminal } from "../src/play/terminal.ts";
import { parseMoment } from "../src/play/time.ts";
import { printable } from "../src/printable.ts";
import { Provenance } from "../src/reader/provenance.ts";
import type { SourceLine } from "../src/reader/reader.ts";
import { Selection } from "../src/reader/selection.ts";
import { type ForeignMessage, sift } from "../src/reader/sift.ts";
import { type Launch, readLaunch } from "../src/session/launch.ts";
import { findSource, type Source } from "../src/source.ts";
import { native } from "../src/terminal/native.ts";

type PlaySettings = Settings<"rec-play">;
type Sifted = SourceLine | ForeignMessage;

/** How many ids of recordings that were not played are told. */
const maxListed = 5;
/** A terminal that takes nothing keeps who quits no longer than this. */
const partingMs = 500;

const clock: Clock = {
  now: () => performance.now(),
  schedule(delayMs, callback) {
    const timer = setTimeout(callback, Math.ceil(delayMs));
    return () => clearTimeout(timer);
  },
};

async function run(launch: Launch, program: Program<"rec-play">): Promise<number> {
  const surroundings = {
    readFile: readConfigurationFile,
    environment: launch.env,
  };
  const { settings, positionalIndexes, notices } = loadConfiguration(program, launch.args, surroundings);
  for (const notice of notices) tell(program, notice);
  const answer = await aboutText(program, settings);
  if (answer !== undefined) {
    writeSync(1, answer);
    return 0;
  }
  const gotoMs = settings.goto === undefined ? null : parseMoment(settings.goto);
  if (settings.goto !== undefined && gotoMs === null) {
    throw new RecError("REC_GOTO", {
      time: settings.goto,
      why: "it is not a time",
    });
  }
  const source = await findSource(
    settings,
    positionalIndexes.map((index) => launch.args[index] ?? ""),
    launch.env,
  );
  const reader = await source.open(settings.export);
  const selection = new Selection(source.wanted);
  const provenance = new Provenance();
  const report = new Report();
  const sifted = sift(reader, { selection, provenance, hasMessagesOf: source.hasMessagesOf });
  const isOver = (): boolean => settings.follow && report.isEnded;
  try {
    if (settings.export) await exportEntries(sifted, report, isOver);
    else {
      const items = noted(decoded(sifted, isOver), report);
      if (settings.info) await printInfo(items, source, provenance, report);
      else if (settings.format === undefined) await play(launch, settings, items, gotoMs, source.isStandardInput);
      else await write(await exported(settings.format, items, settings.follow));
    }
  } finally {
    await reader.close();
  }
  return conclude(program, settings, source, selection, provenance, report);
}

/** The items of what passed the sieve, one batch a message; ends at the medium's end, or when `isOver`. */
async function* decoded(lines: AsyncIterable<Sifted>, isOver: () => boolean): AsyncGenerator<Iterable<Item>> {
  const decoder = new Decoder();
  for await (const line of lines) {
    const bad = badItem(line);
    yield bad === null ? decoder.decode(line as SourceLine) : [bad];
    if (isOver()) break;
  }
  yield decoder.finish();
}

function badItem(line: Sifted): BadItem | null {
  if ("foreign" in line) return { kind: "bad", place: line.place, reason: `foreign: ${line.foreign}` };
  return line.trouble === undefined ? null : { kind: "bad", place: line.place, reason: line.trouble };
}

async function exported(
  format: ExportFormat,
  items: AsyncIterable<Iterable<Item>>,
  isPrompt: boolean,
): Promise<AsyncIterable<Uint8Array>> {
  return (await loadExporter(format))(items, isPrompt);
}

/** Entries are decoded too, so that what is missing is told. */
async function exportEntries(lines: AsyncIterable<Sifted>, report: Report, isOver: () => boolean): Promise<void> {
  const { journalEntry } = await import("../src/export/journal-entry.ts");
  const entries: Uint8Array[] = [];
  async function* kept(): AsyncGenerator<Sifted> {
    for await (const line of lines) {
      if (badItem(line) === null) entries.push(...entryOf(line as SourceLine, journalEntry));
      yield line;
    }
  }
  async function* taken(): AsyncGenerator<Uint8Array> {
    for await (const batch of noted(decoded(kept(), isOver), report)) {
      for (const _ of batch);
      yield* entries.splice(0);
    }
  }
  await write(taken());
}

/** None for what is no message: the report tells it. */
function entryOf(line: SourceLine, make: typeof journalEntry): Uint8Array[] {
  if (line.entry !== undefined) return [line.entry];
  try {
    return line.text.trim() === "" ? [] : [make(line.text, line.origin?.trusted ?? {})];
  } catch (error) {
    if (error instanceof RecError) return [];
    throw error;
  }
}

async function printInfo(
  items: AsyncIterable<Iterable<Item>>,
  source: Source,
  provenance: Provenance,
  report: Report,
): Promise<void> {
  const info = new Info();
  for await (const batch of items) for (const item of batch) info.take(item);
  if (!report.isPlayable) return;
  const sender = provenance.first === null ? null : { trusted: provenance.first.trusted, isNamed: provenance.isNamed };
  writeSync(1, info.text(source.name, sender, formatDate));
}

async function write(chunks: AsyncIterable<Uint8Array>): Promise<void> {
  const sink = openSink(1, () => {});
  for await (const chunk of chunks) await sink.write(chunk);
  await sink.close();
}

async function play(
  launch: Launch,
  settings: PlaySettings,
  items: AsyncIterable<Iterable<Item>>,
  gotoMs: number | null,
  isStandardInput: boolean,
): Promise<void> {
  // Where the output goes elsewhere, the terminal's keys are another program's: `rec-play | less`.
  const keyboard = isatty(1) ? findKeyboard(isStandardInput) : null;
  let failure: Error | null = null;
  const sink = openSink(1, (error) => {
    failure = error;
    player.quit();
  });
  const player = new Player({
    output: sink,
    clock,
    gotoMs,
    speedRatio: settings.speed,
    // Without keys nobody could ever let it go on.
    isPaused: settings.paused && keyboard !== null,
    idleLimitMs: (settings["idle.limit"] ?? Number.POSITIVE_INFINITY) * 1000,
    isPersistent: settings.persist,
    isFollowing: settings.follow,
  });
  const terminal = keyboard === null ? null : openTerminal(keyboard, player, settings.persist, launch.ignoredSignals);
  try {
    const isEnded = await player.play(items);
    await parting(sink, isEnded);
  } finally {
    terminal?.close();
  }
  if (failure !== null) throw failure;
}

function openTerminal(fd: number, player: Player, isPersistent: boolean, ignoredSignals: bigint): Terminal {
  const terminal = new Terminal({
    native,
    fd,
    isPersistent,
    now: clock.now,
    onKey: (key) => player.press(key),
  });
  handleInterruption(terminal, native, ignoredSignals);
  terminal.enter();
  return terminal;
}

async function parting(sink: Sink, isEnded: boolean): Promise<void> {
  const timer = Promise.withResolvers<void>();
  const cancel = isEnded ? () => {} : clock.schedule(partingMs, timer.resolve);
  await Promise.race([sink.close(), timer.promise]);
  cancel();
}

function conclude(
  program: Program<"rec-play">,
  settings: PlaySettings,
  { name, wanted: id }: Source,
  selection: Selection,
  provenance: Provenance,
  report: Report,
): number {
  const { others } = selection;
  if (!report.isPlayable) {
    if (id !== undefined && selection.rec === null) throw new RecError("REC_RECORDING_UNKNOWN", { id, place: name });
    if (report.why === null) throw new RecError("REC_RECORDING_EMPTY", { path: name });
    throw new RecError("REC_RECORDING_FORMAT", { path: name, why: report.why });
  }
  for (const line of report.lines) tell(program, `${name}: ${line}`);
  const isUnnamed = provenance.isNamed === false;
  if (isUnnamed)
    tell(program, `${name}: not the process that the recording's ID names wrote it: see --info for who did`);
  if (others.length > 0) {
    const more = others.length > maxListed ? " ..." : "";
    const what = others.length === 1 ? "the other" : `one of the ${others.length} others`;
    const ids = `${others.slice(0, maxListed).join(" ")}${more}`;
    tell(program, `${name}: only the recording ${selection.rec} was played; --file-match chooses ${what}: ${ids}`);
  }
  if (settings.lax) return 0;
  return isUnnamed ? 3 : report.status;
}

function tell(program: Program<"rec-play">, sentence: string): void {
  writeSync(2, `${printable(program.invokedAs)}: ${printable(sentence)}\n`);
}

async function main(): Promise<number> {
  const launch = readLaunch();
  const program = programNamed(launch.argv0, "rec-play");
  try {
    return await run(launch, program);
  } catch (error) {
    if (error instanceof OutputClosed) return 0;
    return reportError(program.invokedAs, error, (text) => writeSync(2, text), launch.env("REC_DEBUG") !== undefined);
  }
}

native.exitNow(await main());
