/** The source of an import: a file, with those that belong to it. */
import type { Bytes } from "./bytes.ts";

/** Where the bytes of a recording come from. */
export interface ImportSource {
  /** The parts that there may be. */
  readonly parts: readonly string[];
  /** "" is the file itself, other names are what the format calls its parts; null where there is no such part. */
  open(part: string): Promise<Bytes | null>;
}
