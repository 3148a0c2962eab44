/** Events of asciicast: [time, code, data], where time is since the beginning, or since the event before. */
import type { BadItem } from "../format/item.ts";
import { type ImportItem, sizeOf } from "./item.ts";

type Direction = "output" | "input";

/** A high surrogate at the end: half of a character whose rest comes with the next event. */
const halfCharacter = /[\ud800-\udbff]$/;

export class AsciicastEvents {
  readonly #isRelative: boolean;
  /** Microseconds, whole, so that sums of decimal fractions stay exact. */
  #atUs = 0;
  readonly #halves: Record<Direction, string> = { output: "", input: "" };
  #markers = 0;
  #unknown = 0;
  #exit: number | null = null;

  /** `isRelative`: times are since the event before. */
  constructor(isRelative: boolean) {
    this.#isRelative = isRelative;
  }

  *take(event: unknown, place: string): Generator<ImportItem> {
    if (!Array.isArray(event)) {
      yield bad(place, "not an event");
      return;
    }
    const [time, code, data] = event as unknown[];
    if (typeof time !== "number" || typeof code !== "string" || typeof data !== "string") {
      yield bad(place, "not an event of a time, a code and a text");
      return;
    }
    this.#atUs = Math.round(time * 1e6) + (this.#isRelative ? this.#atUs : 0);
    if (code === "o") yield* this.#text("output", data);
    else if (code === "i") yield* this.#text("input", data);
    else if (code === "r") yield this.#window(data, place);
    else if (code === "x") this.#exit = /^\d{1,3}$/.test(data) && Number(data) < 256 ? Number(data) : null;
    else if (code === "m") this.#markers++;
    else this.#unknown++;
  }

  *finish(): Generator<ImportItem> {
    for (const direction of ["output", "input"] as const) {
      if (this.#halves[direction] !== "") yield this.#packet(direction, this.#halves[direction]);
    }
    if (this.#markers > 0)
      yield { kind: "notice", sentence: `left out, as recordings have none: markers (${this.#markers})` };
    if (this.#unknown > 0) yield { kind: "notice", sentence: `left out: events of unknown kinds (${this.#unknown})` };
    yield { kind: "end", exit: this.#exit, signal: null };
  }

  *#text(direction: Direction, data: string): Generator<ImportItem> {
    const text = this.#halves[direction] + data;
    const half = halfCharacter.exec(text)?.[0] ?? "";
    this.#halves[direction] = half;
    const whole = text.slice(0, text.length - half.length);
    if (whole !== "") yield this.#packet(direction, whole);
  }

  #packet(kind: Direction, text: string): ImportItem {
    return { kind, atMs: this.#atUs / 1000, bytes: Buffer.from(text) };
  }

  #window(data: string, place: string): ImportItem {
    const [, width, height] = /^(\d+)x(\d+)$/.exec(data) ?? [];
    const [columns, rows] = [sizeOf(Number(width)), sizeOf(Number(height))];
    if (columns === null || rows === null) return bad(place, "not a size of a terminal");
    return { kind: "window", atMs: this.#atUs / 1000, columns, rows };
  }
}

function bad(place: string, reason: string): BadItem {
  return { kind: "bad", place, reason };
}
