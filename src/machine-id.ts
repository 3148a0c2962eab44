/** This host's id: machine-id(5), as in journald's _MACHINE_ID. */
import { readFileSync } from "node:fs";

/** "" where it has none. */
export function machineId(): string {
  try {
    return readFileSync("/etc/machine-id", "latin1").trim();
  } catch {
    return "";
  }
}
