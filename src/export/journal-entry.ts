/** Journal export format: a message as an entry, for media that have none. */
import type { Message } from "../format/message.ts";
import { parseMessage } from "../format/parse-message.ts";
import { journalField } from "../journal-field.ts";

/**
 * The entry of a message's line, with the line that ends it; `trusted` is what is known of its sender. Throws a RecError for what
 * is no message.
 */
export function journalEntry(line: string, trusted: Readonly<Record<string, string | undefined>>): Buffer {
  const message = parseMessage(line);
  const own = Object.entries(trusted).flatMap(([name, value]) =>
    value === undefined ? [] : [journalField(name, value)],
  );
  return Buffer.concat([
    ...times(message, trusted),
    ...own,
    ...indexed(message),
    journalField("MESSAGE", line),
    Buffer.from("\n"),
  ]);
}

/** systemd-journal-remote refuses an entry without them; the message knows its wall clock, and its id the boot. */
function times({ rec, posMs, timeMs }: Message, trusted: Readonly<Record<string, string | undefined>>): Buffer[] {
  const boot = /^[0-9a-f]{32}(?=-)/.exec(rec)?.[0];
  return [
    journalField("__REALTIME_TIMESTAMP", String(Math.max(1, Math.round((timeMs ?? posMs) * 1000)))),
    journalField("__MONOTONIC_TIMESTAMP", String(Math.max(1, posMs * 1000))),
    ...(boot === undefined || trusted["_BOOT_ID"] !== undefined ? [] : [journalField("_BOOT_ID", boot)]),
  ];
}

function indexed({ rec, user, session, id }: Message): Buffer[] {
  return [
    journalField("TLOG_REC", rec),
    journalField("TLOG_USER", user),
    journalField("TLOG_SESSION", String(session)),
    journalField("TLOG_ID", String(id)),
  ];
}
