/** Export: a recording as a file of another program. */
import { RecError } from "../errors.ts";
import { loadFileExporter } from "../export/file-exporter.ts";
import type { FileNotice } from "../export/notice.ts";
import { exportScript as exportPieces, type ScriptPiece } from "../export/script.ts";
import type { Item } from "../format/item.ts";

/** What a recording can be made; docs/formats.md tells what each keeps. */
export const exportFormats = ["asciicast-v2", "asciicast-v3", "html", "raw", "text", "ttyrec"] as const;

/** One of `exportFormats`. */
export type ExportFormat = (typeof exportFormats)[number];

/** What may be asked of an export. */
export interface ExportOptions {
  /** Told what the format cannot hold, in a sentence each, when all is exported. */
  readonly notice?: FileNotice;
}

/**
 * The bytes of a file of that format, in pieces of about 256 KiB as they are ready; whoever takes one may keep it. Where something of
 * the recording is missing, asciicast and html have a marker that says so.
 *
 * asciicast and text are safe for a terminal; raw, ttyrec and html are not meant for one.
 *
 * Throws RecError: REC_USAGE for another format, and what `items` throw.
 *
 * @example
 * await writeFile("session.cast", exportRecording(await openRecording("session.jsonl"), "asciicast-v2"));
 */
export async function* exportRecording(
  items: Iterable<Item> | AsyncIterable<Item>,
  format: ExportFormat,
  options: ExportOptions = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  if (!exportFormats.includes(format)) {
    throw new RecError("REC_USAGE", { what: `no format '${format}': expected ${exportFormats.join(", ")}` });
  }
  const exporter = await loadFileExporter(format);
  yield* exporter(batched(items), options.notice ?? (() => {}));
}

/**
 * A typescript of script(1), its timing and, where input was recorded, that: pieces of up to three files, which `part` tells apart by what
 * comes after the typescript's name. `scriptreplay -T FILE.timing -O FILE` plays them.
 *
 * Throws what `items` throw.
 *
 * @example
 * for await (const { part, bytes } of exportScript(await openRecording("a.jsonl"))) await appendFile(`a${part}`, bytes);
 */
export async function* exportScript(
  items: Iterable<Item> | AsyncIterable<Item>,
): AsyncGenerator<ScriptPiece, void, undefined> {
  yield* exportPieces(batched(items));
}

async function* batched(items: Iterable<Item> | AsyncIterable<Item>): AsyncGenerator<Iterable<Item>> {
  for await (const item of items) yield [item];
}
