/** The list of recordings as people and programs read it. */
import { printable, printableJson } from "../printable.ts";
import { formatDate } from "./date.ts";
import type { Recording } from "./recording.ts";

const titles = ["ID", "USER", "HOST", "START", "DURATION", "SIZE", "STATE", "COMMAND OR TTY"] as const;

/** Columns under their titles, safe to print; the last is as long as it is. */
export function recordingTable(recordings: readonly Recording[]): string {
  const rows = [titles, ...recordings.map(row)];
  // Not Math.max(...): a list may be longer than a call may have arguments.
  const widths = titles.map((_, column) =>
    rows.reduce((width, cells) => Math.max(width, cells[column]?.length ?? 0), 0),
  );
  return rows
    .map(
      (cells) =>
        `${cells
          .map((cell, i) => cell.padEnd(widths[i] as number))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("");
}

function row({ rec, user, host, startedMs, durationMs, bytes, state, command, tty }: Recording): string[] {
  const cells = [
    rec,
    user,
    host,
    startedMs === null ? "-" : formatDate(startedMs),
    durationMs === null ? "-" : formatDuration(durationMs),
    bytes === null ? "-" : formatBytes(bytes),
    state,
    command ?? tty ?? "-",
  ];
  return cells.map((cell) => printable(cell) || "-");
}

/** One JSON object a line; times in milliseconds. */
export function recordingLines(recordings: readonly Recording[]): string {
  return recordings
    .map(({ rec, user, host, startedMs, durationMs, bytes, tty, command, state, source }) => {
      const record = { rec, user, host, start: startedMs, duration: durationMs, bytes, tty, command, state, source };
      return `${printableJson(JSON.stringify(record))}\n`;
    })
    .join("");
}

/** H:MM:SS */
function formatDuration(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes}`;
  const power = Math.min(4, Math.floor(Math.log10(bytes) / 3));
  return `${(bytes / 1000 ** power).toFixed(1)}${"kMGT"[power - 1]}`;
}
