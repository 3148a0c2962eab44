/** Controls: keys to what the player is to do; collects times and search words that are typed. */
import { parseMoment } from "./time.ts";

/** Back or on. */
export type Direction = -1 | 1;

export type Command =
  | { readonly kind: "pause" | "quit" | "idle" | "clock" | "follow" | "help" | "cancel" }
  | { readonly kind: "speed"; readonly change: "double" | "halve" | "normal" }
  | { readonly kind: "skip"; readonly byMs: number }
  | { readonly kind: "step" | "mark" | "again"; readonly direction: Direction }
  /** Infinity is the end. */
  | { readonly kind: "go"; readonly atMs: number }
  /** 0 to 1. */
  | { readonly kind: "part"; readonly ratio: number }
  | { readonly kind: "search"; readonly direction: Direction; readonly words: string }
  | { readonly kind: "move"; readonly columns: number; readonly rows: number }
  /** What was typed cannot be used, in words. */
  | { readonly kind: "wrong"; readonly why: string };

const maxTime = 32;
const maxWords = 500;
const shortSkipMs = 5000;
const longSkipMs = 60_000;
/** Columns that a larger screen is moved by. */
const sideways = 10;

const simple: Readonly<Record<string, Command>> = {
  " ": { kind: "pause" },
  p: { kind: "pause" },
  "}": { kind: "speed", change: "double" },
  "{": { kind: "speed", change: "halve" },
  backspace: { kind: "speed", change: "normal" },
  left: { kind: "skip", byMs: -shortSkipMs },
  right: { kind: "skip", byMs: shortSkipMs },
  "shift-left": { kind: "skip", byMs: -longSkipMs },
  "<": { kind: "skip", byMs: -longSkipMs },
  "shift-right": { kind: "skip", byMs: longSkipMs },
  ">": { kind: "skip", byMs: longSkipMs },
  ",": { kind: "step", direction: -1 },
  ".": { kind: "step", direction: 1 },
  "[": { kind: "mark", direction: -1 },
  "]": { kind: "mark", direction: 1 },
  n: { kind: "again", direction: 1 },
  N: { kind: "again", direction: -1 },
  i: { kind: "idle" },
  t: { kind: "clock" },
  f: { kind: "follow" },
  up: { kind: "move", columns: 0, rows: -1 },
  down: { kind: "move", columns: 0, rows: 1 },
  "(": { kind: "move", columns: -sideways, rows: 0 },
  ")": { kind: "move", columns: sideways, rows: 0 },
  h: { kind: "help" },
  q: { kind: "quit" },
  escape: { kind: "cancel" },
};

export class Controls {
  #time = "";
  #words: string | null = null;
  #direction: Direction = 1;

  /** What is being typed, as it was typed: "1:30", "/word"; "" when nothing is. Not safe to print. */
  get typed(): string {
    return this.#words === null ? this.#time : `${this.#direction === 1 ? "/" : "?"}${this.#words}`;
  }

  /** What the key asks for; null when it asks for nothing, or not yet. */
  press(key: string): Command | null {
    if (this.#words !== null) return this.#search(this.#words, key);
    const time = this.#time;
    this.#time = "";
    if (/^[0-9:]$/.test(key)) {
      this.#time = time.length < maxTime ? time + key : time;
      return null;
    }
    if (key === "g" || key === "G") return going(time, key);
    if (key === "%") return part(time);
    if (key === "/" || key === "?") {
      this.#words = "";
      this.#direction = key === "/" ? 1 : -1;
      return null;
    }
    // With a time it only takes that back.
    if (key === "escape" && time !== "") return null;
    return Object.hasOwn(simple, key) ? (simple[key] ?? null) : null;
  }

  #search(words: string, key: string): Command | null {
    if (key === "enter") {
      this.#words = null;
      // As in less: no words are those of the last time.
      return words === ""
        ? { kind: "again", direction: this.#direction }
        : { kind: "search", direction: this.#direction, words };
    }
    if (key === "escape" || (key === "backspace" && words === "")) this.#words = null;
    else if (key === "backspace") this.#words = [...words].slice(0, -1).join("");
    else if (key === "\u0015") this.#words = "";
    else if (isCharacter(key) && words.length < maxWords) this.#words = words + key;
    return null;
  }
}

function going(time: string, key: string): Command {
  if (time === "") return { kind: "go", atMs: key === "g" ? 0 : Number.POSITIVE_INFINITY };
  const atMs = parseMoment(time);
  return atMs === null ? { kind: "wrong", why: `${time} is no time` } : { kind: "go", atMs };
}

function part(text: string): Command {
  const ratio = Number(text) / 100;
  return text !== "" && ratio >= 0 && ratio <= 1
    ? { kind: "part", ratio }
    : { kind: "wrong", why: "% wants a number from 0 to 100 before it" };
}

/** No name of a key, and no control. */
function isCharacter(key: string): boolean {
  return [...key].length === 1 && key >= " " && !/\p{Cc}/u.test(key);
}
