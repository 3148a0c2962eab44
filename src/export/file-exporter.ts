/** The formats of other programs, one file each; script has several files and a table entry of its own. */
import type { Item } from "../format/item.ts";
import type { FileNotice } from "./notice.ts";

export type FileExporter = (batches: AsyncIterable<Iterable<Item>>, notice: FileNotice) => AsyncIterable<Uint8Array>;

export type FileFormat = "asciicast-v2" | "asciicast-v3" | "html" | "raw" | "text" | "ttyrec";

const exporters: Readonly<Record<FileFormat, () => Promise<FileExporter>>> = {
  "asciicast-v2": () => asciicast(2),
  "asciicast-v3": () => asciicast(3),
  html: async () => (await import("./html.ts")).exportHtml,
  raw: async () => {
    const { exportOutput } = await import("./raw.ts");
    return (batches) => exportOutput(batches, false);
  },
  text: async () => {
    const { exportText } = await import("./text.ts");
    return (batches, notice) => exportText(batches, false, notice);
  },
  ttyrec: async () => (await import("./ttyrec.ts")).exportTtyrec,
};

async function asciicast(version: 2 | 3): Promise<FileExporter> {
  const { exportAsciicast } = await import("./asciicast.ts");
  return (batches, notice) => exportAsciicast(version, batches, notice);
}

/** The exporter of that format; only its module is loaded. */
export async function loadFileExporter(format: FileFormat): Promise<FileExporter> {
  return await exporters[format]();
}
