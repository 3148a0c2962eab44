/** asciicast versions 2 and 3 (docs.asciinema.org/manual/asciicast): a header line, then one event a line. */
import type { HeadItem, Item } from "../format/item.ts";
import { printableJson } from "../printable.ts";
import { Chunk } from "./chunk.ts";
import { exitStatus } from "./exit-status.ts";
import type { FileNotice } from "./notice.ts";
import { Opening } from "./opening.ts";
import { TextStream } from "./text-stream.ts";

export type CastVersion = 2 | 3;

export async function* exportAsciicast(
  version: CastVersion,
  batches: AsyncIterable<Iterable<Item>>,
  notice: FileNotice,
): AsyncGenerator<Uint8Array> {
  const chunk = new Chunk();
  for await (const line of castLines(version, batches, notice)) yield* chunk.add(Buffer.from(`${line}\n`));
  yield* chunk.take();
}

/** Header and events as JSON that is safe to show; places where something is missing are markers. */
export async function* castLines(
  version: CastVersion,
  batches: AsyncIterable<Iterable<Item>>,
  notice: FileNotice,
): AsyncGenerator<string> {
  const cast = new Cast(version);
  for await (const batch of batches) for (const item of batch) yield* cast.take(item);
  yield* cast.end();
  for (const sentence of cast.notices()) notice(sentence);
}

type Code = "o" | "i" | "r" | "m" | "x";

class Cast {
  readonly #version: CastVersion;
  readonly #opening = new Opening();
  readonly #output = new TextStream();
  readonly #input = new TextStream();
  #hasHeader = false;
  #lastMs = 0;
  /** What version 3 counts from. */
  #eventMs = 0;

  constructor(version: CastVersion) {
    this.#version = version;
  }

  *take(item: Item): Generator<string> {
    const hole = holeIn(item);
    if (hole === null && this.#opening.takes(item)) return;
    yield* this.#header();
    if ("atMs" in item) this.#lastMs = Math.max(this.#lastMs, item.atMs);
    if (hole !== null) yield this.#event("m", hole);
    else if (item.kind === "output") yield* this.#text("o", this.#output.text(item.bytes));
    else if (item.kind === "input") yield* this.#text("i", this.#input.text(item.bytes));
    else if (item.kind === "window") yield* this.#window(item.columns, item.rows);
    else if (item.kind === "end") yield* this.#exit(item);
  }

  *end(): Generator<string> {
    yield* this.#header();
    yield* this.#rest();
  }

  *notices(): Generator<string> {
    const replaced = this.#output.replaced + this.#input.replaced;
    if (replaced > 0) {
      yield `asciicast holds nothing but text: bytes that are none became U+FFFD in ${replaced} ${replaced === 1 ? "place" : "places"}`;
    }
    if (!this.#opening.hasSize) yield "the size of the terminal is not known: the header says 80x24";
  }

  *#header(): Generator<string> {
    if (this.#hasHeader) return;
    this.#hasHeader = true;
    yield printableJson(JSON.stringify(headerOf(this.#version, this.#opening)));
  }

  *#rest(): Generator<string> {
    yield* this.#text("o", this.#output.end());
    yield* this.#text("i", this.#input.end());
  }

  *#text(code: Code, text: string): Generator<string> {
    if (text !== "") yield this.#event(code, text);
  }

  *#window(columns: number, rows: number): Generator<string> {
    if (columns > 0 && rows > 0) yield this.#event("r", `${columns}x${rows}`);
  }

  *#exit(item: Extract<Item, { kind: "end" }>): Generator<string> {
    yield* this.#rest();
    const status = exitStatus(item);
    if (this.#version === 2 || status === null) return;
    this.#lastMs = Math.max(this.#lastMs, item.durationMs);
    yield this.#event("x", String(status));
  }

  #event(code: Code, data: string): string {
    const ms = this.#version === 2 ? this.#lastMs : this.#lastMs - this.#eventMs;
    this.#eventMs = this.#lastMs;
    return printableJson(JSON.stringify([ms / 1000, code, data]));
  }
}

/** What is said where something is missing. */
function holeIn(item: Item): string | null {
  switch (item.kind) {
    case "gap":
      return `missing: messages ${item.fromId} to ${item.toId}`;
    case "lost":
      return `dropped by the recorder: ${item.outBytes} bytes of output, ${item.inBytes} of input`;
    case "transfer":
      return `a file transfer passed unrecorded: ${item.inBytes} bytes in, ${item.outBytes} out`;
    case "bad":
      return `cannot be used: ${item.place}: ${item.reason}`;
    case "unended":
      return "stops without its end";
    default:
      return null;
  }
}

function headerOf(version: CastVersion, opening: Opening): object {
  const { head, size, command } = opening;
  const told = {
    ...(head?.startedMs == null ? {} : { timestamp: Math.floor(head.startedMs / 1000) }),
    ...(command === null ? {} : { command }),
    ...titleOf(head),
  };
  const term = head?.term ?? "";
  if (version === 3) {
    const type = term === "" ? {} : { type: term };
    return { version, term: { cols: size.columns, rows: size.rows, ...type }, ...told };
  }
  const env = term === "" ? {} : { env: { TERM: term } };
  return { version, width: size.columns, height: size.rows, ...told, ...env };
}

function titleOf(head: HeadItem | null): object {
  const title = head?.start?.import?.title ?? null;
  return title === null ? {} : { title };
}
