/** Types of options that only administrators need: moments, durations, sizes, counts. */
import { parseDuration, parseMomentOfDay } from "../catalog/moment.ts";

/** A point in time, milliseconds since the epoch. */
export const moment = {
  kind: "parsed",
  expected: "a time, such as yesterday, -1h, 2026-11-21 10:00",
  parse: (text: string): number | undefined => parseMomentOfDay(text, Date.now()) ?? undefined,
} as const;

/** A number from 1. */
export const count = {
  kind: "parsed",
  expected: "a number from 1",
  parse: (text: string): number | undefined => (/^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined),
} as const;

/** Milliseconds. */
export const duration = {
  kind: "parsed",
  expected: "a duration, such as 90, 15min, 1h30min, 90d",
  parse: (text: string): number | undefined => parseDuration(text) ?? undefined,
} as const;

const powers = ["", "k", "m", "g", "t"];

/** Bytes. */
export const size = {
  kind: "parsed",
  expected: "a size, such as 500M or 10G (powers of 1024, as in journald.conf)",
  parse(text: string): number | undefined {
    const [, number, unit = ""] = /^(\d+(?:\.\d+)?)([kmgt]?)(?:i?b)?$/i.exec(text) ?? [];
    return number === undefined ? undefined : Math.round(Number(number) * 1024 ** powers.indexOf(unit.toLowerCase()));
  },
} as const;
