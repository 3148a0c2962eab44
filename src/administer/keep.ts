/** What delete and prune share: folders of recordings, and the telling of what was removed. */
import { existsSync } from "node:fs";
import { formatDate } from "../catalog/date.ts";
import { recordingsFolder, siteFolder } from "../catalog/place.ts";
import type { RetainedFolder, StoredRecording } from "../catalog/retention.ts";
import { formatBytes } from "../catalog/table.ts";
import type { CommandOption } from "../config/option.ts";
import { forgetKept } from "../kept-name.ts";
import { printable } from "../printable.ts";
import type { Context } from "./context.ts";
import { foldersOption, ownFolder } from "./folder-option.ts";
import type { ValuesOf } from "./subcommand.ts";

export const keepOptions = [
  {
    ...foldersOption,
    details: `Without it root means ${siteFolder} too, where recorders keep login sessions that the journal does not take.`,
  },
  { path: "dryRun", type: { kind: "flag" }, long: "dry-run", help: "Only tell what would be removed" },
] as const satisfies readonly CommandOption[];

/** The folders that are named, else those that are listed and there. Throws REC_USAGE where there can be none. */
export function foldersOf(
  context: Context,
  { folder }: Pick<ValuesOf<typeof keepOptions>, "folder">,
): readonly string[] {
  if (folder !== undefined) return folder;
  const { siteFolder: site } = context;
  if (site === null || !existsSync(site)) return [ownFolder(context)];
  const own = recordingsFolder(context.environment);
  return own !== null && existsSync(own) ? [own, site] : [site];
}

export interface Removal {
  removed: number;
  removedBytes: number;
  failed: number;
}

/** Removes them one by one, a line for each; what cannot be removed is told, and the others go all the same. */
export async function removeAll(
  context: Context,
  folder: RetainedFolder,
  leaving: readonly StoredRecording[],
  isDry: boolean,
): Promise<Removal> {
  const outcome: Removal = { removed: 0, removedBytes: 0, failed: 0 };
  const gone: string[] = [];
  const progress = context.progress("removing", leaving.length);
  for (const [index, stored] of leaving.entries()) {
    progress.advance(index);
    const why = isDry ? null : folder.remove(stored);
    if (why === null) {
      outcome.removed++;
      if (!isDry) gone.push(stored.path);
      outcome.removedBytes += stored.bytes;
      if (context.columns !== null) progress.end();
      await context.write(line(stored, isDry));
    } else {
      outcome.failed++;
      progress.end();
      context.tell(`cannot remove ${stored.path}: ${why}`);
    }
  }
  progress.end();
  forgetKept(gone, context.environment);
  return outcome;
}

function line({ recording: { rec, user, startedMs }, bytes, path }: StoredRecording, isDry: boolean): string {
  const start = startedMs === null ? "-" : formatDate(startedMs);
  const facts = [rec, user, start, formatBytes(bytes), path].map(printable).join("  ");
  return `${isDry ? "would remove" : "removed"}  ${facts}\n`;
}
