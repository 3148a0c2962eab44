/** Hits: the lines that recordings showed and that match, from the index and from the recordings that it does not have. */
import type { Pattern } from "../catalog/pattern.ts";
import { RecError } from "../errors.ts";
import { packed } from "../search/piece.ts";
import { type Hit, hitsIn, wordOf } from "../search/scan.ts";
import type { SearchIndex } from "../search/search-index.ts";
import { requirementOf } from "../search/trigram.ts";
import { keyOf, type Listed } from "./indexed.ts";
import type { Environment } from "./shown.ts";

/** The text of a recording that is not indexed is matched so many characters at a time. */
const batchLength = 64 * 1024;

export interface HitsOptions {
  readonly environment: Environment;
  /** Told when the search comes to a recording, with its place in the list. */
  readonly onRecording: (at: number) => void;
  /** Told of a recording that cannot be read; it is passed over. */
  readonly onFailure: (error: RecError) => void;
}

/** Some hits of one recording, one batch after the other, in the order of the list and of the time. Throws REC_PATTERN. */
export async function* findHits<One extends Listed>(
  pattern: Pattern,
  index: SearchIndex | null,
  listed: readonly One[],
  options: HitsOptions,
): AsyncGenerator<{ one: One; hits: readonly Hit[] }, void, undefined> {
  const requirement = requirementOf(pattern.regexp.source);
  index?.freeze();
  const candidates = index?.candidates(requirement) ?? null;
  const blocks = index?.blocks(wordOf(pattern));
  for (const [at, one] of listed.entries()) {
    options.onRecording(at);
    const key = index === null ? null : keyOf(one);
    if (index === null || blocks === undefined || key === null || !index.has(key)) {
      for await (const hits of read(pattern, one, options)) yield { one, hits };
      continue;
    }
    for (const text of index.texts(key.name, candidates, blocks)) {
      const hits = hitsIn(pattern, text);
      if (hits.length > 0) yield { one, hits };
    }
  }
}

async function* read(
  pattern: Pattern,
  { settings }: Listed,
  { environment, onFailure }: HitsOptions,
): AsyncGenerator<readonly Hit[], void, undefined> {
  // It is not waited for where the index has all.
  const { readShown } = await import("./shown.ts");
  let text = "";
  try {
    for await (const { lines } of readShown(settings, environment)) {
      for (const line of lines) text += packed(line);
      if (text.length < batchLength) continue;
      yield hitsIn(pattern, [text]);
      text = "";
    }
  } catch (error) {
    if (!(error instanceof RecError) || error.code === "REC_PATTERN") throw error;
    if (text !== "") yield hitsIn(pattern, [text]);
    text = "";
    onFailure(error);
  }
  if (text !== "") yield hitsIn(pattern, [text]);
}
