/** Where recordings are kept: apart from the rest of the catalog, since recorders start with it. */
import { join, resolve } from "node:path";

/** Where recordings are when nobody says otherwise; null without a home. */
export function recordingsFolder(env: (name: string) => string | undefined): string | null {
  const dataHome = env("XDG_DATA_HOME");
  // XDG base directory specification: relative paths are to be ignored.
  if (dataHome?.startsWith("/")) return join(dataHome, "rec-session");
  const home = env("HOME");
  return home === undefined || home === "" ? null : join(resolve(home), ".local/share/rec-session");
}
