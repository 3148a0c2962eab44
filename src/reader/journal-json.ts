/** `journalctl -o json`: one line of it to a message line. */
import { lineOfEntry } from "./entry.ts";
import type { SourceLine } from "./reader.ts";

/** What is no entry is told in its place. */
export function lineOfJournalJson(line: SourceLine): SourceLine | null {
  if (line.trouble !== undefined) return line;
  if (line.text.trim() === "") return null;
  const value = valuesOfJournalJson(line.text);
  if (value !== null) return lineOfEntry(value, line.place);
  return {
    text: "",
    place: line.place,
    isWhole: line.isWhole,
    trouble: line.isWhole ? "not a JSON object" : "the line is not whole",
  };
}

/** The first value of each field of an entry, null for one that was left out as too large; null for what is no entry. */
export function valuesOfJournalJson(text: string): ((name: string) => string | null | undefined) | null {
  const fields = parseObject(text);
  return fields === null ? null : (name) => firstValue(fields[name]);
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

/** Bytes come as an array of numbers, several values of one field as an array of values, what is too large as null. */
function firstValue(value: unknown): string | null | undefined {
  if (typeof value === "string" || value === null) return value;
  if (!Array.isArray(value) || value.length === 0) return undefined;
  return typeof value[0] === "number" ? Buffer.from(value as number[]).toString() : firstValue(value[0]);
}
