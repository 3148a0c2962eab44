/** Renews the index: takes the text of recordings that it does not have yet. */
import { statSync } from "node:fs";
import { availableParallelism } from "node:os";
import type { Progress } from "../progress.ts";
import type { IndexKey } from "../search/index-writer.ts";
import type { SearchIndex } from "../search/search-index.ts";
import { isThere, keyOf, type Listed } from "./indexed.ts";
import type { PieceReader } from "./piece-reader.ts";
import type { Environment } from "./shown.ts";
import { readerInThread } from "./thread.ts";

export interface Surroundings {
  readonly environment: Environment;
  /** Of which all that they hold is listed, in words: what the index has of them besides is gone. */
  readonly wholeJournals?: ReadonlySet<string>;
  /** The program of the threads that read; null where all is read here. */
  readonly indexer: string | null;
  readonly progress: (what: string, total: number) => Progress;
  /** One sentence for people. */
  readonly tell: (sentence: string) => void;
}

/** Less is read before a thread would have started. */
const minBytesForThreads = 4e6;
/** More than this do not write faster: one thread writes. Each takes some 60 MB. */
const maxThreads = 4;

interface Missing {
  readonly one: Listed;
  readonly key: IndexKey;
  /** About how much it showed. */
  readonly bytes: number;
}

/**
 * Takes out what is gone, and in what is missing. What cannot be read is left out; an index that is full, or in use, is told of and takes no
 * more.
 */
export async function renewIndex(
  index: SearchIndex,
  listed: readonly Listed[],
  surroundings: Surroundings,
): Promise<void> {
  const fail = (error: unknown): void => {
    const why = error instanceof Error ? error.message : String(error);
    surroundings.tell(`the index takes no more: ${why}; searching the rest without it`);
  };
  const keyed = listed.map((one) => ({ one, key: keyOf(one) }));
  const names = new Set(keyed.map(({ key }) => key?.name));
  try {
    // What was listed a moment ago is there.
    index.retain((name) => names.has(name) || isThere(name, surroundings.wholeJournals));
  } catch (error) {
    fail(error);
    return;
  }
  const missing = keyed.flatMap(({ one, key }) =>
    key === null || index.has(key) ? [] : [{ one, key, bytes: bytesOf(one) }],
  );
  if (missing.length === 0) return;
  const total = missing.reduce((sum, { bytes }) => sum + bytes, 0);
  const progress = surroundings.progress("indexing", total);
  const readers = await readersFor(missing, total, surroundings);
  const writer = index.writer();
  try {
    await writeAll(writer, missing, readers, progress);
    writer.end();
    progress.end();
  } catch (error) {
    progress.end();
    fail(error);
    writer.abandon();
  } finally {
    await Promise.all(readers.map(async (reader) => await reader.close()));
  }
}

async function readersFor(
  missing: readonly Missing[],
  total: number,
  { environment, indexer }: Surroundings,
): Promise<PieceReader[]> {
  if (indexer === null || total < minBytesForThreads) {
    // The emulator takes 20 ms to load, for which a search that finds all in the index does not wait.
    const { readerHere } = await import("./piece-reader.ts");
    return [readerHere(environment)];
  }
  const count = Math.min(missing.length, availableParallelism(), maxThreads);
  return Array.from({ length: count }, () => readerInThread(indexer, environment("TZ")));
}

async function writeAll(
  writer: ReturnType<SearchIndex["writer"]>,
  missing: readonly Missing[],
  readers: readonly PieceReader[],
  progress: Progress,
): Promise<void> {
  const queue = missing.values();
  let done = 0;
  await Promise.all(
    readers.map(async (reader) => {
      for (const { one, key, bytes: wholeBytes } of queue) {
        const text = writer.write(key);
        let own = 0;
        const isWhole = await reader.read(one.settings, (piece, bytes) => {
          text.add(piece);
          done += bytes - own;
          own = bytes;
          progress.advance(done);
        });
        if (isWhole) text.commit();
        else text.undo();
        done += wholeBytes - own;
      }
    }),
  );
}

/** A file's size is known better than what its end says. */
function bytesOf({ recording, path }: Listed): number {
  return (path === null ? recording.bytes : statSync(path, { throwIfNoEntry: false })?.size) ?? 0;
}
