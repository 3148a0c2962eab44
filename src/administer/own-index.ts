/** The search index of who runs recctl: the site's for root. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { RecError } from "../errors.ts";
import { isThere } from "../indexing/indexed.ts";
import { cacheFolder } from "../own-files.ts";
import type { SearchIndex } from "../search/search-index.ts";
import type { Context } from "./context.ts";

/** Null where there can be none, and, with the reason and what follows from it told, where it cannot be used. */
export async function openIndex(
  { environment, addon, tell }: Context,
  consequence: string,
): Promise<SearchIndex | null> {
  const folder = indexFolder(environment);
  if (folder === null) return null;
  const { SearchIndex } = await import("../search/search-index.ts");
  try {
    return SearchIndex.open(folder, addon);
  } catch (error) {
    if (!(error instanceof RecError)) throw error;
    tell(`${error.message}; ${consequence}`);
    return null;
  }
}

/** Takes the text of recordings that are gone out of an index that is there. */
export async function forgetRemoved(context: Context): Promise<void> {
  const folder = indexFolder(context.environment);
  if (folder === null || !existsSync(join(folder, "search.db"))) return;
  const consequence = "what was removed is taken out of it by the next search";
  const index = await openIndex(context, consequence);
  try {
    index?.retain(isThere);
  } catch (error) {
    // Another process writes it for long.
    context.tell(`${error instanceof Error ? error.message : error}: ${join(folder, "search.db")}; ${consequence}`);
  } finally {
    index?.close();
  }
}

/** Null for who has no home. */
function indexFolder(environment: Context["environment"]): string | null {
  if (process.geteuid?.() === 0) return "/var/cache/rec-session";
  return cacheFolder(environment);
}
