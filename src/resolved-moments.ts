/** Resolves moments that only the whole recording tells: before its end, or where the screen shows something. */
import { RecError } from "./errors.ts";
import type { Item } from "./format/item.ts";
import type { Moments } from "./moments.ts";
import { momentOf } from "./play/deck.ts";
import { searchOn } from "./play/search.ts";
import { expressionOf } from "./play/search-words.ts";
import type { Timeline } from "./play/timeline/timeline.ts";
import { openTimeline } from "./timeline.ts";

export interface ResolvedMoments {
  /** The same items, from the beginning. */
  readonly items: AsyncIterable<Iterable<Item>>;
  readonly startMs: number | null;
  readonly untilMs: number;
  close(): void;
}

/** Throws REC_SEARCH_NONE. */
export async function resolveMoments(
  items: AsyncIterable<Iterable<Item>>,
  { startMs, untilMs, words }: Moments,
  folder: string,
): Promise<ResolvedMoments> {
  const { timeline, tape, close } = openTimeline(items, folder);
  async function* again(): AsyncGenerator<Iterable<Item>> {
    const reader = tape.open();
    for (let batch = await reader.read(); batch !== null; batch = await reader.read()) yield batch;
  }
  const startsAt = words === null ? startMs : await matchMs(timeline, words);
  return {
    items: again(),
    startMs: startsAt === null ? null : await fromStart(timeline, startsAt),
    untilMs: await fromStart(timeline, untilMs ?? Number.POSITIVE_INFINITY),
    close,
  };
}

/** A moment that may be counted from the end, counted from the start. */
export async function fromStart(timeline: Timeline, atMs: number): Promise<number> {
  if (atMs >= 0) return atMs;
  const end = await timeline.seek({ atMs: Number.POSITIVE_INFINITY });
  end?.cursor.close();
  return Math.max(0, timeline.lengthMs + atMs);
}

async function matchMs(timeline: Timeline, words: string): Promise<number> {
  const { signal } = new AbortController();
  const from = { packets: 0, offset: 0 };
  const place = await searchOn(timeline, expressionOf(words), from, { signal, progress: () => {} });
  if (place === null) throw new RecError("REC_SEARCH_NONE", { words });
  place.cursor.close();
  return momentOf(place);
}
