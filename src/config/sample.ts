/** The sample configuration file of a program: every option, commented out, with its default. */
import type { Option, ProgramName } from "./option.ts";
import { optionsOf } from "./options.ts";
import { programTexts } from "./program-text.ts";
import { expectation } from "./value.ts";
import { wrap } from "./wrap.ts";

const width = 100;

/** Valid as it is, and with the `//` of any option taken away. */
export function sampleFile(program: ProgramName): string {
  const lines = [
    `// Configuration of ${program}; see ${program}(${programTexts[program].section}).`,
    "// JSON, with comments and trailing commas. Take the // before an option away to change it;",
    "// what stands there is its default, or an example where there is none.",
    "{",
  ];
  const options = optionsOf(program).filter(({ file }) => file.includes(program));
  let open = "";
  for (const option of options) {
    const [key, ...rest] = option.path.split(".").reverse() as [string, ...string[]];
    const section = rest.join(".");
    if (section !== open) {
      if (open !== "") lines.push("  },");
      if (section !== "") lines.push(...(lines.at(-1) === "{" ? [] : [""]), `  "${section}": {`);
      open = section;
    }
    lines.push(...optionLines(option, key, section === "" ? "  " : "    ", lines.at(-1)?.endsWith("{") === true));
  }
  if (open !== "") lines.push("  },");
  lines.push("}");
  return `${lines.join("\n")}\n`;
}

function optionLines(option: Option, key: string, indent: string, isFirst: boolean): string[] {
  const { help, details, type, default: value, defaultText, example } = option;
  const text = [`${help}.`, details];
  if (type.kind !== "string") text.push(`Expected: ${expectation(type, false)}.`);
  if (defaultText !== undefined) text.push(`Default: ${defaultText}.`);
  const comment = wrap(text.filter((part) => part !== undefined).join(" "), width - indent.length - 3);
  const shown = value ?? (type.kind === "number" ? Number(example) : example);
  return [
    ...(isFirst ? [] : [""]),
    ...comment.map((line) => `${indent}// ${line}`),
    // No blank after these slashes: only an option has that.
    `${indent}//${JSON.stringify(key)}: ${JSON.stringify(shown)},`,
  ];
}
