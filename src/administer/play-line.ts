/** The command that plays a moment of a recording. */
import { formatMoment } from "../play/time.ts";

/** For a shell; `words` are rec-play's arguments that find the recording. */
export function playLine(words: readonly string[], atMs: number): string {
  return ["rec-play", "-g", formatMoment(atMs), ...words].map(quoted).join(" ");
}

function quoted(word: string): string {
  if (/^[A-Za-z0-9_./:@%+=,-]+$/.test(word)) return word;
  // What printable() would escape a shell must make again.
  if (/[\p{Cc}]/u.test(word)) return `$'${word.replaceAll(/[\\']/g, "\\$&").replaceAll(/\p{Cc}/gu, hex)}'`;
  return `'${word.replaceAll("'", "'\\''")}'`;
}

function hex(character: string): string {
  return [...Buffer.from(character)].map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("");
}
