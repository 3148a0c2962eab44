/** What --help, --version and --configuration print, loaded only when one of them is asked for. */
import type { Value } from "./config/option.ts";
import type { Program } from "./config/program.ts";

/** The text, or undefined when the program is to do its work. */
export async function aboutText(
  program: Program,
  settings: Readonly<Record<string, Value | undefined>>,
): Promise<string | undefined> {
  if (settings["help"] === true) return (await import("./config/help.ts")).helpText(program);
  if (settings["version"] === true) return `${program.invokedAs} ${(await import("./version.ts")).version}\n`;
  if (settings["configuration"] !== true) return undefined;
  return (await import("./config/configuration-text.ts")).configurationText(program.name, settings);
}
