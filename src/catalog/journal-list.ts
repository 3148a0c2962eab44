/** The list of a journal's recordings, from the first and last entry of each. */
import { Names } from "./attribution.ts";
import { firstMessage, type IndexEntry, isRecordingId, type JournalIndex, maxIdLength } from "./journal.ts";
import { addHead, type Found, fields, headOf, senderOf, text, timeOf, trustedOf, userOf } from "./journal-head.ts";
import { PerSender } from "./per-sender.ts";
import { accepts, admits, type Filter, newestFirst, type Recording, stateOf } from "./recording.ts";

/** How many journalctl run at a time, and how many recordings are asked for one by one. */
const atOnce = 4;
const maxAsked = 500;
/** Of one user so many recordings are listed, and ends kept: anyone may file a hundred thousand, each of which takes 2 KB. */
const maxOfUser = 20_000;
/** Of one user so many recordings without an end are asked how long they took. */
const maxLastsOfUser = 2000;
/** So many recordings without a beginning are looked for among those of the recorders. */
const maxMissing = 20_000;
/** How many recordings are asked for at once, and how many of their newest entries are looked at. */
const batchLength = 50;
const batchEntries = 1000;

interface End {
  /** Null where the entry tells no such number: anyone may have written it. */
  readonly durationMs: number | null;
  readonly bytes: number | null;
}

/** Newest first. A recording whose first message is missing is not found when a user or times are asked for. */
export async function listJournal(journal: JournalIndex, filter: Filter): Promise<Recording[]> {
  const names = new Names();
  const { heads, ends } = await readIndex(journal, filter, names);
  const cut: string[] = [];
  if (filter.user === undefined && filter.sinceMs === undefined && filter.untilMs === undefined) {
    cut.push(...(await addHeadless(journal, heads, names)));
  }
  for (const [uid, count] of heads.omitted) {
    cut.push(`uid ${uid} filed ${count} more recordings: only his newest ${maxOfUser} are listed`);
  }
  for (const sentence of cut) filter.notice?.(`${journal.name}: ${sentence}`);
  const all = heads.values().filter((head) => admits(filter, head));
  all.sort((a, b) => b.startedMs - a.startedMs);
  // What the filter accepts is known only of the whole.
  const listed = filter.accepts === undefined ? all.slice(0, filter.limit) : all;
  const unended = new PerSender<string>(maxLastsOfUser);
  // The newest are asked last, and stay.
  for (const head of listed.toReversed()) {
    if (endOf(head, ends) === undefined) unended.set(head.rec, head.rec, userOf(head.trusted, names));
  }
  const lasts = await lastTimes(journal, unended.values());
  names.prepare(listed.map(({ trusted }) => trusted));
  const found = listed.map((head) =>
    recordingOf(
      head,
      endOf(head, ends),
      lasts.get(head.rec),
      names.attribute(head, head.trusted)?.by ?? null,
      journal.name,
    ),
  );
  return newestFirst(found.filter((recording) => accepts(filter, recording))).slice(0, filter.limit);
}

/** When the last entry of each came. Of many at once first; then one by one of those that the newest entries do not reach. */
async function lastTimes(journal: JournalIndex, recs: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const lasts = new Map<string, number>();
  const ask = async (batch: readonly string[], limit: number): Promise<void> => {
    const rest = new Set(batch);
    const matches = batch.map((rec) => `TLOG_REC=${rec}`);
    for await (const entry of journal.entries({ matches, fields: ["TLOG_REC"], isReversed: true, limit })) {
      const rec = text(entry, "TLOG_REC");
      if (rest.delete(rec)) lasts.set(rec, timeOf(entry));
      if (rest.size === 0) break;
    }
  };
  await inParallel(batchesOf(recs), async (batch) => await ask(batch, batchEntries));
  const rest = recs.filter((rec) => !lasts.has(rec)).slice(0, maxAsked);
  await inParallel(rest, async (rec) => await ask([rec], 1));
  return lasts;
}

