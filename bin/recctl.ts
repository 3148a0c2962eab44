/** recctl: wires the catalog to what an administrator asks of it. */
import { writeSync } from "node:fs";
import { isatty } from "node:tty";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { listRecordingFile, listRecordingFolder } from "../src/catalog/file-list.ts";
import type { JournalIndex } from "../src/catalog/journal.ts";
import { listJournal } from "../src/catalog/journal-list.ts";
import { parseMomentOfDay } from "../src/catalog/moment.ts";
import { recordingsFolder } from "../src/catalog/place.ts";
import { type Filter, newestFirst, type Recording } from "../src/catalog/recording.ts";
import { recordingLines, recordingTable } from "../src/catalog/table.ts";
import { report } from "../src/cli.ts";
import { RecError } from "../src/errors.ts";
import { OutputClosed, openSink } from "../src/play/sink.ts";
import { printable } from "../src/printable.ts";
import { openFileReader } from "../src/reader/file.ts";
import { type Launch, readLaunch } from "../src/session/launch.ts";
import { hasJournalSignature, journalIndex, namespaceNamed } from "../src/source.ts";
import { native } from "../src/terminal/native.ts";
import { version } from "../src/version.ts";

interface ListOptions {
  readonly source?: "journal" | "folder" | "file";
  readonly user?: string;
  readonly since?: number;
  readonly until?: number;
  readonly limit?: number;
  readonly json?: true;
  readonly folder?: string[];
  readonly file?: string[];
  readonly namespace?: string;
  readonly journalFile?: string;
  readonly journalDirectory?: string;
}

function moment(text: string): number {
  const ms = parseMomentOfDay(text, Date.now());
  if (ms === null) throw new InvalidArgumentError("expected a time, such as yesterday, -1h, 2026-11-21 10:00");
  return ms;
}

function count(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError("expected a number from 1");
  return Number(text);
}

function several(text: string, earlier: string[] = []): string[] {
  return [...earlier, text];
}

function commands(launch: Launch, write: (text: string) => Promise<void>): Command {
  const recctl = new Command("recctl").description("Administer recorded sessions.").version(version, "-v, --version");
  // Only `report` prints errors.
  recctl.exitOverride().configureOutput({ writeErr: () => {}, writeOut: (text) => writeSync(1, text) });
  recctl
    .command("list")
    .description("List recordings, newest first: of the recordings folder and the journal, or of what is named.")
    .addOption(new Option("--source <name>", "list only these").choices(["journal", "folder", "file"]))
    .option("--user <name>", "recordings of this user")
    .option("--since <time>", "recordings that began then or later", moment)
    .option("--until <time>", "recordings that began then or earlier", moment)
    .option("--limit <count>", "the newest so many", count)
    .option("--json", "one JSON object a line; times in milliseconds")
    .option("--folder <dir>", "a folder of recordings; may be given again", several)
    .option("--file <file>", "a file of any format that rec-play plays; may be given again", several)
    .option("--namespace <name>", "the journal of journald@NAME")
    .option("--journal-file <file>", "a journal file")
    .option("--journal-directory <dir>", "a folder of journal files")
    .action(async (options: ListOptions) => {
      const found = await list(launch, options);
      if (options.json === true) await write(recordingLines(found));
      else if (found.length === 0 && isatty(1)) tell("no recordings");
      else await write(recordingTable(found));
    });
  return recctl;
}

async function list(launch: Launch, options: ListOptions): Promise<Recording[]> {
  const { user, since: sinceMs, until: untilMs, limit } = options;
  const filter: Filter = { user, sinceMs, untilMs, limit };
  const lists = await Promise.all(sourcesOf(launch, options).map((source) => source(filter)));
  return newestFirst(lists.flat()).slice(0, limit);
}

type Lister = (filter: Filter) => Promise<Recording[]>;

/** The options that name a place, by the source that they name. */
const places = [
  ["folder", "folder", "--folder"],
  ["file", "file", "--file"],
  ["namespace", "journal", "--namespace"],
  ["journalFile", "journal", "--journal-file"],
  ["journalDirectory", "journal", "--journal-directory"],
] as const;

