/** Marks: the moments of a recording that one goes to, in the order of time. */
import type { TerminalEvent } from "../../emulator/event.ts";
import type { Item } from "../../format/item.ts";

export type MarkKind =
  /** Nothing was shown for long: the moment when something is again. */
  | "idle"
  | "resize"
  | "bell"
  | "title"
  /** A program took the alternate screen, or left it. */
  | "alternate"
  /** A shell showed its prompt, and ran what was typed. */
  | "prompt"
  | "command"
  /** Messages are missing, were dropped by the recorder, or cannot be used. */
  | "gap"
  | "lost"
  | "bad"
  /** From here on the screen may be another than the user saw: see `Emulator.omitted`. */
  | "inexact"
  /** The recording told its end, or stops without it. */
  | "end"
  | "unended";

export interface Mark {
  readonly kind: MarkKind;
  readonly atMs: number;
  /** What there is to say; holds what programs wrote: `printable()` before it is shown. */
  readonly text: string;
}

/** Silence that is worth a mark. */
const idleMs = 10_000;
/** A hostile recording rings and changes its title without end: of each kind so many are kept, the first. */
const maxOfKind = 2000;
/** Bells within this time are one, and so is what makes the screen inexact. */
const ringMs = 1000;

export class Marks {
  readonly #marks: Mark[] = [];
  readonly #counts = new Map<MarkKind, number>();
  #lastShownMs = 0;
  #lastBellMs = Number.NEGATIVE_INFINITY;
  #lastInexactMs = Number.NEGATIVE_INFINITY;
  #title = "";
  #size = "";

  constructor(marks: readonly Mark[] = []) {
    this.#marks.push(...marks);
  }

  get list(): readonly Mark[] {
    return this.#marks;
  }

  /** Takes notice of an item before it is shown. */
  take(item: Item): void {
    switch (item.kind) {
      case "output":
        this.#shown(item.atMs);
        break;
      case "window":
        this.#resized(item.atMs, `${item.columns}x${item.rows}`);
        break;
      case "gap":
        this.#add("gap", item.fromMs, `messages ${item.fromId} to ${item.toId} are missing`);
        break;
      case "lost":
        this.#add("lost", item.fromMs, `the recorder dropped ${item.inBytes + item.outBytes} bytes`);
        break;
      case "bad":
        this.#add("bad", this.#lastShownMs, `${item.place}: ${item.reason}`);
        break;
      case "end":
        this.#add(
          "end",
          this.#lastShownMs,
          item.signal === null ? `status ${item.exit ?? 0}` : `signal ${item.signal}`,
        );
        break;
      case "unended":
        this.#add("unended", item.lastMs, "the recording stops without its end");
        break;
      default:
    }
  }

  /** Takes notice of what the terminal told while the output of that moment was shown. */
  hear(event: TerminalEvent, atMs: number): void {
    if (event.kind === "bell") {
      if (atMs - this.#lastBellMs >= ringMs) this.#add("bell", atMs, "");
      this.#lastBellMs = atMs;
    } else if (event.kind === "omitted") {
      if (atMs - this.#lastInexactMs >= ringMs) this.#add("inexact", atMs, "not all of so much work is drawn");
      this.#lastInexactMs = atMs;
    } else if (event.kind === "title") {
      if (event.title !== this.#title) this.#add("title", atMs, event.title);
      this.#title = event.title;
    } else if (event.kind === "alternate") {
      this.#add("alternate", atMs, event.isOn ? "on" : "off");
    } else if (event.kind === "prompt" || event.kind === "command") {
      this.#add(event.kind, atMs, "");
    }
  }

  #shown(atMs: number): void {
    const silentMs = atMs - this.#lastShownMs;
    if (silentMs >= idleMs) this.#add("idle", atMs, `after ${Math.round(silentMs / 1000)} s`);
    this.#lastShownMs = atMs;
  }

  /** The first size is none that it was changed to. */
  #resized(atMs: number, size: string): void {
    if (this.#size !== "" && this.#size !== size) this.#add("resize", atMs, size);
    this.#size = size;
  }

  /** A gap reaches back, but marks stay in the order of time. */
  #add(kind: MarkKind, atMs: number, text: string): void {
    const count = this.#counts.get(kind) ?? 0;
    if (count >= maxOfKind) return;
    this.#counts.set(kind, count + 1);
    this.#marks.push({ kind, atMs: Math.max(atMs, this.#marks.at(-1)?.atMs ?? 0), text });
  }
}
