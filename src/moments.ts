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

/** The same names as in the settings. */
const options = ["goto", "until", "start-at-match"] as const;

/** Throws REC_GOTO and REC_SEARCH_WORDS, and REC_USAGE where nothing is played. */
export function momentsOf(settings: Settings<"rec-play">): Moments {
  checkPlayed(settings);
  const words = settings["start-at-match"] ?? null;
  if (words !== null) check(words);
  return { startMs: placeOf(settings.goto), untilMs: placeOf(settings.until), words };
}

/** Who asks for a part must not take the whole for it. */
function checkPlayed(settings: Settings<"rec-play">): void {
  const { format, info, export: isExported } = settings;
  const instead = format !== undefined ? "--format" : info ? "--info" : isExported ? "--export" : undefined;
  const moment = options.find((option) => settings[option] !== undefined);
  if (instead === undefined || moment === undefined) return;
  throw new RecError("REC_USAGE", {
    what: `option --${moment} is for what is played: ${instead} is of the whole recording`,
  });
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
