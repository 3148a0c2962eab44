/** The command that plays a moment of a recording. */
import { formatMoment } from "../play/time.ts";
import { shellWord } from "../shell-word.ts";

/** For a shell; `words` are rec-play's arguments that find the recording. */
export function playLine(words: readonly string[], atMs: number): string {
  return ["rec-play", "-g", formatMoment(atMs), ...words].map(shellWord).join(" ");
}
