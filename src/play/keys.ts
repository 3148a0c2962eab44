/** Keys: bytes from the auditor's terminal to keys; what the terminal itself answers to recorded output is no key. */

const esc = 0x1b;
const bell = 0x07;
const cancel = 0x18;
const substitute = 0x1a;

/** A terminal sends an answer in one go; longer silence than this means that its rest never comes. */
const answerMs = 1000;
/** Longer than any sequence that is a key. */
const maxSequence = 8;

type State = "key" | "escape" | "single shift" | "sequence" | "string" | "string escape" | "mouse";

/** Keys that are sequences, as xterm, rxvt and the console of Linux send them; no answer looks like one of them. */
const sequences: Readonly<Record<string, string>> = {
  "[A": "up",
  "[B": "down",
  "[C": "right",
  "[D": "left",
  "[1;2C": "shift-right",
  "[1;2D": "shift-left",
  "[c": "shift-right",
  "[d": "shift-left",
  OA: "up",
  OB: "down",
  OC: "right",
  OD: "left",
  // rxvt with the keypad in application mode.
  Oc: "shift-right",
  Od: "shift-left",
};

const controls: Readonly<Record<string, string>> = {
  "\r": "enter",
  "\n": "enter",
  "\b": "backspace",
  "\u007f": "backspace",
};

/** Keeps its state between reads, so an answer that is split over several is still one. */
export class KeyParser {
  #state: State = "key";
  #lastMs = Number.NEGATIVE_INFINITY;
  #mouseBytes = 0;
  #sequence = "";
  #isEscapeTold = false;
  readonly #characters = new TextDecoder();

  /** The keys in the bytes that were read at `nowMs`: characters, and names of those that are none ("left"). */
  *push(bytes: Uint8Array, nowMs: number): Generator<string> {
    if (nowMs - this.#lastMs > answerMs) this.#state = "key";
    this.#lastMs = nowMs;
    for (const byte of bytes) yield* this.#take(byte);
  }

  /** Whether an escape waits for what it belongs to: by itself it is a key. */
  get isEscapePending(): boolean {
    return this.#state === "escape" && this.#sequence === "" && !this.#isEscapeTold;
  }

  /** Nothing came after the escape: the key, once. What comes later may still be the rest of a sequence. */
  takeEscape(): string[] {
    if (!this.isEscapePending) return [];
    this.#isEscapeTold = true;
    return ["escape"];
  }

  *#take(byte: number): Generator<string> {
    const before = this.#state;
    if (before === "escape" && this.#isEscapeTold && !"[O]PX^_".includes(String.fromCharCode(byte)))
      this.#state = "key";
    if (this.#state === "key") {
      yield* this.#character(byte);
      return;
    }
    this.#state = this.#next(byte);
    if (before === "string escape") this.#begin();
    if (before.endsWith("escape") || before === "sequence" || before === "single shift") {
      if (this.#sequence.length < maxSequence) this.#sequence += String.fromCharCode(byte);
      const key = this.#state === "key" ? sequences[this.#sequence] : undefined;
      if (key !== undefined) yield key;
    }
    if (this.#state === "escape") this.#begin();
  }

  *#character(byte: number): Generator<string> {
    if (byte === esc) {
      this.#state = "escape";
      this.#begin();
      return;
    }
    for (const character of this.#characters.decode(Uint8Array.of(byte), { stream: true })) {
      yield controls[character] ?? character;
    }
  }

  #begin(): void {
    this.#sequence = "";
    this.#isEscapeTold = false;
  }

  #next(byte: number): State {
    switch (this.#state) {
      case "key":
      case "single shift":
        return "key";
      case "escape":
        return this.#afterEscape(byte);
      case "sequence":
        return this.#inSequence(byte);
      case "mouse":
        // X10 mouse report: three bytes after CSI M.
        return --this.#mouseBytes === 0 ? "key" : "mouse";
      case "string":
        return this.#inString(byte);
      case "string escape":
        // ESC \ ends a string; ESC and anything else begins another sequence.
        return byte === 0x5c ? "key" : this.#afterEscape(byte);
      default:
        return this.#state satisfies never;
    }
  }

  #afterEscape(byte: number): State {
    switch (String.fromCharCode(byte)) {
      case "[":
        return "sequence";
      case "O":
        return "single shift";
      case "]":
      case "P":
      case "X":
      case "^":
      case "_":
        return "string";
      case "\u001b":
        return "escape";
      default:
        // ECMA-48: 2/0 to 2/15 are intermediate bytes, the sequence ends after them.
        return byte >= 0x20 && byte <= 0x2f ? "escape" : "key";
    }
  }

  #inSequence(byte: number): State {
    if (byte === esc) return "escape";
    if (byte === cancel || byte === substitute) return "key";
    if (byte < 0x40 || byte > 0x7e) return "sequence";
    if (this.#sequence !== "[" || byte !== 0x4d) return "key";
    this.#mouseBytes = 3;
    return "mouse";
  }

  #inString(byte: number): State {
    if (byte === esc) return "string escape";
    return byte === bell || byte === cancel || byte === substitute ? "key" : "string";
  }
}
