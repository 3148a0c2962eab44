/** Journal export format: a message as an entry, for media that have none. */
import type { Message } from "../format/message.ts";
import { parseMessage } from "../format/parse-message.ts";

/**
 * The entry of a message's line, with the line that ends it; `trusted` is what is known of its sender. Throws a RecError for what
 * is no message.
 */
export function journalEntry(line: string, trusted: Readonly<Record<string, string | undefined>>): Buffer {
  const message = parseMessage(line);
  const own = Object.entries(trusted).flatMap(([name, value]) => (value === undefined ? [] : [field(name, value)]));
  return Buffer.concat([
    ...times(message, trusted),
    ...own,
    ...indexed(message),
    field("MESSAGE", line),
    Buffer.from("\n"),
  ]);
}

/** systemd-journal-remote refuses an entry without them; the message knows its wall clock, and its id the boot. */
function times({ rec, posMs, timeMs }: Message, trusted: Readonly<Record<string, string | undefined>>): Buffer[] {
  const boot = /^[0-9a-f]{32}(?=-)/.exec(rec)?.[0];
  return [
    field("__REALTIME_TIMESTAMP", String(Math.max(1, Math.round((timeMs ?? posMs) * 1000)))),
    field("__MONOTONIC_TIMESTAMP", String(Math.max(1, posMs * 1000))),
    ...(boot === undefined || trusted["_BOOT_ID"] !== undefined ? [] : [field("_BOOT_ID", boot)]),
  ];
}

function indexed({ rec, user, session, id }: Message): Buffer[] {
  return [
    field("TLOG_REC", rec),
    field("TLOG_USER", user),
    field("TLOG_SESSION", String(session)),
    field("TLOG_ID", String(id)),
  ];
}

/** Control characters would end the value or the entry: such a value is given with its length. */
function field(name: string, value: string): Buffer {
  const bytes = Buffer.from(value);
  // https://systemd.io/JOURNAL_EXPORT_FORMATS: only printable UTF-8 and tabs may stand after "=".
  if (!/[\u0000-\u0008\u000a-\u001f\u007f]/.test(value))
    return Buffer.concat([Buffer.from(`${name}=`), bytes, Buffer.from("\n")]);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(bytes.length));
  return Buffer.concat([Buffer.from(`${name}\n`), length, bytes, Buffer.from("\n")]);
}
