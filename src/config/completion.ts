/** Completion for bash, as bash-completion loads it: options, their values, and what may follow them. */
import type { CommandOption, ProgramName } from "./option.ts";
import { optionsOf } from "./options.ts";

const tlogNames: Readonly<Record<ProgramName, string>> = {
  rec: "tlog-rec",
  "rec-session": "tlog-rec-session",
  "rec-play": "tlog-play",
};

/** The completion of a program under both its names. */
export function completion(name: ProgramName): string {
  const options = optionsOf(name).filter(({ cli }) => cli.includes(name));
  return completionFile(
    name,
    [name, tlogNames[name]],
    [
      ...(name === "rec" ? beginningOfCommand(options) : []),
      ...offers(options),
      "else",
      name === "rec" ? `  _command_offset "$COMP_CWORD"` : "  _filedir",
      "fi",
    ],
  );
}

/** A file of one function, made of the lines, for the commands. */
export function completionFile(name: string, commands: readonly string[], lines: readonly string[]): string {
  const own = `_${name.replaceAll("-", "_")}`;
  return `${[
    `# Completion of ${name} for bash, generated from its table of options.`,
    `${own}() {`,
    "  local cur prev words cword split",
    "  _init_completion -s || return",
    ...indented(lines),
    "}",
    `complete -F ${own} ${commands.join(" ")}`,
  ].join("\n")}\n`;
}

/** The values of the option before, else the options; an `if` that stays open for what else there may be. */
export function offers(options: readonly CommandOption[]): string[] {
  const words = options.map((option) => `--${option.long}${takesValue(option) ? "=" : ""}`);
  const values = options.filter(takesValue);
  const cases = values.map((option) => `  ${names(option)}) ${valueOffer(option)}return ;;`);
  return [
    ...(cases.length === 0 ? [] : ['case "$prev" in', ...cases, "esac"]),
    '[ "$split" = false ] || return',
    'if [[ "$cur" == -* ]]; then',
    `  mapfile -t COMPREPLY < <(compgen -W "${words.join(" ")}" -- "$cur")`,
    // What ends in = goes on with the value.
    `  [[ "\${COMPREPLY[0]}" != *= ]] || compopt -o nospace`,
  ];
}

export function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}

function names({ short, long, alias }: CommandOption): string {
  return [
    ...(short === undefined ? [] : [`-${short}`]),
    `--${long}`,
    ...(alias === undefined ? [] : [`--${alias}`]),
  ].join("|");
}

function takesValue({ type }: CommandOption): boolean {
  return type.kind !== "flag" && type.kind !== "boolean";
}

function valueOffer({ type, placeholder, long = "" }: CommandOption): string {
  if (type.kind === "choice" || type.kind === "choices") {
    return `mapfile -t COMPREPLY < <(compgen -W "${type.choices.join(" ")}" -- "$cur"); `;
  }
  // What compgen has of accounts.
  const accounts = /^(exclude-)?user$/.test(long) ? "-u" : /^(exclude-)?group$/.test(long) ? "-g" : undefined;
  if (accounts !== undefined) return `mapfile -t COMPREPLY < <(compgen ${accounts} -- "$cur"); `;
  if (placeholder === "FILE") return "_filedir; ";
  if (placeholder === "DIR") return "_filedir -d; ";
  return "";
}

/** The recorded command completes as it would alone. bash has a value after = as a word of its own, and the = too. */
function beginningOfCommand(options: readonly CommandOption[]): string[] {
  return [
    "local i",
    "for ((i = 1; i < COMP_CWORD; i++)); do",
    `  case "\${COMP_WORDS[i]}" in`,
    `    ${options.filter(takesValue).map(names).join("|")})`,
    `      [ "\${COMP_WORDS[i + 1]}" != = ] || i=$((i + 1))`,
    "      i=$((i + 1))",
    "      ;;",
    "    =) i=$((i + 1)) ;;",
    `    --) _command_offset "$((i + 1))"; return ;;`,
    "    -*) ;;",
    `    *) _command_offset "$i"; return ;;`,
    "  esac",
    "done",
  ];
}
