/** Moments of a recording, as people write and read them. */
import { twoDigits } from "../two-digits.ts";

/** [[H:]M:]S[.frac], each part possibly empty, as tlog-play reads it. */
const pattern = /^(?:(?:(\d*):)?(\d*):)?(\d*)(?:\.(\d{0,9}))?$/;

/** The moment in milliseconds, Infinity for "end"; null for what is no moment. */
export function parseMoment(text: string): number | null {
  const word = text.trim().toLowerCase();
  if (word === "start") return 0;
  if (word === "end") return Number.POSITIVE_INFINITY;
  const [whole, hours, minutes, seconds, fraction] = pattern.exec(word) ?? [];
  if (whole === undefined) return null;
  const total = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60 + Number(seconds ?? 0);
  return total * 1000 + Math.trunc(Number(`0.${fraction ?? 0}`) * 1000 + 1e-6);
}

/** The same, or a minus sign before it: so long before the end, which is a negative number. */
export function parsePlace(text: string): number | null {
  const word = text.trim();
  if (!word.startsWith("-")) return parseMoment(word);
  const backMs = parseMoment(word.slice(1));
  if (backMs === null || backMs === Number.POSITIVE_INFINITY) return null;
  return backMs === 0 ? Number.POSITIVE_INFINITY : -backMs;
}

/** H:MM:SS.mmm */
export function formatMoment(atMs: number): string {
  const total = Math.trunc(atMs);
  const minutes = Math.floor(total / 60_000);
  return `${Math.floor(minutes / 60)}:${twoDigits(minutes % 60)}:${twoDigits(Math.floor(total / 1000) % 60)}.${String(total % 1000).padStart(3, "0")}`;
}
