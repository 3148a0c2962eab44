/** What the doctor found: one sentence, and what to do about it. */
import { RecError } from "../../errors.ts";

/**
 * well: as it must be. problem: sessions are not recorded, or recordings will not survive. warning: they may not.
 * unseen: nobody could look, and nothing is guessed.
 */
export type Level = "well" | "problem" | "warning" | "unseen";

export interface Finding {
  readonly level: Level;
  /** A sentence without its full stop. */
  readonly sentence: string;
  /** The command that cures it, or a step in words; null where there is nothing to cure. */
  readonly cure: string | null;
}

export function well(sentence: string): Finding {
  return { level: "well", sentence, cure: null };
}

export function problem(sentence: string, cure: string): Finding {
  return { level: "problem", sentence, cure };
}

export function warning(sentence: string, cure: string): Finding {
  return { level: "warning", sentence, cure };
}

export function unseen(sentence: string, cure = "run recctl doctor as root"): Finding {
  return { level: "unseen", sentence, cure };
}

/** What may not be read is unseen; `what` in words: "whom SSSD records". */
export async function orUnseen(what: string, look: () => Promise<Finding[]> | Finding[]): Promise<Finding[]> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof RecError)) throw error;
    return [unseen(`${what} could not be seen: ${error.message}`)];
  }
}
