/** The golden recordings, found by listing the folder: our own, and in old/ those of every version and writer that must be readable for ever. */
import { globSync } from "node:fs";
import { dirname } from "node:path";

/** Folders with a recording.jsonl, or with the packets.jsonl that it is made from. */
export const recordings: readonly string[] = globSync(`${import.meta.dirname}/{,old/}*/{packets,recording}.jsonl`)
  .map((path) => dirname(path))
  .filter((folder, index, folders) => folders.indexOf(folder) === index)
  .sort();
