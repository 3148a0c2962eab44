/** Keys: bytes from the auditor's terminal to keys; what the terminal itself answers to the recorded output is no key. */

const esc = 0x1b;
const bell = 0x07;
const cancel = 0x18;
const substitute = 0x1a;

/** A terminal sends an answer in one go; longer silence than this means that its rest never comes. */
const answerMs = 1000;

type State = "key" | "escape" | "single shift" | "sequence" | "string" | "string escape" | "mouse";

/** Keeps its state between reads, so an answer that is split over several is still one. */
export class KeyParser {
  #state: State = "key";
  #lastMs = Number.NEGATIVE_INFINITY;
  #mouseBytes = 0;
  #isFirstInSequence = false;

  /** The keys in the bytes that were read at `nowMs`, one character each. */
  *push(bytes: Uint8Array, nowMs: number): Generator<string> {
    if (nowMs - this.#lastMs > answerMs) this.#state = "key";
    this.#lastMs = nowMs;
    for (const byte of bytes) {
      if (this.#take(byte)) yield String.fromCharCode(byte);
    }
  }

  /** True when the byte is a key. */
  #take(byte: number): boolean {
    switch (this.#state) {
      case "key":
        if (byte !== esc) return true;
        this.#state = "escape";
        return false;
      case "escape":
        this.#state = this.#afterEscape(byte);
        return false;
      case "single shift":
        this.#state = "key";
        return false;
      case "sequence":
        this.#state = this.#inSequence(byte);
        return false;
      case "mouse":
        // X10 mouse report: three bytes after CSI M.
        if (--this.#mouseBytes === 0) this.#state = "key";
        return false;
      case "string":
        this.#state = this.#inString(byte);
        return false;
      case "string escape":
        // ESC \ ends a string; ESC and anything else begins another sequence.
        this.#state = byte === 0x5c ? "key" : this.#afterEscape(byte);
        return false;
      default:
        return this.#state satisfies never;
    }
  }

  #afterEscape(byte: number): State {
    this.#isFirstInSequence = true;
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
    const isFirst = this.#isFirstInSequence;
    this.#isFirstInSequence = false;
    if (byte === esc) return "escape";
    if (byte === cancel || byte === substitute) return "key";
    if (byte < 0x40 || byte > 0x7e) return "sequence";
    if (!isFirst || byte !== 0x4d) return "key";
    this.#mouseBytes = 3;
    return "mouse";
  }

  #inString(byte: number): State {
    if (byte === esc) return "string escape";
    return byte === bell || byte === cancel || byte === substitute ? "key" : "string";
  }
}
