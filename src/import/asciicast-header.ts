/** The header of an asciicast, of any version. */
import { type ImportHead, sizeOf, startTimeOf, textOf, unknownHead } from "./item.ts";

type Fields = { readonly [name: string]: unknown };

/** Null for what is no JSON; JSON's null is no value either. */
export function parseJson(text: string): NonNullable<unknown> | null {
  try {
    return JSON.parse(text) as NonNullable<unknown> | null;
  } catch {
    return null;
  }
}

export function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

/** Null for what is no header of a version that is known. */
export function headOf(value: unknown): ImportHead | null {
  const fields = fieldsOf(value);
  const { version, timestamp } = fields;
  if (version !== 1 && version !== 2 && version !== 3) return null;
  // Version 3 puts what is the terminal's into an object of its own.
  const terminal = fieldsOf(fields["term"]);
  const [columns, rows] = version === 3 ? [terminal["cols"], terminal["rows"]] : [fields["width"], fields["height"]];
  const command = textOf(fields["command"]);
  return {
    ...unknownHead,
    format: `asciicast v${version}`,
    startedMs: startTimeOf(typeof timestamp === "number" ? timestamp * 1000 : null),
    term: textOf(terminal["type"]) ?? textOf(fieldsOf(fields["env"])["TERM"]),
    columns: sizeOf(columns),
    rows: sizeOf(rows),
    command: command === null ? null : [command],
    title: textOf(fields["title"]),
  };
}
