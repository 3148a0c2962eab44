/** What bash offers at the end of a command line, with bash-completion and a completion file of ours. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

const library = "/usr/share/bash-completion/bash_completion";

// COMP_WORDS is split as readline does, at blanks and =.
const program = `
source ${library}
eval "$2"
COMP_LINE=$1 COMP_POINT=\${#1} COMP_TYPE=9 COMP_KEY=9
read -ra COMP_WORDS <<< "\${1//=/ = }"
[[ $1 != *[\\ =] ]] || COMP_WORDS+=("")
COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
compopt() { :; }
$(complete -p "\${COMP_WORDS[0]}" | sed 's/.*-F \\([^ ]*\\).*/\\1/')
printf '%s\\n' "\${COMPREPLY[@]}"
`;

/** Undefined without bash-completion. */
export function completionsOf(file: string, line: string, cwd: string): string[] | undefined {
  if (!existsSync(library)) return undefined;
  const args = ["--norc", "-c", program, "bash", line, file];
  const { stdout, stderr } = spawnSync("bash", args, { cwd, encoding: "utf8" });
  return (stdout + stderr).split("\n").filter((word) => word !== "");
}
