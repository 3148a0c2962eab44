/** The list of recordings as people and programs read it. */
import { printable, printableJson } from "../printable.ts";
import { twoDigits } from "../two-digits.ts";
import { inColumns } from "./columns.ts";
import { formatDate } from "./date.ts";
import { shortId } from "./name.ts";
import type { Recording } from "./recording.ts";

const columns = [
  { title: "ID" },
  { title: "USER", min: 8, worth: 6 },
  { title: "HOST", min: 8, worth: 1 },
  { title: "START", worth: 8 },
  { title: "DURATION", worth: 4 },
  { title: "SIZE", worth: 2 },
  { title: "STATE", worth: 3 },
  { title: "BY", worth: 5 },
  { title: "COMMAND OR TTY", min: 1, worth: 7 },
] as const;

/** Columns under their titles, safe to print. In a `width` ids are short where that tells one from all others, and what is long is cut. */
export function recordingTable(recordings: readonly Recording[], width: number | null): string {
  const idOf = width === null ? (rec: string) => rec : shortIds(recordings);
  return inColumns(
    columns,
    recordings.map((recording) => row(recording, idOf)),
    width,
  );
}

/** rec-play finds a recording by what comes after the boot, as long as no other has the same. */
function shortIds(recordings: readonly Recording[]): (rec: string) => string {
  const meant = new Map<string, number>();
  for (const rec of new Set(recordings.map((recording) => recording.rec))) {
    meant.set(shortId(rec), (meant.get(shortId(rec)) ?? 0) + 1);
  }
  return (rec) => (meant.get(shortId(rec)) === 1 ? shortId(rec) : rec);
}

function row(recording: Recording, idOf: (rec: string) => string): string[] {
  const { rec, user, host, startedMs, durationMs, bytes, state, by, command, tty } = recording;
  const cells = [
    idOf(rec),
    user,
    host,
    startedMs === null ? "-" : formatDate(startedMs),
    durationMs === null ? "-" : formatDuration(durationMs),
    bytes === null ? "-" : formatBytes(bytes),
    state,
    by ?? "-",
    command ?? tty ?? "-",
  ];
  return cells.map((cell) => printable(cell) || "-");
}

/** One JSON object a line; times in milliseconds. */
export function recordingLines(recordings: readonly Recording[]): string {
  return recordings
    .map(({ rec, user, host, startedMs, durationMs, bytes, tty, command, cwd, state, by, source }) => {
      const times = { start: startedMs, duration: durationMs };
      const record = { rec, user, host, ...times, bytes, tty, command, cwd, state, by, source };
      return `${printableJson(JSON.stringify(record))}\n`;
    })
    .join("");
}

/** H:MM:SS */
function formatDuration(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 3600)}:${twoDigits(Math.floor(seconds / 60) % 60)}:${twoDigits(seconds % 60)}`;
}

/** "999", "1.5k": powers of 1000. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes}`;
  const power = Math.min(4, Math.floor(Math.log10(bytes) / 3));
  return `${(bytes / 1000 ** power).toFixed(1)}${"kMGT"[power - 1]}`;
}
