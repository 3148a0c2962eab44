/** Bytes of one direction to text: a character split between two packets is one, what is none becomes U+FFFD as WHATWG has it. */
import { isUtf8 } from "node:buffer";

export class TextStream {
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  #replaced = 0;

  /** How often bytes were replaced. */
  get replaced(): number {
    return this.#replaced;
  }

  text(bytes: Uint8Array): string {
    const text = this.#decoder.decode(bytes, { stream: true });
    // Text that has the replacement character itself is valid.
    if (text.includes("\ufffd") && !isUtf8(bytes)) this.#replaced++;
    return text;
  }

  /** What is left of an unfinished character. */
  end(): string {
    const text = this.#decoder.decode();
    if (text !== "") this.#replaced++;
    return text;
  }
}
