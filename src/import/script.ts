/** script(1) of util-linux: a typescript with what was shown, a timing, and in the advanced format a log of what was typed. */
import type { BadItem } from "../format/item.ts";
import type { Bytes } from "./bytes.ts";
import type { ImportItem } from "./item.ts";
import { exitOf, scriptExit, scriptHead } from "./script-head.ts";
import { parseTimingLine, type TimingRecord } from "./script-timing.ts";
import type { ImportSource } from "./source.ts";

/** The first line of a typescript, or a line of a timing, may hold a command. */
const maxLineBytes = 256 * 1024;
const pieceBytes = 64 * 1024;
/** The last line of a typescript. */
const maxRestBytes = 512;

export async function* importScript(source: ImportSource): AsyncGenerator<ImportItem> {
  const shown = await source.open("");
  if (shown === null) return;
  const firstLine = (await shown.line(maxLineBytes)).toString();
  const timing = await source.open("timing");
  if (timing === null) {
    const head = scriptHead(firstLine, new Map(), "script");
    yield { ...head, hasTimes: false };
    yield* untimed(shown);
    return;
  }
  yield* new Timed(source, shown, firstLine).items(timing);
}

/** Everything at once: nobody knows when. */
async function* untimed(shown: Bytes): AsyncGenerator<ImportItem> {
  // The last bytes may be the line that script adds.
  let held: Buffer = Buffer.alloc(0);
  for (let piece = await shown.next(pieceBytes); piece !== null; piece = await shown.next(pieceBytes)) {
    const all = Buffer.concat([held, piece]);
    const output = all.subarray(0, Math.max(0, all.length - maxRestBytes));
    if (output.length > 0) yield { kind: "output", atMs: 0, bytes: output };
    held = all.subarray(output.length);
  }
  const from = held.lastIndexOf("\nScript done on ");
  const done = from === -1 ? null : scriptExit(held.toString("utf8", from));
  const output = done === null ? held : held.subarray(0, from);
  if (output.length > 0) yield { kind: "output", atMs: 0, bytes: output };
  yield { kind: "end", exit: done?.exit ?? null, signal: null };
}

class Timed {
  readonly #source: ImportSource;
  readonly #shown: Bytes;
  readonly #firstLine: string;
  readonly #headers = new Map<string, string>();
  #atUs = 0;
  #hasHead = false;
  #isAdvanced = false;
  /** Undefined before it is asked for. */
  #typed: Bytes | null | undefined;

  constructor(source: ImportSource, shown: Bytes, firstLine: string) {
    this.#source = source;
    this.#shown = shown;
    this.#firstLine = firstLine;
  }

  async *items(timing: Bytes): AsyncGenerator<ImportItem> {
    for await (const { text, place, trouble } of timing.lines(maxLineBytes)) {
      const record = trouble === undefined ? parseTimingLine(text) : null;
      if (record === null) {
        yield* this.#head();
        yield { kind: "bad", place: `${place} of the timing`, reason: trouble ?? "not a record of a timing" };
      } else if (record.kind === "header") {
        this.#isAdvanced = true;
        // A hostile timing may have any number of them; those that mean something are few.
        if (this.#headers.size < 100) this.#headers.set(record.name, record.value);
      } else {
        yield* this.#head();
        yield* this.#take(record, `${place} of the timing`);
      }
    }
    yield* this.#head();
    yield* this.#finish();
  }

  *#head(): Generator<ImportItem> {
    if (this.#hasHead) return;
    this.#hasHead = true;
    yield scriptHead(this.#firstLine, this.#headers, this.#isAdvanced ? "script (advanced timing)" : "script");
  }

  async *#take(record: Exclude<TimingRecord, { kind: "header" }>, place: string): AsyncGenerator<ImportItem> {
    this.#atUs += record.afterUs;
    const atMs = this.#atUs / 1000;
    if (record.kind === "window") yield { kind: "window", atMs, columns: record.columns, rows: record.rows };
    if (record.kind === "output") yield* this.#stretch(this.#shown, record.bytes, "output", place);
    if (record.kind !== "input") return;
    if (this.#typed === undefined) this.#typed = await this.#openTyped();
    if (this.#typed !== null) yield* this.#stretch(this.#typed, record.bytes, "input", place);
  }

  /** With --log-io both directions are in one file. */
  async #openTyped(): Promise<Bytes | null> {
    const [output, input] = [this.#headers.get("OUTPUT_LOG"), this.#headers.get("INPUT_LOG")];
    if (input !== undefined && input === output) return this.#shown;
    const typed = await this.#source.open("input");
    await typed?.line(maxLineBytes);
    return typed;
  }

  async *#stretch(bytes: Bytes, count: number, kind: "output" | "input", place: string): AsyncGenerator<ImportItem> {
    const atMs = this.#atUs / 1000;
    let left = count;
    while (left > 0) {
      const piece = await bytes.next(Math.min(left, pieceBytes));
      if (piece === null) break;
      left -= piece.length;
      yield { kind, atMs, bytes: piece };
    }
    if (left > 0) yield missing(place, left, kind);
  }

  async *#finish(): AsyncGenerator<ImportItem> {
    if (this.#typed === null) {
      yield { kind: "notice", sentence: "left out what was typed: name its file with --log-in" };
    }
    const atMs = this.#atUs / 1000;
    const rest = await this.#shown.exactly(maxRestBytes);
    const done = scriptExit(rest.toString());
    if (done === null && rest.length > 0) {
      yield { kind: "bad", place: "the end", reason: "more was shown than the timing tells: it comes at the end" };
      for (let piece: Buffer | null = rest; piece !== null; piece = await this.#shown.next(pieceBytes))
        yield { kind: "output", atMs, bytes: piece };
    }
    const code = this.#headers.get("EXIT_CODE");
    yield { kind: "end", exit: exitOf(code) ?? done?.exit ?? null, signal: null };
  }
}

function missing(place: string, bytes: number, kind: "output" | "input"): BadItem {
  return { kind: "bad", place, reason: `${bytes} bytes of ${kind} are missing` };
}
