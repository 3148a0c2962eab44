/** rec-play: wires a reader, the decoder and the player, or an exporter, together. */
import { writeSync } from "node:fs";
import { isatty } from "node:tty";
import { locateRecording, recordingsFolder } from "../src/catalog/folder.ts";
import { report as reportError } from "../src/cli.ts";
import { configurationText } from "../src/config/configuration-text.ts";
import { helpText } from "../src/config/help.ts";
import { loadConfiguration } from "../src/config/load.ts";
import type { Settings } from "../src/config/options.ts";
import { type Program, programNamed } from "../src/config/program.ts";
import { readConfigurationFile } from "../src/config/read-file.ts";
import { RecError } from "../src/errors.ts";
import { type ExportFormat, loadExporter } from "../src/export/exporter.ts";
import { Decoder } from "../src/format/decoder.ts";
import type { Item } from "../src/format/item.ts";
import { handleInterruption } from "../src/play/interruption.ts";
import { type Clock, Player } from "../src/play/player.ts";
import { noted, Report } from "../src/play/report.ts";
import { OutputClosed, openSink, type Sink } from "../src/play/sink.ts";
import { findKeyboard, Terminal } from "../src/play/terminal.ts";
import { parseMoment } from "../src/play/time.ts";
import { printable } from "../src/printable.ts";
import { openFileReader } from "../src/reader/file.ts";
import type { Reader } from "../src/reader/reader.ts";
import { Selection } from "../src/reader/selection.ts";
import { type Launch, readLaunch } from "../src/session/launch.ts";
import { native } from "../src/terminal/native.ts";
import { version } from "../src/version.ts";

type PlaySettings = Settings<"rec-play">;

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
  const answer = answerOf(program, settings);
  if (answer !== null) {
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
  const path = await locate(
    launch,
    settings,
    positionalIndexes.map((index) => launch.args[index] ?? ""),
  );
  const reader = await openFileReader(path, { isFollowing: settings.follow });
  const selection = new Selection(settings["file.match"]);
  const report = new Report();
  const items = noted(
    decoded(reader, selection, () => settings.follow && report.isEnded),
    report,
  );
  try {
    if (settings.format === undefined) await play(launch, settings, items, gotoMs, path);
    else await exportAll(settings.format, items, settings.follow);
  } finally {
    await reader.close();
  }
  return conclude(program, settings, path, selection, report);
}

function answerOf(program: Program<"rec-play">, settings: PlaySettings): string | null {
  if (settings.help) return helpText(program);
  if (settings.version) return `${program.invokedAs} ${version}\n`;
  return settings.configuration ? configurationText(program.name, settings) : null;
}

async function locate(launch: Launch, settings: PlaySettings, positional: readonly string[]): Promise<string> {
  const named = settings["file.path"];
  if (positional.length + (named === undefined ? 0 : 1) > 1) {
    throw new RecError("REC_USAGE", {
      what: "only one recording can be played",
    });
  }
  if (named !== undefined) return named;
  return await locateRecording(
    positional[0],
    settings["file.match"],
    settings["folder.path"] ?? recordingsFolder(launch.env),
  );
}

/** The items of the selected recording, one batch a message; ends at the medium's end, or when `isOver`. */
async function* decoded(reader: Reader, selection: Selection, isOver: () => boolean): AsyncGenerator<Iterable<Item>> {
  const decoder = new Decoder();
  for await (const line of reader.lines()) {
    if (line.trouble !== undefined) yield [{ kind: "bad", place: line.place, reason: line.trouble }];
    else if (selection.admits(line)) yield decoder.decode(line);
    if (isOver()) break;
  }
  yield decoder.finish();
}

async function exportAll(format: ExportFormat, items: AsyncIterable<Iterable<Item>>, isPrompt: boolean): Promise<void> {
  const exporter = await loadExporter(format);
  const sink = openSink(1, () => {});
  for await (const chunk of exporter(items, isPrompt)) await sink.write(chunk);
  await sink.close();
}

async function play(
  launch: Launch,
  settings: PlaySettings,
  items: AsyncIterable<Iterable<Item>>,
  gotoMs: number | null,
  path: string,
): Promise<void> {
  // Where the output goes elsewhere, the terminal's keys are another program's: `rec-play | less`.
  const keyboard = isatty(1) ? findKeyboard(path === "-") : null;
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
  path: string,
  selection: Selection,
  report: Report,
): number {
  const name = path === "-" ? "standard input" : path;
  const { others } = selection;
  if (!report.isPlayable) {
    const id = settings["file.match"];
    if (id !== undefined && selection.rec === null) throw new RecError("REC_RECORDING_UNKNOWN", { id, folder: name });
    if (report.why === null) throw new RecError("REC_RECORDING_EMPTY", { path: name });
    throw new RecError("REC_RECORDING_FORMAT", { path: name, why: report.why });
  }
  for (const line of report.lines) tell(program, `${name}: ${line}`);
  if (others.length > 0) {
    const more = others.length > maxListed ? " ..." : "";
    tell(
      program,
      `${name}: only the recording ${selection.rec} was played; --file-match chooses one of the ${others.length} others: ${others.slice(0, maxListed).join(" ")}${more}`,
    );
  }
  return settings.lax ? 0 : report.status;
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