/** One pass over the entries that begin or end a recording. */
async function readIndex(
  journal: JournalIndex,
  { user, wantsCwd }: Filter,
  names: Names,
): Promise<{ heads: PerSender<Found>; ends: PerSender<End> }> {
  const heads = new PerSender<Found>(maxOfUser);
  // By sender too: who floods a recording with ends of his own must not push out the true one.
  const ends = new PerSender<End>(maxOfUser);
  const also = user === undefined ? [] : [`TLOG_USER=${user}`];
  const matches = [firstMessage, ...also, "+", "REC_EVENT=end", ...also];
  const wanted = wantsCwd === true ? { fields: [...fields, "MESSAGE"], isWhole: true } : { fields };
  for await (const entry of journal.entries({ matches, ...wanted })) {
    if (text(entry, "TLOG_ID") === "1") addHead(heads, headOf(entry), names);
    if (text(entry, "REC_EVENT") !== "end") continue;
    const rec = text(entry, "TLOG_REC");
    const end = {
      durationMs: numberOf(entry, "REC_DURATION"),
      bytes: numberOf(entry, "REC_OUT_BYTES"),
    };
    ends.set(`${rec} ${senderOf(entry)}`, end, userOf(trustedOf(entry), names));
  }
  return { heads, ends };
}

/** The recordings whose first message never came, by the earliest that did; the result tells in sentences what was not looked at. */
async function addHeadless(journal: JournalIndex, heads: PerSender<Found>, names: Names): Promise<string[]> {
  const missing: string[] = [];
  let isAll = true;
  for await (const rec of journal.values("TLOG_REC", maxIdLength)) {
    if (!isRecordingId(rec) || heads.knows(rec)) continue;
    isAll = missing.length < maxMissing;
    if (!isAll) break;
    missing.push(rec);
  }
  // Anyone may file entries under any number of ids: they must not keep those of the recorders from being found.
  if (missing.length > maxAsked) await addRecorders(journal, missing, heads, names);
  const rest = missing.filter((rec) => heads.get(rec) === undefined);
  await inParallel(rest.slice(0, maxAsked), async (rec) => {
    for await (const entry of journal.entries({ matches: [`TLOG_REC=${rec}`], fields })) {
      addHead(heads, headOf(entry), names);
      break;
    }
  });
  const left = rest.length - maxAsked;
  if (isAll && left <= 0) return [];
  return [`${isAll ? left : `${left} and more`} recordings without their beginning are not listed`];
}

/** Of many ids at once, those that installed recorders wrote. */
async function addRecorders(
  journal: JournalIndex,
  recs: readonly string[],
  heads: PerSender<Found>,
  names: Names,
): Promise<void> {
  const { recordersHere: group } = names;
  if (group === null) return;
  await inParallel(batchesOf(recs), async (batch) => {
    // Whoever has more entries than that may keep others of his batch from being seen: then each is asked for.
    let count = 0;
    const matches = [...batch.map((rec) => `TLOG_REC=${rec}`), `_GID=${group}`];
    for await (const entry of journal.entries({ matches, fields, limit: batchEntries })) {
      count++;
      addHead(heads, headOf(entry), names);
    }
    if (count < batchEntries) return;
    for (const rec of batch.filter((one) => heads.get(one) === undefined)) {
      const one = [`TLOG_REC=${rec}`, `_GID=${group}`];
      for await (const entry of journal.entries({ matches: one, fields, limit: 1 }))
        addHead(heads, headOf(entry), names);
    }
  });
}

function batchesOf(recs: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(recs.length / batchLength) }, (_, index) =>
    recs.slice(index * batchLength, (index + 1) * batchLength),
  );
}

async function inParallel<Item>(items: readonly Item[], act: (item: Item) => Promise<void>): Promise<void> {
  const rest = items[Symbol.iterator]();
  const work = async (): Promise<void> => {
    for (const item of rest) await act(item);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}

/** Anyone may write an end: it counts if who wrote the beginning wrote it. */
function endOf({ rec, sender }: Found, ends: PerSender<End>): End | undefined {
  return ends.get(`${rec} ${sender}`);
}

function recordingOf(
  head: Found,
  end: End | undefined,
  lastMs: number | undefined,
  by: string | null,
  source: string,
): Recording {
  const { rec, user, host, startedMs, isOwn, tty, command, cwd } = head;
  const durationMs = end?.durationMs ?? (lastMs === undefined ? null : Math.max(0, lastMs - startedMs));
  const state = stateOf(rec, end !== undefined, isOwn);
  return { rec, user, host, startedMs, durationMs, bytes: end?.bytes ?? null, tty, command, cwd, state, by, source };
}

function numberOf(entry: IndexEntry, name: string): number | null {
  const digits = text(entry, name);
  return /^\d+$/.test(digits) && Number.isSafeInteger(Number(digits)) ? Number(digits) : null;
}
