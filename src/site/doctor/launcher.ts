/** The launcher's privilege: without it the recorded user can look into the recorder and reach his recordings. */
import type { Host } from "../host.ts";
import { reinstalling } from "../packages.ts";
import { group, makingGroup, recorderGroup } from "../recorder-group.ts";
import { recorder } from "../recording-shell.ts";
import { type Finding, orUnseen, problem, well } from "./finding.ts";
import { memberFindings } from "./group.ts";
import { mountFindings } from "./mount.ts";

export async function launcherFindings(host: Host): Promise<Finding[]> {
  return await orUnseen(`the mode of ${recorder}`, async () => {
    const details = host.details(recorder);
    if (details === undefined) return [problem(`${recorder} is not there`, reinstalling(host, "rec-session"))];
    const gid = await recorderGroup(host);
    if (gid === undefined) return [problem(`there is no group ${group}`, await makingGroup(host))];
    const isRight = details.uid === 0 && details.gid === gid && (details.mode & 0o7777) === 0o2755;
    const cure = `chown root:${group} ${recorder} && chmod 2755 ${recorder}`;
    return [
      isRight
        ? well(`${recorder} runs in the group ${group}, out of its user's reach`)
        : problem(
            `${recorder} is not root:${group} with mode 2755: its user can reach the recorder and the recording`,
            cure,
          ),
      ...(await mountFindings(host, recorder, "its user can reach the recorder, and recordings go to his home")),
      ...(await memberFindings(host)),
    ];
  });
}
