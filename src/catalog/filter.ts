/** Criteria: which recordings are wanted, in words that people give, to what a list asks of each. */
import { commandMatches, parseMatch } from "./match.ts";
import type { Filter, Recording } from "./recording.ts";

/** All that are given must be true of a recording. */
export interface Criteria {
  /** Name of the recorded user. */
  readonly user?: string | undefined;
  /** Host name of the recorder. */
  readonly host?: string | undefined;
  /** A regular expression that matches somewhere in the command and its arguments, with a blank between each. */
  readonly command?: string | undefined;
  /** It began then or later, milliseconds since the epoch. */
  readonly sinceMs?: number | undefined;
  /** It began then or earlier, milliseconds since the epoch. */
  readonly untilMs?: number | undefined;
  /** It took so long or longer, milliseconds. */
  readonly minDurationMs?: number | undefined;
  /** An expression as sudoreplay(8) has them: `user alice and not (host web1 or command ^vi)`. */
  readonly match?: string | undefined;
}

/** `nowMs` is what times such as yesterday are relative to, milliseconds since the epoch. Throws REC_MATCH, REC_PATTERN. */
export function filterBy(criteria: Criteria, nowMs: number): Filter {
  const { user, host, command, sinceMs, untilMs, minDurationMs, match: expression } = criteria;
  const match = expression === undefined ? undefined : parseMatch(expression, nowMs);
  const tests = [
    host === undefined ? undefined : (recording: Recording) => recording.host === host,
    command === undefined ? undefined : commandMatches(command),
    minDurationMs === undefined ? undefined : ({ durationMs }: Recording) => (durationMs ?? -1) >= minDurationMs,
    match?.accepts,
  ].filter((test) => test !== undefined);
  const accepts = tests.length === 0 ? undefined : (one: Recording) => tests.every((test) => test(one));
  return { user, sinceMs, untilMs, accepts, wantsCwd: match?.wantsCwd };
}
