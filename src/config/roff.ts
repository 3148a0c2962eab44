/** Text in the man(7) macros. */
import { wrap } from "./wrap.ts";

// Escapes make lines longer than the text, and mandoc wants no source line over 80.
const width = 68;

/** Paragraphs of sentences. */
export function paragraphs(texts: readonly string[]): string[] {
  return texts.flatMap((text, i) => [...(i === 0 ? [] : [".PP"]), ...sentenceLines(text)]);
}

/** roff wants each sentence on a line of its own, to space them. */
export function sentenceLines(text: string): string[] {
  return text.split(/(?<=[.:]) (?=[A-Z])/).flatMap((sentence) => wrap(sentence, width).map(escaped));
}

/** A page and its section, "rec(1)", as man pages refer to it. */
export function reference(page: string, after: string): string {
  const [, name, section] = /^(.*)\((\d)\)$/.exec(page) as unknown as [string, string, string];
  return `.BR ${escaped(name)} (${section})${after}`;
}

/** roff's own characters as text; a leading dot or quote would be a request. */
export function escaped(text: string): string {
  return text
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replaceAll("'", "\\(aq")
    .replaceAll('"', "\\(dq")
    .replaceAll("~", "\\(ti")
    .replace(/^\./, "\\&.");
}
