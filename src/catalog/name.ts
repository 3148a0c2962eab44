/** The name of a recording's file in a folder: when, who, which. The folder writer makes it, the catalog reads it. */

export interface RecordingName {
  /** Start, milliseconds since the epoch; the name keeps whole seconds. */
  readonly startedMs: number;
  /** Name of the recorded user. */
  readonly user: string;
  /** Id of the recording. */
  readonly rec: string;
}

/** Part of the name's 255 bytes that the user may take; longer names of users are cut in the file's name only. */
const maxUserBytes = 120;
const maxRecBytes = 100;
const pattern = /^(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)Z_(.*)_([^_]+)\.jsonl$/s;

/** `YYYY-MM-DDTHH-MM-SSZ_USER_REC.jsonl`, in UTC; sorts by start. */
export function formatRecordingName(name: RecordingName): string {
  const start = `${new Date(name.startedMs).toISOString().slice(0, 19).replaceAll(":", "-")}Z`;
  return `${start}_${escapeName(name.user, maxUserBytes)}_${escapeName(name.rec, maxRecBytes).replaceAll("_", "%5F")}.jsonl`;
}

/** Null for a file that is named otherwise. */
export function parseRecordingName(file: string): RecordingName | null {
  const [, date, hours, minutes, seconds, user, rec] = pattern.exec(file) ?? [];
  if (date === undefined || user === undefined || rec === undefined) return null;
  const startedMs = Date.parse(`${date}T${hours}:${minutes}:${seconds}Z`);
  if (Number.isNaN(startedMs)) return null;
  return { startedMs, user: unescapeName(user), rec: unescapeName(rec) };
}

/** Bytes that could mean something to a shell, a path or a terminal become %HH. */
function escapeName(text: string, maxBytes: number): string {
  let escaped = "";
  for (const byte of Buffer.from(text)) {
    const character = String.fromCharCode(byte);
    const safe = /[A-Za-z0-9._@+-]/.test(character)
      ? character
      : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
    if (escaped.length + safe.length > maxBytes) break;
    escaped += safe;
  }
  return escaped;
}

function unescapeName(text: string): string {
  if (!text.includes("%")) return text;
  return Buffer.from(
    text.replace(/%([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    "latin1",
  ).toString();
}

/** The part of an id that tells recordings of one boot apart: enough for a person to type. */
export function shortId(rec: string): string {
  return rec.slice(rec.indexOf("-") + 1);
}
