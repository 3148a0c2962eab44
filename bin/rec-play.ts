/** rec-play: wires a reader, the decoder and the player, or an exporter, together. */

import { writeSync } from "node:fs";
import { aboutText } from "../src/about.ts";
import { report as reportError } from "../src/cli.ts";
import { loadConfiguration } from "../src/config/load.ts";
import type { Settings } from "../src/config/options.ts";
import { type Program, programNamed } from "../src/config/program.ts";
import { readConfigurationFile } from "../src/config/read-file.ts";
import { RecError } from "../src/errors.ts";
import type { Item } from "../src/format/item.ts";
import { momentsOf } from "../src/moments.ts";
import { OpenedRecording } from "../src/opened.ts";
import { OutputClosed } from "../src/play/sink.ts";
import { play } from "../src/playback.ts";
import { printable } from "../src/printable.ts";
import { printEntries, printExport, printInfo } from "../src/printing.ts";
import { type Launch, readLaunch } from "../src/session/launch.ts";
import { findSource, type Source } from "../src/source.ts";
import { native } from "../src/terminal/native.ts";

type PlaySettings = Settings<"rec-play">;

/** How many ids of recordings that were not played are told. */
const maxListed = 5;

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
  const moments = momentsOf(settings);
  const source = await findSource(
    settings,
    positionalIndexes.map((index) => launch.args[index] ?? ""),
    launch.env,
  );
  const open = (isFollowing: boolean): Promise<OpenedRecording> =>
    OpenedRecording.open(source, { isFollowing, keepsEntries: settings.export });
  let opened = await open(settings.follow);
  try {
    if (settings.export) await printEntries(opened.messages, opened.report, opened.isOver);
    else if (settings.info) await printInfo(opened.items, source, opened.provenance, opened.report);
    else if (settings.format !== undefined) await printExport(settings.format, opened.items, settings.follow);
    else {
      const follow = async (): Promise<AsyncIterable<Iterable<Item>>> => {
        await opened.close();
        opened = await open(true);
        return opened.items;
      };
      const { isStandardInput } = source;
      await play(launch, settings, {
        items: opened.items,
        moments,
        follow: isStandardInput ? null : follow,
        isStandardInput,
      });
    }
  } finally {
    await opened.close();
  }
  return conclude(program, settings, source, opened);
}

function conclude(
  program: Program<"rec-play">,
  settings: PlaySettings,
  { name, wanted: id }: Source,
  { selection, provenance, report }: OpenedRecording,
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
