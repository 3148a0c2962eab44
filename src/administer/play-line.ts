/** The command that plays a moment of a recording. */
import { formatMoment } from "../play/time.ts";
import { shellWord } from "../shell-word.ts";

/** For a shell, one for each moment; `words` are rec-play's arguments that find the recording. */
export function playLines(words: readonly string[]): (atMs: number) => string {
  const recording = words.map(shellWord).join(" ");
  return (atMs) => `rec-play -g ${formatMoment(atMs)} ${recording}`;
}

/** rec-play's arguments for a recording of the default folder; an id that could be an option, or a path, is no operand. */
export function idWords(rec: string): string[] {
  return /^[A-Za-z0-9][A-Za-z0-9-]*$/.test(rec) ? [rec] : ["-m", rec];
}
