/** Printing: a recording at once on the standard output, in another format, as journal entries, or what is known of it. */
import { writeSync } from "node:fs";
import { formatDate } from "./catalog/date.ts";
import { badItem, decoded, type Sifted } from "./decoding.ts";
import { RecError } from "./errors.ts";
import { type ExportFormat, loadExporter } from "./export/exporter.ts";
import type { journalEntry } from "./export/journal-entry.ts";
import type { Item } from "./format/item.ts";
import type { OpenedRecording } from "./opened.ts";
import { Info } from "./play/info.ts";
import { noted, type Report } from "./play/report.ts";
import { openSink } from "./play/sink.ts";
import type { SourceLine } from "./reader/reader.ts";
import type { Source } from "./source.ts";

/** `isPrompt`: what is known is printed before more of it is waited for. */
export async function printExport(
  format: ExportFormat,
  { items, report }: OpenedRecording,
  isPrompt: boolean,
): Promise<void> {
  await write((await loadExporter(format))(items, isPrompt, (sentence) => report.add(sentence)));
}

/** Entries are decoded too, so that what is missing is told. */
export async function printEntries(lines: AsyncIterable<Sifted>, report: Report, isOver: () => boolean): Promise<void> {
  const { journalEntry } = await import("./export/journal-entry.ts");
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

/** What the recording and the medium tell. */
export async function printInfo(
  items: AsyncIterable<Iterable<Item>>,
  source: Source,
  opened: OpenedRecording,
): Promise<void> {
  const { report } = opened;
  const info = new Info();
  for await (const batch of items) for (const item of batch) info.take(item);
  if (!report.isPlayable) return;
  writeSync(1, info.text(source.name, opened.sender, formatDate));
}

async function write(chunks: AsyncIterable<Uint8Array>): Promise<void> {
  const sink = openSink(1, () => {});
  for await (const chunk of chunks) await sink.write(chunk);
  await sink.close();
}
