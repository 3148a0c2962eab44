/** Where recordings are kept: apart from the rest of the catalog, since recorders start with it. */
import { join } from "node:path";

/** Where installed recorders keep login sessions: root:rec 3770, so that only they may write there and only root may read. */
export const siteFolder = "/var/log/rec-session";

/** The same for who may read it, by a program that is installed as they are. */
export function readableSiteFolder(isInstalled: boolean): string | null {
  return isInstalled && process.geteuid?.() === 0 ? siteFolder : null;
}

/** Where recordings are when nobody says otherwise; null without a home. */
export function recordingsFolder(env: (name: string) => string | undefined): string | null {
  const dataHome = env("XDG_DATA_HOME");
  // XDG base directory specification: relative paths are to be ignored; so is a home that is relative.
  if (dataHome?.startsWith("/")) return join(dataHome, "rec-session");
  const home = env("HOME");
  return home?.startsWith("/") ? join(home, ".local/share/rec-session") : null;
}
