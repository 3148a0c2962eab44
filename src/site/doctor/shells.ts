/** The recording shell that SSSD hands out. */
import { shellWord } from "../../shell-word.ts";
import type { Host } from "../host.ts";
import { isDnf } from "../packages.ts";
import { isListedShell, recorderFault, recordingShell, shellsFile } from "../recording-shell.ts";
import { type Finding, orUnseen, problem, warning, well } from "./finding.ts";
import { lineOf } from "./line.ts";

export async function shellFindings(host: Host): Promise<Finding[]> {
  return await orUnseen("the recording shell", async () => {
    const fault = await recorderFault(host, recordingShell);
    if (fault !== undefined) return [problem(`${fault.why}: who is to be recorded cannot log in`, fault.command)];
    const there = well(`the shell that SSSD hands out, ${recordingShell}, is there and starts`);
    if (isListedShell(host, recordingShell)) return [there];
    const what = `${recordingShell} is not in ${shellsFile}: services that ask for a listed shell refuse the recorded`;
    return [there, warning(what, listing(host, recordingShell))];
  });
}

/** add-shell(8) is Debian's. */
function listing(host: Host, shell: string): string {
  return isDnf(host) ? `echo ${shell} >> ${shellsFile}` : `add-shell ${shell}`;
}

/** The command that takes a shell out of the list. */
export function unlisting(host: Host, shell: string): string {
  const line = lineOf(host, shellsFile, new RegExp(`^\\s*${shell.replaceAll(/[^\w/-]/g, "\\$&")}\\s*$`));
  return isDnf(host) && line !== undefined
    ? `sed -i ${line.number}d ${shellsFile}`
    : `remove-shell ${shellWord(shell)}`;
}
