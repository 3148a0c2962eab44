/** Completion of recctl for bash: its subcommands, then the options of the one that stands there. */
import { completionFile, indented, offers } from "../config/completion.ts";
import { generalOptions, helpOption } from "./general-options.ts";
import { everySubcommand } from "./table.ts";

export async function completion(): Promise<string> {
  const commands = await everySubcommand();
  return completionFile(
    "recctl",
    ["recctl"],
    [
      `case "\${words[1]}" in`,
      ...commands.flatMap(({ name, options, operands }) => [
        `  ${name})`,
        ...indented(indented(offers([...options, helpOption]))),
        ...(operands.max === 0 ? [] : ["    else", "      _filedir"]),
        "    fi",
        "    ;;",
      ]),
      "  *)",
      ...indented(indented(offers(generalOptions))),
      "    else",
      `      mapfile -t COMPREPLY < <(compgen -W "${commands.map(({ name }) => name).join(" ")}" -- "$cur")`,
      "    fi",
      "    ;;",
      "esac",
    ],
  );
}
