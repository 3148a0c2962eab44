/** An importer: a recording of another program to what happened in it. */
import type { Bytes } from "./bytes.ts";
import type { ImportItem } from "./item.ts";
import type { ImportSource } from "./source.ts";

/**
 * The first item is a head; an importer that finds none yields what is wrong. It throws nothing of its own, whatever the bytes are,
 * ends when they end, and holds no more of them than its format's limits allow.
 */
export type Importer = (source: ImportSource) => AsyncIterable<ImportItem>;

/** The formats that are read here; messages, of tlog and of ours, are read by src/reader. */
export const importFormats = ["asciicast", "asciicast-v1", "ttyrec", "script", "sudo"] as const;

export type ImportFormat = (typeof importFormats)[number];

const importers: Readonly<Record<ImportFormat, () => Promise<Importer>>> = {
  asciicast: async () => (await import("./asciicast.ts")).importAsciicast,
  "asciicast-v1": async () => (await import("./asciicast-v1.ts")).importAsciicastV1,
  ttyrec: async () => (await import("./ttyrec.ts")).importTtyrec,
  script: async () => (await import("./script.ts")).importScript,
  sudo: async () => (await import("./sudo.ts")).importSudo,
};

/** The importer of that format; only its module is loaded. It closes what it opened, also when nobody wants more of it. */
export async function loadImporter(format: ImportFormat): Promise<Importer> {
  const importer = await importers[format]();
  return (source) => closing(importer, source);
}

async function* closing(importer: Importer, source: ImportSource): AsyncGenerator<ImportItem> {
  const opened: Bytes[] = [];
  const open = async (part: string): Promise<Bytes | null> => {
    const bytes = await source.open(part);
    if (bytes !== null) opened.push(bytes);
    return bytes;
  };
  try {
    yield* importer({ ...source, open });
  } finally {
    for (const bytes of opened) await bytes.close();
  }
}
