/** recctl delete: removes one recording from a folder. */

import { findInJournal } from "../catalog/journal.ts";
import { RetainedFolder } from "../catalog/retention.ts";
import { RecError } from "../errors.ts";
import { matchesId } from "../format/recording-id.ts";
import { meantJournals } from "../meant-journals.ts";
import { journalIndex } from "../named-journal.ts";
import { foldersOf, keepOptions, removeAll } from "./keep.ts";
import { forgetRemoved } from "./own-index.ts";
import { subcommand } from "./subcommand.ts";

export const deleteRecording = subcommand({
  name: "delete",
  operands: { usage: "ID...", min: 1, max: 1000 },
  summary: "remove recordings from folders",
  description: [
    "Removes the recording of each ID, of which a part is enough that no other recording has, from the recordings folder or those that are named. All are looked for before any is removed. A recording that runs is not removed, nor a file that is not named as recorders name theirs: that one rm(1) removes.",
    "Its text goes from the search index of who removes it at once, and from those of others when they next search; what rec-play has kept of it to show it quickly goes from the cache of who removes it.",
    "What the journal holds is the journal's, and stays: journald can only drop its oldest entries.",
  ],
  options: [...keepOptions],
  examples: [["recctl delete 79ee-15713", "one recording, by a part of its ID"]],
  async run(context, values, operands) {
    const paths = foldersOf(context, values);
    const nowMs = Date.now();
    const folders = await Promise.all(paths.map(async (path) => await RetainedFolder.open(path, nowMs)));
    try {
      const wanted = await Promise.all(operands.map(async (id) => await find(folders, paths, id)));
      let failed = 0;
      for (const { folder, stored } of wanted) {
        const isKept = stored.why !== null;
        if (isKept) context.tell(`cannot remove ${stored.path}: ${stored.why}`);
        failed += isKept ? 1 : (await removeAll(context, folder, [stored], values.dryRun)).failed;
      }
      return failed === 0 ? 0 : 1;
    } finally {
      for (const folder of folders) folder.close();
      if (!values.dryRun) await forgetRemoved(context);
    }
  },
});

async function find(folders: readonly RetainedFolder[], paths: readonly string[], id: string) {
  const all = folders.flatMap((folder) => folder.recordings.map((stored) => ({ folder, stored })));
  const exact = all.filter(({ stored }) => stored.recording.rec === id);
  const found = exact.length > 0 ? exact : all.filter(({ stored }) => id !== "" && matchesId(stored.recording.rec, id));
  const [only, second] = found;
  if (only !== undefined && second === undefined) return only;
  if (only !== undefined) {
    throw new RecError("REC_RECORDINGS_MANY", {
      count: found.length,
      id,
      list: found.slice(0, 10).map(({ stored }) => stored.path),
    });
  }
  if (await isInJournal(id)) throw new RecError("REC_DELETE_JOURNAL", { id });
  throw new RecError("REC_RECORDING_UNKNOWN", { id, place: paths.join(", ") });
}

async function isInJournal(id: string): Promise<boolean> {
  for (const journal of meantJournals({})) {
    try {
      await findInJournal(journalIndex(journal), id);
      return true;
    } catch (error) {
      if (!(error instanceof RecError)) throw error;
      if (error.code === "REC_RECORDINGS_MANY") return true;
    }
  }
  return false;
}
