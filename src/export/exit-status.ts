/** The end of a program as one number. */
import { constants } from "node:os";
import type { EndItem } from "../format/item.ts";

/** The exit status, 128 + n as a shell says it where signal n ended the program; null where neither is told. */
export function exitStatus({ exit, signal }: EndItem): number | null {
  if (exit !== null) return exit;
  const number = signal === null ? undefined : (constants.signals as Readonly<Record<string, number>>)[signal];
  return number === undefined ? null : 128 + number;
}
