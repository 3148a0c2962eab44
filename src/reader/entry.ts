/** A journal entry as a message line: its MESSAGE, and what journald says of who sent it. */
import { type Origin, type SourceLine, type TrustedName, trustedNames } from "./reader.ts";

/** What is needed of an entry; without its other fields journalctl has less to say. */
export const entryFields: readonly string[] = ["MESSAGE", "TLOG_REC", "SYSLOG_IDENTIFIER", ...trustedNames];

/** `value` gives a field's first value; null for one that the medium left out because of its size. */
export function lineOfEntry(value: (name: string) => string | null | undefined, place: string): SourceLine {
  const text = value("MESSAGE");
  const origin = originOf(value);
  if (typeof text === "string") return { text, place, isWhole: true, origin };
  const trouble = text === null ? "its message was left out as too large: use 'journalctl --all'" : "it has no MESSAGE";
  return { text: "", place, isWhole: true, trouble, origin };
}

function originOf(value: (name: string) => string | null | undefined): Origin {
  const trusted: Partial<Record<TrustedName, string>> = {};
  for (const name of trustedNames) {
    const found = value(name);
    if (typeof found === "string") trusted[name] = found;
  }
  return {
    rec: value("TLOG_REC") ?? undefined,
    identifier: value("SYSLOG_IDENTIFIER") ?? undefined,
    atMs: Number(value("__REALTIME_TIMESTAMP") ?? Number.NaN) / 1000,
    trusted,
  };
}
