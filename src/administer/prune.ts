/** recctl prune: retention of recordings folders. */
import { RetainedFolder } from "../catalog/retention.ts";
import { formatBytes } from "../catalog/table.ts";
import { RecError } from "../errors.ts";
import { foldersOf, keepOptions, type Removal, removeAll } from "./keep.ts";
import { duration, size } from "./option-type.ts";
import { forgetRemoved } from "./own-index.ts";
import { noOperands, subcommand } from "./subcommand.ts";

export const prune = subcommand({
  name: "prune",
  operands: noOperands,
  summary: "remove old recordings from folders",
  description: [
    "Removes from each folder the recordings that ended longer ago than --older-than, then the oldest until the rest has no more than --max-size. Only files that are named as recorders name them, and hold the recording of that name, are recordings; all others are left alone.",
    "A recording that runs is never removed: one whose recorder lives, or whose file any process has open, or that has no end and was written within the last day. No symbolic link is followed, in the folder or, where it is another user's, on the way to it.",
    "The text of what is removed goes from the search index of who removes it at once, and from those of others when they next search; what rec-play has kept of it to show it quickly goes from the cache of who removes it.",
    "What the journal holds is the journal's: it drops its oldest entries by its own limits (SystemMaxUse and others of journald.conf), or with journalctl --vacuum-time.",
  ],
  options: [
    {
      path: "olderThan",
      type: duration,
      long: "older-than",
      placeholder: "TIME",
      help: "Remove what ended longer ago",
    },
    {
      path: "maxSize",
      type: size,
      long: "max-size",
      placeholder: "SIZE",
      help: "Remove the oldest until the rest has SIZE",
    },
    {
      path: "keepUser",
      type: { kind: "list" },
      long: "keep-user",
      placeholder: "NAME",
      help: "Leave NAME's recordings; may be given again",
    },
    ...keepOptions,
  ],
  examples: [
    ["recctl prune --older-than 90d --dry-run", "what would go"],
    ["recctl prune --max-size 10G --keep-user bob", "but none of bob's"],
  ],
  exitStatus: [["1", "Something could not be removed, or the rest is still too large."]],
  async run(context, values) {
    const { olderThan, maxSize, keepUser = [], dryRun } = values;
    if (olderThan === undefined && maxSize === undefined) {
      throw new RecError("REC_USAGE", { what: "prune needs --older-than, --max-size, or both" });
    }
    const nowMs = Date.now();
    const beforeMs = olderThan === undefined ? undefined : nowMs - olderThan;
    let isDone = true;
    for (const path of foldersOf(context, values)) {
      const folder = await RetainedFolder.open(path, nowMs);
      try {
        const { leaving, over } = folder.choose({ beforeMs, maxBytes: maxSize, keptUsers: keepUser });
        const outcome = await removeAll(context, folder, leaving, dryRun);
        isDone &&= outcome.failed === 0 && over === 0;
        const running = folder.recordings.filter(({ why }) => why !== null).length;
        context.tell(`${path}: ${summary(outcome, { over, running, isDry: dryRun })}`);
      } finally {
        folder.close();
      }
    }
    if (!dryRun) await forgetRemoved(context);
    return isDone ? 0 : 1;
  },
});

interface Rest {
  /** Bytes that are too many. */
  readonly over: number;
  readonly running: number;
  readonly isDry: boolean;
}

function summary({ removed, removedBytes, failed }: Removal, { over, running, isDry }: Rest): string {
  const parts = [`${removed} ${isDry ? "would be removed" : "removed"} (${formatBytes(removedBytes)})`];
  if (failed > 0) parts.push(`${failed} could not be`);
  if (running > 0) parts.push(`${running} left, as they run or may`);
  if (over > 0) parts.push(`still ${formatBytes(over)} too large`);
  return parts.join(", ");
}
