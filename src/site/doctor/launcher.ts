/** The launcher's privilege: without it the recorded user can look into the recorder and reach his recordings. */
import { membersOf } from "../account.ts";
import type { Host } from "../host.ts";
import { recorder } from "../recording-shell.ts";
import { type Finding, orUnseen, problem, unseen, warning, well } from "./finding.ts";

const group = "rec";

export async function launcherFindings(host: Host): Promise<Finding[]> {
  return await orUnseen(`the mode of ${recorder}`, async () => {
    const details = host.details(recorder);
    if (details === undefined) return [problem(`${recorder} is not there`, "install the package rec-session")];
    const { stdout } = await host.run("getent", "group", "--", group);
    const gid = Number(stdout.split(":")[2]);
    if (stdout === "") return [problem(`there is no group ${group}`, "reinstall the package rec-session")];
    const isRight = details.uid === 0 && details.gid === gid && (details.mode & 0o7777) === 0o2755;
    const cure = `chown root:${group} ${recorder} && chmod 2755 ${recorder}`;
    return [
      isRight
        ? well(`${recorder} runs in the group ${group}, out of its user's reach`)
        : problem(
            `${recorder} is not root:${group} with mode 2755: its user can reach the recorder and the recording`,
            cure,
          ),
      ...(await memberFindings(host)),
    ];
  });
}

async function memberFindings(host: Host): Promise<Finding[]> {
  const members = await membersOf(host, group);
  if (members === undefined)
    return [unseen(`the members of the group ${group} could not be seen`, `see: getent group ${group}`)];
  if (members.length === 0) return [];
  return [
    warning(
      `the group ${group} has members, who can write into recordings: ${members.join(", ")}`,
      `gpasswd -d ${members[0]} ${group}`,
    ),
  ];
}
