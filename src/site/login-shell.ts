/** Links to the recorder whose name is the user's real shell: a login shell that needs no SSSD. */

/** Owned by root, and readable by all: it holds login shells. */
export const shellFolder = "/var/lib/rec-session/shell";
const recorder = "rec-session";

/** The link for a shell, by tlog's rule: after "-shell" a slash is a dash, and a backslash keeps a dash or a backslash. */
export function shellLink(shell: string): string {
  const name = shell.replace(/[\\-]/g, "\\$&").replaceAll("/", "-");
  return `${shellFolder}/${recorder}-shell${name}`;
}

export function isShellLink(shell: string): boolean {
  return shell.startsWith(`${shellFolder}/${recorder}-shell-`);
}

/** Who has which shell instead of the recorder, as the file remembers it. */
export type FormerShells = Readonly<Record<string, string>>;

/** The shells that recctl disable gives back. */
export const formerShellsFile = "/var/lib/rec-session/shells.json";

export function formatFormerShells(shells: FormerShells): string {
  return `${JSON.stringify(Object.fromEntries(Object.entries(shells).sort()), null, 2)}\n`;
}

/** Undefined where the text is none that we wrote. */
export function parseFormerShells(text: string): FormerShells | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof json !== "object" || json === null || Array.isArray(json)) return undefined;
  const entries = Object.entries(json);
  return entries.every(([, shell]) => typeof shell === "string") ? Object.fromEntries(entries) : undefined;
}
