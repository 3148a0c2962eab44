/** What delete and prune share: folders of recordings, and the telling of what was removed. */
import { formatDate } from "../catalog/date.ts";
import { recordingsFolder } from "../catalog/place.ts";
import type { RetainedFolder, StoredRecording } from "../catalog/retention.ts";
import { formatBytes } from "../catalog/table.ts";
import type { CommandOption } from "../config/option.ts";
import { RecError } from "../errors.ts";
import { forgetKept } from "../kept-name.ts";
import { printable } from "../printable.ts";
import type { Context } from "./context.ts";
import type { ValuesOf } from "./subcommand.ts";

export const keepOptions = [
  {
    path: "folder",
    type: { kind: "list" },
    defaultText: "$XDG_DATA_HOME/rec-session, or ~/.local/share/rec-session",
    long: "folder-path",
    alias: "folder",
    placeholder: "DIR",
    help: "A folder of recordings; may be given again",
  },
  { path: "dryRun", type: { kind: "flag" }, long: "dry-run", help: "Only tell what would be removed" },
] as const satisfies readonly CommandOption[];

/** The folders that are meant. Throws REC_USAGE where there is none. */
export function foldersOf({ environment }: Context, { folder }: ValuesOf<typeof keepOptions>): readonly string[] {
  const own = recordingsFolder(environment);
  if (folder !== undefined) return folder;
  if (own !== null) return [own];
  throw new RecError("REC_USAGE", { what: "no recordings folder, as HOME is not set: name one with --folder-path" });
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
