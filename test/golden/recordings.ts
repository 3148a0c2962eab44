/** The golden recordings, found by listing the folder: our own, and in old/ those of every version and writer that must be readable for ever. */
import { globSync } from "node:fs";
import { dirname } from "node:path";

export const goldenFolder: string = import.meta.dirname;

/** Names of folders with a recording.jsonl, or with the packets.jsonl that it is made from. */
export const recordings: readonly string[] = [
  ...new Set(globSync(["old/*/recording.jsonl", "*/{packets,recording}.jsonl"], { cwd: goldenFolder }).map(dirname)),
].sort();
