/** Points in time, as journalctl takes them, where there is no journalctl to ask. */
import { twoDigits } from "../two-digits.ts";

/** In seconds. A map: people type the names, and an object has others than its own. */
const units: ReadonlyMap<string, number> = new Map([
  ["s", 1],
  ["sec", 1],
  ["second", 1],
  ["m", 60],
  ["min", 60],
  ["minute", 60],
  ["h", 3600],
  ["hr", 3600],
  ["hour", 3600],
  ["d", 86_400],
  ["day", 86_400],
  ["w", 604_800],
  ["week", 604_800],
  ["month", 2_629_800],
  ["y", 31_557_600],
  ["year", 31_557_600],
]);
/** From today on. */
const days: ReadonlyMap<string, number> = new Map([
  ["today", 0],
  ["yesterday", -1],
  ["tomorrow", 1],
]);

/** Milliseconds since the epoch; null for what is no time. Times without a zone are local. */
export function parseMomentOfDay(text: string, nowMs: number): number | null {
  const words = text.trim().toLowerCase();
  if (/^@?\d+(\.\d+)?$/.test(words)) return Number(words.replace("@", "")) * 1000;
  if (words === "now") return nowMs;
  const day = days.get(words);
  if (day !== undefined) return midnight(nowMs, day);
  return relative(words, nowMs) ?? absolute(words, nowMs);
}

function midnight(nowMs: number, days: number): number {
  const date = new Date(nowMs);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + days).getTime();
}

/** "-1h", "+2days", "3 weeks ago", "-1h30min". */
function relative(words: string, nowMs: number): number | null {
  const [, sign, spans, ago] = /^([+-]?)\s*((?:\d+\s*[a-z]+\s*)+?)(\s+ago)?$/.exec(words) ?? [];
  if (spans === undefined || (sign === "") === (ago === undefined)) return null;
  const ms = parseDuration(spans);
  return ms === null ? null : nowMs + (sign === "+" ? ms : -ms);
}

/** Milliseconds of "90" (seconds), "1h30min", "2 weeks"; null for what is no duration. */
export function parseDuration(text: string): number | null {
  const words = text.trim().toLowerCase();
  if (/^\d+(\.\d+)?$/.test(words)) return Number(words) * 1000;
  if (!/^(\d+\s*[a-z]+\s*)+$/.test(words)) return null;
  let seconds = 0;
  for (const [, count, name = ""] of words.matchAll(/(\d+)\s*([a-z]+)/g)) {
    const unit = units.get(name) ?? units.get(name.replace(/s$/, ""));
    if (unit === undefined) return null;
    seconds += Number(count) * unit;
  }
  return seconds * 1000;
}

/** "2026-11-21", "2026-11-21 10:00", "2026-11-21T10:00:30Z", "10:00" of today. */
function absolute(words: string, nowMs: number): number | null {
  const [, date, hours, zone = ""] =
    /^(\d{4}-\d\d-\d\d)?(?:[t ]?(\d\d:\d\d(?::\d\d(?:\.\d+)?)?))?\s*(z|utc|[+-]\d\d:?\d\d)?$/.exec(words) ?? [];
  if (date === undefined && hours === undefined) return null;
  const now = new Date(nowMs);
  const day = date ?? `${now.getFullYear()}-${twoDigits(now.getMonth() + 1)}-${twoDigits(now.getDate())}`;
  // Date.parse takes a 30th of February for the 2nd of March.
  if (new Date(`${day}T00:00Z`).toJSON()?.startsWith(day) !== true) return null;
  const ms = Date.parse(`${day}T${hours ?? "00:00"}${zone === "utc" ? "Z" : zone.toUpperCase()}`);
  return Number.isNaN(ms) ? null : ms;
}
