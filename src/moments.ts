/** Moments of a recording at which playing begins and ends, as options say them. */
import type { Settings } from "./config/options.ts";
import { RecError } from "./errors.ts";
import { expressionOf } from "./play/search-words.ts";
import { parsePlace } from "./play/time.ts";

export interface Moments {
  /** Counted from the end when negative, Infinity is the end; null where nothing was said. */
  readonly startMs: number | null;
  readonly untilMs: number | null;
  /** What the screen is to show first. */
  readonly words: string | null;
}

/** Throws REC_GOTO and REC_SEARCH_WORDS. */
export function momentsOf(settings: Settings<"rec-play">): Moments {
  const words = settings["start-at-match"] ?? null;
  if (words !== null) check(words);
  return { startMs: placeOf(settings.goto), untilMs: placeOf(settings.until), words };
}

function placeOf(time: string | undefined): number | null {
  if (time === undefined) return null;
  const atMs = parsePlace(time);
  if (atMs === null) throw new RecError("REC_GOTO", { time, why: "it is not a time" });
  return atMs;
}

function check(words: string): void {
  try {
    expressionOf(words);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new RecError("REC_SEARCH_WORDS", { words, why: error.message }, error);
  }
}
