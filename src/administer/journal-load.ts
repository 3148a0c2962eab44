/** What recorders sent to the journal in the last day, for the doctor. */

import { journalIndex } from "../named-journal.ts";
import type { JournalLoad } from "../site/doctor/journal-load.ts";

const matches = ["rec-session", "tlog-rec-session", "-tlog-rec-session"].map((name) => `SYSLOG_IDENTIFIER=${name}`);
/** Some seconds of reading. */
const maxEntries = 200_000;
/** Bytes that an entry has beside the message that it brings. */
const entryBytes = 500;

/** `namespace`: of the journal that recorders write to. Throws REC_JOURNAL_READ. */
export async function loadOfLastDay(namespace: string | undefined): Promise<JournalLoad> {
  const journal = journalIndex({ namespace, since: "-1day" });
  const entriesBySecond = new Map<string, number>();
  let count = 0;
  let bytes = 0;
  const fields = ["_SYSTEMD_UNIT", "REC_OUT_BYTES"];
  for await (const entry of journal.entries({ matches, fields, isReversed: true, limit: maxEntries })) {
    const text = (name: string): string => entry.value(name) ?? "";
    const key = `${text("_SYSTEMD_UNIT")} ${Math.floor(Number(text("__REALTIME_TIMESTAMP")) / 1e6)}`;
    entriesBySecond.set(key, (entriesBySecond.get(key) ?? 0) + 1);
    const shown = Number(text("REC_OUT_BYTES"));
    // Anyone may write such an entry.
    bytes += entryBytes + (Number.isFinite(shown) && shown > 0 ? shown : 0);
    count++;
  }
  return { entriesBySecond, bytes, isCut: count === maxEntries };
}
