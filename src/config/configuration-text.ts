/** The output of --configuration. */
import { printableJson } from "../printable.ts";
import type { ProgramName, Value } from "./option.ts";
import { optionsOf } from "./options.ts";

interface Section {
  [key: string]: Section | Value | null;
}

/** The settings as JSON that a configuration file may hold; null where nothing is set. */
export function configurationText(program: ProgramName, settings: Readonly<Record<string, Value | undefined>>): string {
  const root: Section = {};
  for (const { path, file } of optionsOf(program)) {
    if (!file.includes(program)) continue;
    const keys = path.split(".");
    const last = keys.pop() as string;
    let section = root;
    for (const key of keys) {
      section[key] ??= {};
      section = section[key] as Section;
    }
    section[last] = settings[path] ?? null;
  }
  return `${printableJson(JSON.stringify(root, null, 2))}\n`;
}
