/** A line of a syslog file to a message line, if a recorder's message is all that follows its tag. */
import type { SourceLine } from "./reader.ts";

/**
 * Time (RFC 3164 or ISO 8601), host, tag and pid. Only what directly follows the tag counts: other programs log what users
 * gave them, and that may look like a message.
 */
const header =
  /^(?:<\d{1,3}>)?(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\d[T ]\S+) \S+ [^\s:[\]]+(?:\[\d+\])?: ?/;

/** Whether the text is the beginning of a line as syslog daemons write it. */
export function isSyslogLine(text: string): boolean {
  return header.test(text);
}

/** Null for the line of another program. */
export function lineOfSyslog(line: SourceLine): SourceLine | null {
  if (line.trouble !== undefined) return line;
  const from = header.exec(line.text)?.[0].length;
  return from !== undefined && line.text.startsWith('{"ver":', from) ? { ...line, text: line.text.slice(from) } : null;
}
