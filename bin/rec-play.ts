/** rec-play: wires a reader, the decoder and the player, or an exporter, together. */

import { writeSync } from "node:fs";
import { aboutText } from "../src/about.ts";
import { readableSiteFolder } from "../src/catalog/place.ts";
import { report as reportError } from "../src/cli.ts";
import { conclude } from "../src/conclusion.ts";
import { loadConfiguration } from "../src/config/load.ts";
import { type Program, programNamed } from "../src/config/program.ts";
import { readConfigurationFile } from "../src/config/read-file.ts";
import { findSource } from "../src/finding.ts";
import type { Item } from "../src/format/item.ts";
import { momentsOf } from "../src/moments.ts";
import { OpenedRecording } from "../src/opened.ts";
import { OutputClosed } from "../src/play/sink.ts";
import { play } from "../src/playback.ts";
import { printable } from "../src/printable.ts";
import { printEntries, printExport, printInfo } from "../src/printing.ts";
import { type Launch, readLaunch } from "../src/session/launch.ts";
import type { Source } from "../src/source.ts";
import { native } from "../src/terminal/native.ts";
import type { RecordingFile } from "../src/timeline.ts";

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
    readableSiteFolder(launch.isInstalled),
  );
  const open = (isFollowing: boolean): Promise<OpenedRecording> =>
    OpenedRecording.open(source, { isFollowing, keepsEntries: settings.export, isLax: settings.lax });
  let opened = await open(settings.follow);
  try {
    if (settings.export) await printEntries(opened.messages, opened.report, opened.isOver);
    else if (settings.info) await printInfo(opened.items, source, opened);
    else if (settings.format !== undefined) await printExport(settings.format, opened, settings.follow);
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
        file: settings.follow ? null : recordingFile(source, opened, launch),
      });
    }
  } finally {
    await opened.close();
  }
  const { sentences, status } = conclude(source, opened);
  for (const sentence of sentences) tell(program, sentence);
  return status;
}

function recordingFile({ path, wanted }: Source, opened: OpenedRecording, launch: Launch): RecordingFile | null {
  const { selection, report } = opened;
  return path === null ? null : { path, wanted, selection, note: (item) => report.take(item), environment: launch.env };
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

main().then(
  (status) => native.exitNow(status),
  (error: unknown) => native.exitNow(reportError("rec-play", error, (text) => writeSync(2, text))),
);
