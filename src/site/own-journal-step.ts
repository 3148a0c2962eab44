/** What enabling and disabling do about the journal of the recordings' own. */
import { type Change, isEmpty, pending, unchanged } from "./change.ts";
import type { Host } from "./host.ts";
import { isOwnJournalSet, ownJournalChange, ownJournalIll, ownJournalSocket } from "./own-journal.ts";
import { isActive } from "./service.ts";

export interface OwnJournalStep {
  readonly change: Change;
  /** Whether it listens afterwards. */
  readonly isActive: boolean;
  /** Why recorders cannot write there, where they are to. */
  works(): Promise<string | undefined>;
  /** For people; undefined where nothing is done. */
  readonly told: string | undefined;
}

/** Who enables without asking for it leaves it as it is; where nobody is recorded any more it is taken back. */
export async function ownJournalStep(host: Host, isWanted: boolean, isAnyone: boolean): Promise<OwnJournalStep> {
  const nothing: OwnJournalStep = { change: unchanged, isActive: true, works: async () => undefined, told: undefined };
  if (isWanted) {
    const change = pending(host, ownJournalChange(true));
    const isSoAlready = isEmpty(change) && (await ownJournalIll(host)) === undefined;
    const works = async (): Promise<string | undefined> => await ownJournalIll(host);
    const told = "recordings go to a journal of their own: journalctl --namespace=rec-session";
    return { change: isSoAlready ? unchanged : change, isActive: true, works, told };
  }
  if (isAnyone || !isOwnJournalSet(host)) return nothing;
  return {
    ...nothing,
    change: pending(host, ownJournalChange(false)),
    // Sessions that run go on.
    isActive: await isActive(host, ownJournalSocket),
    told: "recordings that come go to the system's journal; those of the journal of their own stay, and are found",
  };
}
