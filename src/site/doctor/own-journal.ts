/** Whether recorders alone may write to the journal that is to be theirs. */
import { pending } from "../change.ts";
import type { Host } from "../host.ts";
import { isOwnJournalSet, ownJournalChange, ownJournalIll } from "../own-journal.ts";
import { type Finding, orUnseen, problem, well } from "./finding.ts";

/** Nothing where none was asked for. */
export async function ownJournalFindings(host: Host): Promise<Finding[]> {
  return await orUnseen("the recordings' own journal", async () => {
    if (!isOwnJournalSet(host)) return [];
    const cure = "recctl enable --own-journal";
    const changed = pending(host, ownJournalChange(true)).files.map(({ path }) => path);
    const ill = await ownJournalIll(host);
    return [
      ...(ill === undefined
        ? [well("the recordings' own journal listens, to recorders alone")]
        : [problem(`the recordings' own journal is not recorders' alone to write to: ${ill}`, cure)]),
      ...(changed.length === 0
        ? []
        : [problem(`what sets the recordings' own journal up has changed: ${changed.join(", ")}`, cure)]),
    ];
  });
}
