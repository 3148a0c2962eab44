/** recctl export: a recording as a file of another program. */
import { conclude } from "../conclusion.ts";
import { decoded, type Sifted } from "../decoding.ts";
import { RecError } from "../errors.ts";
import { type FileFormat, loadFileExporter } from "../export/file-exporter.ts";
import type { FileNotice } from "../export/notice.ts";
import { findSource } from "../finding.ts";
import type { Item } from "../format/item.ts";
import { OpenedRecording } from "../opened.ts";
import { noted } from "../play/report.ts";
import type { Progress } from "../progress.ts";
import type { Source, SourceSettings } from "../source.ts";
import type { Context } from "./context.ts";
import { NewFile } from "./new-file.ts";
import { sourceOptions } from "./source-options.ts";
import { subcommand } from "./subcommand.ts";

const formats = ["asciicast-v2", "asciicast-v3", "html", "raw", "script", "text", "tlog", "ttyrec"] as const;

type Format = (typeof formats)[number];

/** What may go to a terminal: every character that one would obey is escaped in these. */
const printableFormats: readonly Format[] = ["asciicast-v2", "asciicast-v3", "text"];

const options = [
  {
    path: "format",
    type: { kind: "choice", choices: formats },
    long: "format",
    placeholder: "NAME",
    help: "Make of it NAME; see man 8 recctl",
    details:
      "Players are asciinema for asciicast-v2 and -v3, any browser for html, without a network, ttyplay for ttyrec, scriptreplay for script (FILE, FILE.timing and, where something was typed, FILE.input), tlog-play for tlog. raw is every byte that was shown, text what the screen said, line by line.",
  },
  {
    path: "output",
    type: { kind: "string" },
    defaultText: "standard output",
    short: "o",
    long: "output",
    placeholder: "FILE",
    help: "Write to FILE",
  },
  { path: "force", type: { kind: "flag" }, long: "force", help: "Replace FILE" },
  ...sourceOptions,
] as const;

export const exportRecording = subcommand({
  name: "export",
  operands: { usage: "[ID|FILE]", min: 0, max: 1 },
  summary: "make of a recording a file of another program",
  description: [
    "Writes one recording, found as rec-play finds it, in the format NAME. What the format cannot hold is left out and told on standard error; docs/formats.md tells what each keeps. Where the recording itself is not whole, that is told as rec-play tells it, and asciicast and html have markers there.",
  ],
  options,
  examples: [
    ["recctl export --format html -o 5b1f.html 5b1f", "for any browser"],
    ["recctl export --format asciicast-v2 5b1f", "for asciinema"],
    ["recctl export --format script -o typescript", "the newest"],
  ],
  exitStatus: [["3", "It was exported, but the recording is not whole: standard error says what is missing."]],
  async run(context, values, operands) {
    const { format, output } = values;
    if (format === undefined) throw usage(`--format is missing: expected ${formats.join(", ")}`);
    if (output === undefined && format === "script")
      throw usage("script has several files: name the first with -o FILE");
    if (output === undefined && context.columns !== null && !printableFormats.includes(format)) {
      throw usage(`a terminal cannot show ${format}: write it to a file with -o FILE, or into a pipe`);
    }
    const source = await findSource(
      { ...values, follow: false } as SourceSettings,
      operands,
      context.environment,
      context.siteFolder,
    );
    return await exportFrom(
      context,
      source,
      format,
      output === undefined ? null : { path: output, isReplacing: values.force },
    );
  },
});

function usage(what: string): RecError {
  return new RecError("REC_USAGE", { what });
}

interface Output {
  readonly path: string;
  readonly isReplacing: boolean;
}

/** A piece of one of the files that the format has, by what comes after the first one's name. */
interface Piece {
  readonly part: string;
  readonly bytes: Uint8Array;
}

async function exportFrom(context: Context, source: Source, format: Format, output: Output | null): Promise<number> {
  const opened = await OpenedRecording.open(source, { isFollowing: false, keepsEntries: false });
  const progress = context.progress("exporting", source.bytes ?? 0);
  const files = new Map<string, NewFile>();
  async function* lines(): AsyncGenerator<Sifted> {
    let doneBytes = 0;
    for await (const line of opened.messages) {
      if ("text" in line) {
        doneBytes += line.text.length;
        progress.advance(doneBytes);
      }
      yield line;
    }
  }
  try {
    const notices: string[] = [];
    const items = (): AsyncIterable<Iterable<Item>> => noted(decoded(lines(), opened.isOver), opened.report);
    const pieces =
      format === "tlog" ? messages(opened, progress) : piecesOf(format, items(), (notice) => notices.push(notice));
    for await (const { part, bytes } of pieces) {
      if (output === null) await context.write(bytes);
      else await (await fileOf(files, part, output)).write(bytes);
    }
    progress.end();
    const { sentences, status } = conclude(source, opened);
    if (output !== null && files.size === 0) await fileOf(files, "", output);
    for (const file of files.values()) await file.commit();
    for (const sentence of [...notices, ...sentences]) context.tell(sentence);
    return status;
  } finally {
    progress.end();
    for (const file of files.values()) await file.discard();
    await opened.close();
  }
}

async function fileOf(files: Map<string, NewFile>, part: string, { path, isReplacing }: Output): Promise<NewFile> {
  const file = files.get(part) ?? (await NewFile.create(`${path}${part}`, isReplacing));
  files.set(part, file);
  return file;
}

async function* messages(opened: OpenedRecording, progress: Progress): AsyncGenerator<Piece> {
  let doneBytes = 0;
  for await (const line of opened.lines()) {
    doneBytes += line.length;
    progress.advance(doneBytes);
    yield { part: "", bytes: Buffer.from(line) };
  }
}

async function* piecesOf(
  format: FileFormat | "script",
  items: AsyncIterable<Iterable<Item>>,
  notice: FileNotice,
): AsyncGenerator<Piece> {
  if (format === "script") {
    const { exportScript } = await import("../export/script.ts");
    yield* exportScript(items);
    return;
  }
  const exporter = await loadFileExporter(format);
  for await (const bytes of exporter(items, notice)) yield { part: "", bytes };
}
