/** SSSD's configuration files, as far as we ask: sections of keys. */

export type Sections = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** A later value takes the place of an earlier one. What is no section, key or comment is passed over: SSSD itself judges its files. */
export function parseIni(text: string): Sections {
  const sections = new Map<string, Map<string, string>>();
  let section: Map<string, string> | undefined;
  for (const line of text.split("\n")) {
    if (/^\s*[#;]/.test(line)) continue;
    const name = /^\s*\[\s*([^\]]*?)\s*\]/.exec(line)?.[1];
    if (name !== undefined) {
      section = sections.get(name) ?? new Map();
      sections.set(name, section);
      continue;
    }
    const [, key = "", value = ""] = /^([^=\s][^=]*?)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (key !== "") section?.set(key, value);
  }
  return sections;
}

/** A value that is a list, by commas. */
export function listOf(value: string | undefined): string[] {
  return (value ?? "")
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

export function isTrue(value: string | undefined): boolean {
  return value?.toLowerCase() === "true";
}
