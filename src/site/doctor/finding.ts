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
  /** The command for root's shell that cures it, or shows what could not be seen; null where none can. */
  readonly cure: string | null;
  /** Where no command can cure it: the place, and what somebody has to decide or to do there; else null. */
  readonly decision: string | null;
}

/** What no command can do, as it is another's to decide. */
export interface Decision {
  readonly decision: string;
}

/** A command, whole and to be pasted, or what is to be decided. */
export type Cure = string | Decision;

/** `place`: a file, with its line where one is meant. */
export function decide(place: string, what: string): Decision {
  return { decision: `${place}: ${what}` };
}

export function well(sentence: string): Finding {
  return { level: "well", sentence, cure: null, decision: null };
}

export function problem(sentence: string, cure: Cure): Finding {
  return { level: "problem", sentence, ...told(cure) };
}

export function warning(sentence: string, cure: Cure): Finding {
  return { level: "warning", sentence, ...told(cure) };
}

/** Without a cure it is one that root may see. */
export function unseen(sentence: string, cure?: Cure): Finding {
  return { level: "unseen", sentence, ...(cure === undefined ? { cure: null, decision: null } : told(cure)) };
}

function told(cure: Cure): Pick<Finding, "cure" | "decision"> {
  return typeof cure === "string" ? { cure, decision: null } : { cure: null, decision: cure.decision };
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
