/** Importing: a file of another program, found out and read as messages like those of a recorder. */
import { stat } from "node:fs/promises";
import { RecError } from "./errors.ts";
import { importId, importName } from "./import/identity.ts";
import { type ImportFormat, loadImporter } from "./import/importer.ts";
import type { ImportItem } from "./import/item.ts";
import { type Advance, detectFile, fileSource, folderSource } from "./import/open.ts";
import { importedMessages } from "./import/recording.ts";
import type { ImportSource } from "./import/source.ts";
import type { Reader, SourceLine } from "./reader/reader.ts";

/** A recording of another program. */
export interface Foreign {
  /** In words, for people and for the recording itself. */
  readonly file: string;
  readonly format: ImportFormat;
  readonly source: ImportSource;
}

/** Files that belong to the recording, by what they are there: script's timing, and its log of input. */
export interface ForeignParts {
  readonly timing?: string | undefined;
  readonly input?: string | undefined;
}

/** Null for what may hold messages. Throws REC_FILE_READ, REC_IMPORT. */
export async function findForeign(path: string, parts: ForeignParts = {}, advance?: Advance): Promise<Foreign | null> {
  const format = await detectFile(path);
  if (format === null) return null;
  if (format === "timing") throw strayTiming(path);
  return openForeign(path, format, parts, advance);
}

export function strayTiming(path: string): RecError {
  const why = "it is the timing of a typescript: 'recctl import' takes that and its timing, one after the other";
  return new RecError("REC_IMPORT", { file: path, why });
}

/** What the path is said to be. */
export function openForeign(path: string, format: ImportFormat, parts: ForeignParts = {}, advance?: Advance): Foreign {
  const source = format === "sudo" ? folderSource(path, advance) : fileSource({ "": path, ...parts }, advance);
  return { file: importName(path), format, source };
}

export async function* itemsOf({ format, source }: Foreign): AsyncGenerator<ImportItem> {
  yield* (await loadImporter(format))(source);
}

/** Plays what was never imported. */
export async function openForeignReader(foreign: Foreign, notice: (sentence: string) => void): Promise<Reader> {
  const rec = await importId(foreign.source);
  let lines: AsyncGenerator<SourceLine> | undefined;
  return {
    lines() {
      lines = linesOf(foreign, rec, notice);
      return lines;
    },
    async close() {
      // Whoever left it midway: the files are closed where the importer ends.
      await lines?.return(undefined);
    },
  };
}

async function* linesOf(
  foreign: Foreign,
  rec: string,
  notice: (sentence: string) => void,
): AsyncGenerator<SourceLine, undefined> {
  const options = { rec, file: foreign.file, atMs: Date.now(), notice };
  for await (const { id, line } of importedMessages(itemsOf(foreign), options)) {
    yield { text: Buffer.from(line.subarray(0, -1)).toString(), place: `message ${id}`, isWhole: true };
  }
}

/** Bytes of all parts that are there, for progress. */
export async function sizeOfForeign(path: string, { timing, input }: ForeignParts): Promise<number> {
  const sizes = [path, timing, input].map(async (part) => (part === undefined ? 0 : (await stat(part)).size));
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
