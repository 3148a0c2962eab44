/** An exporter: items to another format, as fast as they come. */
import type { Item } from "../format/item.ts";
import type { FileNotice } from "./notice.ts";

/**
 * Items come in batches, one a message; whoever takes a chunk may keep it. `isPrompt`: what a message gives is not held back
 * until there is more, as the source may be a session that still runs.
 */
export type Exporter = (
  batches: AsyncIterable<Iterable<Item>>,
  isPrompt: boolean,
  notice: FileNotice,
) => AsyncIterable<Uint8Array>;

export type ExportFormat = "raw" | "raw-in" | "json" | "text";

const exporters: Readonly<Record<ExportFormat, () => Promise<Exporter>>> = {
  raw: async () => (await import("./raw.ts")).exportOutput,
  "raw-in": async () => (await import("./raw.ts")).exportInput,
  json: async () => (await import("./json.ts")).exportJson,
  text: async () => (await import("./text.ts")).exportText,
};

/** The exporter of that format; only its module is loaded. */
export async function loadExporter(format: ExportFormat): Promise<Exporter> {
  return await exporters[format]();
}
