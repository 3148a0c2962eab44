/** A selection: of a medium that holds several recordings, the lines of one. */
import { withoutStack } from "../errors.ts";
import { matchesId } from "../format/recording-id.ts";
import type { SourceLine } from "./reader.ts";

/** Other recordings are counted up to here; a hostile file may hold any number of them. */
const maxOthers = 10_000;

export class Selection {
  readonly #wanted: string;
  #rec: string | null = null;
  #mark = "";
  readonly #others = new Set<string>();

  /** `wanted` is an id or a part of it; "" takes the first recording. */
  constructor(wanted = "") {
    this.#wanted = wanted;
  }

  /** Id of the recording that was taken, null before its first line. */
  get rec(): string | null {
    return this.#rec;
  }

  /** Ids of the recordings that would have been taken, had they come first. */
  get others(): readonly string[] {
    return [...this.#others];
  }

  /** Chooses what another selection of the same medium had chosen, which is wanted alike. */
  restore(rec: string | null, others: readonly string[]): void {
    if (rec !== null) this.#take(rec);
    for (const other of others) this.#others.add(other);
  }

  /** Whether it is the id of a recording that may be taken. */
  isWanted(rec: string): boolean {
    return this.#wanted !== "" && matchesId(rec, this.#wanted);
  }

  /** Whether it says the recording that was taken as every recorder writes it; the search ends in the line's first bytes. */
  isMarked(text: string): boolean {
    return this.#rec !== null && text.includes(this.#mark);
  }

  /** Whether the line is the recording's, or nobody's: one without an id, or without sense. */
  admits(line: SourceLine): boolean {
    if (this.isMarked(line.text)) return true;
    const rec = recordingOf(line.text);
    if (rec === null || rec === this.#rec) return true;
    if (!matchesId(rec, this.#wanted)) return false;
    if (this.#rec === null) {
      this.#take(rec);
      return true;
    }
    if (this.#others.size < maxOthers) this.#others.add(rec);
    return false;
  }

  #take(rec: string): void {
    this.#rec = rec;
    this.#mark = `"rec":${JSON.stringify(rec)},`;
  }
}

/** The id in the message; null for one without, and for what is no message. */
export function recordingOf(text: string): string | null {
  // What JSON.parse refuses it refuses with an error, 10 microseconds each: a file may hold nothing but empty lines.
  if (!mayHaveId(text)) return null;
  try {
    const { rec } = withoutStack(() => JSON.parse(text)) as { rec?: unknown };
    return typeof rec === "string" ? rec : null;
  } catch {
    return null;
  }
}

/** Whether it begins as an object, and holds the name of the field, which may be written with escapes. */
function mayHaveId(text: string): boolean {
  return /^[ \t\r\n]*\{/.test(text) && (text.includes("rec") || text.includes("\\"));
}
