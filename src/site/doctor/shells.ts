/** The recording shell that SSSD hands out. */
import type { Host } from "../host.ts";
import { isListedShell, recorderFault, recordingShell, shellsFile } from "../recording-shell.ts";
import { type Finding, orUnseen, problem, warning, well } from "./finding.ts";

export async function shellFindings(host: Host): Promise<Finding[]> {
  return await orUnseen("the recording shell", async () => {
    const fault = await recorderFault(host, recordingShell);
    if (fault !== undefined) return [problem(`${fault.why}: who is to be recorded cannot log in`, fault.cure)];
    const there = well(`the shell that SSSD hands out, ${recordingShell}, is there and starts`);
    if (isListedShell(host, recordingShell)) return [there];
    const what = `${recordingShell} is not in ${shellsFile}: services that ask for a listed shell refuse the recorded`;
    return [there, warning(what, `add-shell ${recordingShell}`)];
  });
}
