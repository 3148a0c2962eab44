/** The id of an imported recording: made of what was imported, so that the same again is the same recording. */
import { createHash } from "node:crypto";
import { basename, dirname, join, resolve } from "node:path";
import type { ImportSource } from "./source.ts";

/** No id of a recorder begins so: those are a boot's, in hexadecimal. */
const mark = "import";
const hashLength = 32;

/** "import-" and a hash of all parts. */
export async function importId(source: ImportSource): Promise<string> {
  const hash = createHash("sha256");
  for (const part of source.parts) {
    const bytes = await source.open(part);
    let length = 0;
    try {
      for (let piece = await bytes?.next(); piece; piece = await bytes?.next()) {
        hash.update(piece);
        length += piece.length;
      }
    } finally {
      await bytes?.close();
    }
    hash.update(`\0${part}\0${length}\0`);
  }
  return `${mark}-${hash.digest("hex").slice(0, hashLength)}`;
}

/** The name of a file or folder, for people; of one in sudo's tree with the folders that name it: "00/0A/3F". */
export function importName(path: string): string {
  const whole = resolve(path);
  const [second, first] = [dirname(whole), dirname(dirname(whole))];
  const name = [first, second, whole].map((folder) => basename(folder));
  return name.every((part) => /^[0-9A-Z]{2}$/.test(part)) ? join(...name) : basename(whole);
}
