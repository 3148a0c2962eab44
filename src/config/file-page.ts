/** The man page of a program's configuration file, rec-session.conf(5) for one, in the man(7) macros. */
import { version, versionDate } from "../version.ts";
import { optionEntry } from "./man.ts";
import { optionsOf } from "./options.ts";
import type { Program } from "./program.ts";
import { programTexts } from "./program-text.ts";
import { escaped, paragraphs, reference, sentenceLines } from "./roff.ts";

/** Every option that the file may hold; clean for `mandoc -T lint` and groff. */
export function filePage({ name, systemPath, environmentPrefix }: Program): string {
  const { section, fileExample } = programTexts[name];
  const layers = `the defaults, then this file${environmentPrefix === null ? "" : ", then the environment"}, then the command line`;
  const [meaning, ...lines] = fileExample;
  return [
    `.TH ${name.toUpperCase()}.CONF 5 ${versionDate} "rec-session ${version}"`,
    ".SH NAME",
    `${escaped(name)}.conf \\- configuration of ${escaped(name)}`,
    ".SH DESCRIPTION",
    ...paragraphs([
      `The administrator's configuration of ${name} is ${systemPath}. It may be absent. It holds a JSON object; comments (// and /* */), trailing commas and single quotes are allowed.`,
      `A dot in the names below is a level of nesting: log.input is {"log": {"input": true}}. The value null leaves the decision to what comes earlier: ${layers}.`,
      `Called by tlog's name${name === "rec-session" ? ", as SSSD calls it," : ""} ${name} reads the file of that name in /etc/tlog where it is there, and this one where it is not.`,
      "The file that the package brings names every option with its default and sets none.",
    ]),
    ".SH OPTIONS",
    ...optionsOf(name)
      .filter(({ file }) => file.includes(name))
      .flatMap((option) => [
        ...optionEntry(option.path, option, false),
        ...(option.decidedBy === "user" && option.file.includes("rec-session")
          ? sentenceLines("The user's environment may set it.")
          : []),
      ]),
    ".SH EXAMPLES",
    ...sentenceLines(`${meaning}:`),
    ".PP",
    ".nf",
    ".RS 4",
    ...lines.map(escaped),
    ".RE",
    ".fi",
    ".SH SEE ALSO",
    reference(`${name}(${section})`, ""),
    "",
  ].join("\n");
}
