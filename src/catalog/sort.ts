/** The order of a list. */
import { newestFirst, type Recording } from "./recording.ts";

export const sortKeys = ["start", "duration", "size", "user", "host", "command"] as const;

export type SortKey = (typeof sortKeys)[number];

/** Numbers: the largest first, what is not known last. Texts: by their code points. Alike ones: the newest first. */
export function sorted(recordings: Recording[], key: SortKey, isReversed: boolean): Recording[] {
  const list = newestFirst(recordings);
  const compare = comparisons[key];
  if (compare !== undefined) list.sort(compare);
  return isReversed ? list.reverse() : list;
}

type Comparison = (a: Recording, b: Recording) => number;

const comparisons: Readonly<Record<SortKey, Comparison | undefined>> = {
  start: undefined,
  duration: (a, b) => (b.durationMs ?? -1) - (a.durationMs ?? -1),
  size: (a, b) => (b.bytes ?? -1) - (a.bytes ?? -1),
  user: (a, b) => order(a.user, b.user),
  host: (a, b) => order(a.host, b.host),
  command: (a, b) => order(a.command ?? a.tty ?? "", b.command ?? b.tty ?? ""),
};

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
