/** An import without a command around it: its messages as lines, and what was noticed. */
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { findSource } from "../../src/finding.ts";
import { Decoder } from "../../src/format/decoder.ts";
import type { Item } from "../../src/format/item.ts";
import { Bytes } from "../../src/import/bytes.ts";
import { type ImportFormat, loadImporter } from "../../src/import/importer.ts";
import type { ImportItem } from "../../src/import/item.ts";
import { importItems } from "../../src/import/messages.ts";
import { fileSource, folderSource } from "../../src/import/open.ts";
import { importedMessages } from "../../src/import/recording.ts";
import type { ImportSource } from "../../src/import/source.ts";
import { OpenedRecording } from "../../src/opened.ts";
import { nowhere } from "../../src/source.ts";

const folder = join(import.meta.dirname, "../golden/import");

/** The golden recordings of other programs, by the name of their file or folder. */
export const goldenImports: readonly (readonly [name: string, format: ImportFormat])[] = [
  ["asciicast-v1.cast", "asciicast-v1"],
  ["asciicast-v2.cast", "asciicast"],
  ["asciicast-v3.cast", "asciicast"],
  ["ttyrec.ttyrec", "ttyrec"],
  ["script-classic", "script"],
  ["script-advanced", "script"],
  ["script-io", "script"],
  ["sudo-plain", "sudo"],
  ["sudo-compressed", "sudo"],
  ["sudo-pipes", "sudo"],
];

export function goldenPath(name: string): string {
  return join(folder, name);
}

export function goldenSource(name: string, format: ImportFormat): ImportSource {
  const path = goldenPath(name);
  if (format === "sudo") return folderSource(path);
  if (format !== "script") return fileSource({ "": path });
  const input = join(path, "input");
  return fileSource({
    "": join(path, "typescript"),
    timing: join(path, "timing"),
    input: existsSync(input) ? input : undefined,
  });
}

/** Parts that are in memory. */
export function memorySource(parts: Readonly<Record<string, Uint8Array>>, chunkBytes = 1 << 16): ImportSource {
  async function* chunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
  }
  return {
    parts: Object.keys(parts),
    open: async (part) => (parts[part] === undefined ? null : new Bytes(chunks(parts[part]))),
  };
}

export interface ImportedLines {
  readonly lines: readonly string[];
  readonly items: readonly Item[];
  readonly notices: readonly string[];
}

export async function importLines(source: ImportSource, format: ImportFormat, file = "x"): Promise<ImportedLines> {
  return await linesOf((await loadImporter(format))(source), file);
}

/** Messages of tlog or of ours, in a medium that rec-play reads. */
export async function importMessages(path: string): Promise<ImportedLines> {
  const source = await findSource({ ...nowhere, "file.path": path }, [], () => undefined);
  const opened = await OpenedRecording.open(source, { isFollowing: false, keepsEntries: false });
  try {
    return await linesOf(importItems(opened.items), path);
  } finally {
    await opened.close();
  }
}

async function linesOf(items: AsyncIterable<ImportItem>, file: string): Promise<ImportedLines> {
  const notices: string[] = [];
  const options = { rec: "import-0", file: basename(file), atMs: 1e12, notice: (text: string) => notices.push(text) };
  const lines: string[] = [];
  for await (const { line } of importedMessages(items, options)) lines.push(Buffer.from(line).toString());
  const decoder = new Decoder();
  const decoded = lines.flatMap((text, index) =>
    decoder.decode({ text, place: `made line ${index + 1}`, isWhole: true }),
  );
  return { lines, items: [...decoded, ...decoder.finish()], notices };
}
