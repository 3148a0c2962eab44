/** /etc/nsswitch.conf: SSSD must be asked for users and groups before the files, or nobody gets the recorder as his shell. */
import { RecError } from "../errors.ts";

export const nsswitchFile = "/etc/nsswitch.conf";
/** The file as it was before our first change. */
export const nsswitchBackup = "/etc/nsswitch.conf.before-rec-session";

const databases = ["passwd", "group"] as const;

/** A line of a database: everything before its sources, the sources and actions, everything after. nsswitch.conf(5) */
const line = /^(\s*(\w+)\s*:[ \t]*)([^#\n]*?)(\s*(?:#.*)?)$/;

/** The same file with sss before all other sources of passwd and group; other sources, comments and blanks stay. Throws REC_SITE_REFUSED. */
export function withSssFirst(text: string): string {
  const found = new Set<string>();
  const lines = text.split("\n").map((whole) => {
    const [, head = "", database = "", sources = "", tail = ""] = line.exec(whole) ?? [];
    if (!isOurs(database)) return whole;
    found.add(database);
    const moved = sssFirst(database, words(sources)).join(" ");
    return moved === words(sources).join(" ") ? whole : `${head}${moved}${tail}`;
  });
  const missing = databases.filter((database) => !found.has(database)).map((database) => `${database}: sss files`);
  if (missing.length === 0) return lines.join("\n");
  // The last line ends with a line feed, after which nothing stands.
  const end = lines.at(-1) === "" ? lines.slice(0, -1) : lines;
  return [...end, ...missing, ""].join("\n");
}

/** The sources of a database in the order they are asked, actions among them; undefined where it has no line. */
export function sourcesOf(text: string, database: string): string[] | undefined {
  let sources: string[] | undefined;
  for (const whole of text.split("\n")) {
    const found = line.exec(whole);
    if (found?.[2] === database) sources = words(found[3] ?? "");
  }
  return sources;
}

/** Our change taken back: the file of before where nothing else has changed since, else its lines of passwd and group. */
export function withoutSssFirst(text: string, before: string): string {
  if (withSssFirst(before) === text) return before;
  const ofBefore = new Map<string, string>();
  for (const whole of before.split("\n")) {
    const database = line.exec(whole)?.[2] ?? "";
    if (isOurs(database)) ofBefore.set(database, whole);
  }
  const restored = text.split("\n").map((whole) => ofBefore.get(line.exec(whole)?.[2] ?? "") ?? whole);
  return restored.join("\n");
}

function sssFirst(database: string, sources: readonly string[]): readonly string[] {
  const at = sources.indexOf("sss");
  if (at === 0) return sources;
  if (at !== -1 && sources[at + 1]?.startsWith("[") === true) {
    throw new RecError("REC_SITE_REFUSED", {
      what: `change ${nsswitchFile}`,
      why: `its line ${database} has an action after sss: what it would mean in front nobody can tell`,
      cure: "put sss first yourself",
    });
  }
  return ["sss", ...sources.filter((source) => source !== "sss")];
}

function isOurs(database: string): boolean {
  return (databases as readonly string[]).includes(database);
}

/** An action is one word, whatever blanks are in its brackets. */
function words(sources: string): string[] {
  return sources.match(/\[[^\]]*\]|[^\s[]+/g) ?? [];
}
