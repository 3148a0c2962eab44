/** What is told where several recordings could be meant. */
import { RecError } from "../errors.ts";
import { formatDate } from "./date.ts";

/** A recording as a person tells it from others. */
export interface Candidate {
  readonly rec: string;
  readonly user: string;
  /** Milliseconds since the epoch. */
  readonly startedMs: number;
}

/** Recordings that could be meant are listed up to here. */
const maxListed = 10;

/** The failure that names the newest of those that could be meant: the last of `candidates`, of `count` in all. */
export function ambiguity(candidates: readonly Candidate[], count: number, wanted: string): RecError {
  const list = candidates
    .slice(-maxListed)
    .map(({ rec, user, startedMs }) => `${rec} (${user}, ${formatDate(startedMs)})`);
  const more = count - list.length;
  if (more > 0) list.push(`and ${more} more`);
  return new RecError("REC_RECORDINGS_MANY", { count, id: wanted, list });
}
