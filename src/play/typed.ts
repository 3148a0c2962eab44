/** What was typed of late, as it can be shown. */

const maxShown = 200;

export class Typed {
  readonly #decoder = new TextDecoder();
  #text = "";

  /** Controls in caret notation: ^M is enter. */
  get text(): string {
    return this.#text;
  }

  take(bytes: Uint8Array): void {
    const text = this.#decoder.decode(bytes, { stream: true });
    const shown = text.replace(
      /[\u0000-\u001f\u007f]/g,
      (control) => `^${String.fromCharCode(control.charCodeAt(0) ^ 0x40)}`,
    );
    this.#text = (this.#text + shown).slice(-maxShown);
  }
}
