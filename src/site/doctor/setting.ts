/** The command that gives one option of the configuration another value: only where it changes that, and nothing else. */
import type { Host } from "../host.ts";
import { type Cure, decide } from "./finding.ts";
import { type Line, placeOf, replacing } from "./line.ts";
import type { Configuration, RecorderSettings } from "./settings.ts";

/** A value of one line, as far as the options need it. */
const value = `"[^"]*"|'[^']*'|\\[[^\\]]*\\]|[\\w.+-]+`;

/**
 * `to`: the value in the file's words, or null for the option's default. Tried on the text first, as the recorder would read it: a
 * key of the same name elsewhere, in a comment or another block, is not taken for it.
 */
export function setting(
  host: Host,
  { path, settings, whenItSays }: Configuration,
  option: keyof RecorderSettings,
  to: string | null,
  isWanted: (settings: RecorderSettings) => boolean,
): Cure {
  const key = option.split(".").at(-1);
  const text = host.text(path) ?? "";
  const pattern = new RegExp(`((["'])${key}\\2\\s*:\\s*)(?:${value})${to === null ? "\\s*,?" : ""}`);
  const others = (of: RecorderSettings): string => JSON.stringify({ ...of, [option]: null });
  const lines = text.split("\n");
  for (const [at, whole] of lines.entries()) {
    const found = pattern.exec(whole);
    if (found === null) continue;
    const instead = to === null ? "" : `${found[1]}${to}`;
    const after = whenItSays(
      lines
        .with(
          at,
          whole.replace(found[0], () => instead),
        )
        .join("\n"),
    );
    if (after === undefined || !isWanted(after) || others(after) !== others(settings)) continue;
    const line: Line = { path, number: at + 1, text: whole };
    return replacing(line, found[0], instead);
  }
  const said = `"${key}"${to === null ? " taken out" : `: ${to}`}`;
  return decide(
    placeOfOption(host, path, option),
    `it must have ${said}, and is written in a way that no command edits safely`,
  );
}

/** "FILE:LINE" of the option, by its last word; the file alone where that says nothing. */
export function placeOfOption(host: Host, path: string, option: string): string {
  const key = option.split(".").at(-1) ?? "";
  return placeOf(host, path, new RegExp(`(["'])${key.replaceAll(/[^\w-]/g, "\\$&")}\\1\\s*:`));
}

/** The place that a fault or a notice of the recorder's tells of: its line, else that of the first option it names. */
export function placeOfFault(host: Host, path: string, message: string): string {
  const [, told] = /\bline (\d+)/.exec(message) ?? [];
  if (told !== undefined) return `${path}:${told}`;
  const options = message.replaceAll(path, "").match(/[\w-]+(?:\.[\w-]+)*/g) ?? [];
  return options.map((option) => placeOfOption(host, path, option)).find((place) => place !== path) ?? path;
}
