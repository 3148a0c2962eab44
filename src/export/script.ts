/** script(1): a typescript, an advanced timing, and a log of what was typed; scriptreplay -T timing -O typescript -I input. */
import type { EndItem, Item } from "../format/item.ts";
import { greatestTimeMs } from "../format/timing.ts";
import { printable } from "../printable.ts";
import { Chunk } from "./chunk.ts";
import { exitStatus } from "./exit-status.ts";
import { Opening } from "./opening.ts";

/** Names of the files, after that of the typescript. */
export type ScriptPart = "" | ".timing" | ".input";

/** A piece of one of the files. */
export interface ScriptPiece {
  /** Of which. */
  readonly part: ScriptPart;
  /** What comes next in it. */
  readonly bytes: Uint8Array;
}

export async function* exportScript(batches: AsyncIterable<Iterable<Item>>): AsyncGenerator<ScriptPiece> {
  const script = new Script();
  for await (const batch of batches) {
    for (const item of batch) script.take(item);
    yield* script.full();
  }
  script.end();
  yield* script.rest();
}

class Script {
  readonly #opening = new Opening();
  readonly #chunks: ReadonlyMap<ScriptPart, Chunk> = new Map([
    ["", new Chunk()],
    [".timing", new Chunk()],
    [".input", new Chunk()],
  ]);
  #pieces: ScriptPiece[] = [];
  #hasHeader = false;
  #hasInput = false;
  #recordMs = 0;
  #end: EndItem | null = null;

  take(item: Item): void {
    if (this.#opening.takes(item)) return;
    this.#header();
    if (item.kind === "end") this.#end = item;
    else if (item.kind === "window") this.#record("S", item.atMs, `SIGWINCH ROWS=${item.rows} COLS=${item.columns}`);
    else if (item.kind === "output") this.#bytes("O", "", item.atMs, item.bytes);
    else if (item.kind === "input") {
      if (!this.#hasInput) this.#add(".input", this.#firstLine());
      this.#hasInput = true;
      this.#bytes("I", ".input", item.atMs, item.bytes);
    }
  }

  end(): void {
    this.#header();
    const status = this.#end === null ? null : exitStatus(this.#end);
    const endMs = this.#end?.durationMs ?? this.#recordMs;
    const startedMs = this.#opening.head?.startedMs ?? null;
    const code = status === null ? "" : ` [COMMAND_EXIT_CODE="${status}"]`;
    const last = `\nScript done on ${dayOf(startedMs === null ? null : startedMs + endMs)}${code}\n`;
    this.#add("", last);
    if (this.#hasInput) this.#add(".input", last);
    this.#add(".timing", `H 0.000000 DURATION ${seconds(endMs)}\n`);
    if (status !== null) this.#add(".timing", `H 0.000000 EXIT_CODE ${status}\n`);
  }

  *full(): Generator<ScriptPiece> {
    const pieces = this.#pieces;
    this.#pieces = [];
    yield* pieces;
  }

  *rest(): Generator<ScriptPiece> {
    yield* this.full();
    for (const [part, chunk] of this.#chunks) for (const bytes of chunk.take()) yield { part, bytes };
  }

  #header(): void {
    if (this.#hasHeader) return;
    this.#hasHeader = true;
    const { head, size, hasSize, command } = this.#opening;
    const facts = [
      ["START_TIME", head?.startedMs == null ? null : dateOf(head.startedMs)],
      ["TERM", head?.term || null],
      ["TTY", head?.start?.tty ?? null],
      ["COLUMNS", hasSize ? String(size.columns) : null],
      ["LINES", hasSize ? String(size.rows) : null],
      ["COMMAND", command],
    ] as const;
    for (const [name, value] of facts) {
      if (value !== null) this.#add(".timing", `H 0.000000 ${name} ${printable(value)}\n`);
    }
    this.#add("", this.#firstLine());
  }

  /** Nobody reads more of it than that it is one line; script's own has the same words. */
  #firstLine(): string {
    const { head, size, hasSize, command } = this.#opening;
    const date = dayOf(head?.startedMs ?? null);
    const terminal =
      head?.start?.tty != null && hasSize
        ? `TERM="${head.term}" TTY="${head.start.tty}" COLUMNS="${size.columns}" LINES="${size.rows}"`
        : "<not executed on terminal>";
    return `${printable(`Script started on ${date} [${command === null ? "" : `COMMAND="${command}" `}${terminal}]`)}\n`;
  }

  #bytes(mark: "O" | "I", part: ScriptPart, atMs: number, bytes: Uint8Array): void {
    this.#record(mark, atMs, String(bytes.length));
    this.#add(part, bytes);
  }

  #record(mark: "O" | "I" | "S", atMs: number, rest: string): void {
    this.#add(".timing", `${mark} ${seconds(atMs - this.#recordMs)} ${rest}\n`);
    this.#recordMs = atMs;
  }

  #add(part: ScriptPart, data: string | Uint8Array): void {
    const bytes = typeof data === "string" ? Buffer.from(data) : data;
    for (const full of (this.#chunks.get(part) as Chunk).add(bytes)) this.#pieces.push({ part, bytes: full });
  }
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(6);
}

/** Of an end, too, which is as long after the beginning as the recording says. */
function dayOf(ms: number | null): string {
  return ms === null || ms > greatestTimeMs ? "a day that is not known" : dateOf(ms);
}

/** As script writes it since util-linux 2.35, in UTC. */
function dateOf(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace("T", " ")}+00:00`;
}
