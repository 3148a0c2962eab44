/** Recordings of tlog's format, ours too: what was decoded, to be encoded again as an import. */
import type { HeadItem, Item } from "../format/item.ts";
import { type ImportHead, type ImportItem, startTimeOf } from "./item.ts";

export async function* importItems(batches: AsyncIterable<Iterable<Item>>): AsyncGenerator<ImportItem> {
  let isOwn = false;
  // Held until the next item, which tells the size where there is one.
  let head: ImportHead | null = null;
  for await (const batch of batches) {
    for (const item of batch) {
      if (item.kind === "head") {
        isOwn = item.start !== null;
        head = headOf(item);
        continue;
      }
      if (head !== null) yield item.kind === "window" ? { ...head, columns: item.columns, rows: item.rows } : head;
      head = null;
      yield* importOf(item, isOwn);
    }
  }
}

function* importOf(item: Exclude<Item, HeadItem>, isOwn: boolean): Generator<ImportItem> {
  switch (item.kind) {
    case "gap": {
      const which =
        item.fromId === item.toId ? `message ${item.fromId} is` : `messages ${item.fromId} to ${item.toId} are`;
      yield { kind: "bad", place: `second ${(item.fromMs / 1000).toFixed(3)}`, reason: `${which} missing` };
      break;
    }
    case "unended":
      // tlog never tells an end, so its absence means nothing there.
      if (isOwn) yield { kind: "bad", place: `message ${item.lastId}`, reason: "the recording stops without its end" };
      break;
    default:
      yield item;
  }
}

function headOf({ host, rec, user, term, session, startedMs, start }: HeadItem): ImportHead {
  const earlier = start?.import;
  const format = earlier === undefined ? "tlog" : `tlog (imported before from ${earlier.format}, ${earlier.file})`;
  return {
    kind: "head",
    format,
    startedMs: startTimeOf(startedMs),
    user: user === "" ? null : user,
    host: host === "" ? null : host,
    term: term === "" ? null : term,
    session,
    columns: null,
    rows: null,
    command: start === null || start.command.length === 0 ? null : start.command,
    cwd: start?.cwd || null,
    tty: start?.tty ?? null,
    peer: start?.peer ?? null,
    id: earlier?.id ?? (rec === "" ? null : rec),
    title: earlier?.title ?? null,
  };
}
