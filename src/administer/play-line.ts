/** The command that plays a moment of a recording. */
import { formatMoment } from "../play/time.ts";
import { shellWord } from "../shell-word.ts";

/** For a shell; `words` are rec-play's arguments that find the recording. */
export function playLine(words: readonly string[], atMs: number): string {
  return ["rec-play", "-g", formatMoment(atMs), ...words].map(shellWord).join(" ");
}

/** rec-play's arguments for a recording of the default folder; an id that could be an option, or a path, is no operand. */
export function idWords(rec: string): string[] {
  return /^[A-Za-z0-9][A-Za-z0-9-]*$/.test(rec) ? [rec] : ["-m", rec];
}