/** What is named, else everything that is there. */
function sourcesOf(launch: Launch, options: ListOptions): Lister[] {
  const { source, folder, file, journalFile, journalDirectory } = options;
  const named = places.filter(([key]) => options[key] !== undefined);
  const stray = named.find(([, of]) => source !== undefined && of !== source);
  if (stray !== undefined) {
    throw new RecError("REC_USAGE", { what: `${stray[2]} names a ${stray[1]}, but --source ${source} lists none` });
  }
  if (source === "file" && file === undefined) {
    throw new RecError("REC_USAGE", { what: "--source file needs the file: name it with --file" });
  }
  const wants = (name: ListOptions["source"]): boolean =>
    source === undefined ? named.length === 0 || named.some(([, of]) => of === name) : source === name;
  const listers: Lister[] = [];
  if (wants("journal")) {
    const namespace = namespaceNamed(options.namespace);
    const journal = journalIndex({ namespace, file: journalFile, directory: journalDirectory });
    const isNamed = source !== undefined || named.length > 0;
    listers.push((filter) => (isNamed ? listJournal(journal, filter) : listJournalIfThere(journal, filter)));
  }
  if (wants("folder")) {
    const own = recordingsFolder(launch.env);
    for (const path of folder ?? (own === null ? [] : [own]))
      listers.push((filter) => listFolder(path, filter, folder !== undefined));
  }
  for (const path of file ?? []) listers.push((filter) => listFile(path, filter));
  return listers;
}

/** Where nobody asked for the journal, the rest is listed without it. */
async function listJournalIfThere(journal: JournalIndex, filter: Filter): Promise<Recording[]> {
  try {
    return await listJournal(journal, filter);
  } catch (error) {
    if (!(error instanceof RecError)) throw error;
    tell(`${error.message}; listing the rest`);
    return [];
  }
}

function tell(sentence: string): void {
  writeSync(2, `recctl: ${printable(sentence)}\n`);
}

/** Without recordings nobody has a recordings folder; that is no failure unless it was named. */
async function listFolder(path: string, filter: Filter, isNamed: boolean): Promise<Recording[]> {
  try {
    return await listRecordingFolder(path, filter);
  } catch (error) {
    if (!isNamed && error instanceof RecError && error.code === "REC_RECORDING_NONE") return [];
    throw error;
  }
}

async function listFile(path: string, filter: Filter): Promise<Recording[]> {
  if (hasJournalSignature(path)) return await listJournal(journalIndex({ file: path }), filter);
  const reader = await openFileReader(path);
  return await listRecordingFile(reader.lines(), path, filter);
}

async function main(): Promise<number> {
  const launch = readLaunch();
  // The launcher leaves us no environment, and times are for this user.
  const zone = launch.env("TZ");
  if (zone !== undefined) process.env["TZ"] = zone;
  const write = async (text: string): Promise<void> => {
    const sink = openSink(1, () => {});
    await sink.write(Buffer.from(text));
    await sink.close();
  };
  try {
    await commands(launch, write).parseAsync([...launch.args], { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof OutputClosed) return 0;
    return failed(error, launch);
  }
}

function failed(error: unknown, launch: Launch): number {
  if (error instanceof CommanderError && error.exitCode === 0) return 0;
  const own = error instanceof CommanderError ? new RecError("REC_USAGE", { what: usage(error) }) : error;
  return report("recctl", own, (text) => writeSync(2, text), launch.env("REC_DEBUG") !== undefined);
}

/** commander's sentence in our manner. */
function usage({ code, message }: CommanderError): string {
  if (code === "commander.help") return "no command was given";
  return message.replace(/^error: /, "").replace(/\.$/, "");
}

main().then(
  (status) => native.exitNow(status),
  (error: unknown) => native.exitNow(report("recctl", error, (text) => writeSync(2, text))),
);
