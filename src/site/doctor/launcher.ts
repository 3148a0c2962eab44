/** The launcher's privilege: without it the recorded user can look into the recorder and reach his recordings. */
import { membersOf } from "../account.ts";
import type { Host } from "../host.ts";
import { recorder } from "../recording-shell.ts";
import { type Finding, orUnseen, problem, unseen, warning, well } from "./finding.ts";

const group = "rec";
/** What looks into processes of transfers, with root's right, so that their bytes need not be recorded. */
const witness = "/usr/lib/rec-session/witness";

export async function launcherFindings(host: Host): Promise<Finding[]> {
  return await orUnseen(`the mode of ${recorder}`, async () => {
    const details = host.details(recorder);
    if (details === undefined) return [problem(`${recorder} is not there`, "install the package rec-session")];
    const gid = await recorderGroup(host);
    if (gid === undefined) return [problem(`there is no group ${group}`, "reinstall the package rec-session")];
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

/** The group that the recorder runs in; undefined where there is none. */
export async function recorderGroup(host: Host): Promise<number | undefined> {
  const { stdout } = await host.run("getent", "group", "--", group);
  return stdout === "" ? undefined : Number(stdout.split(":")[2]);
}

/** Without it nothing is lost: transfers are slow, and fill the journal. */
export async function witnessFindings(host: Host): Promise<Finding[]> {
  return await orUnseen(`the mode of ${witness}`, async () => {
    const danger = "file transfers are recorded in full";
    const details = host.details(witness);
    if (details === undefined)
      return [warning(`${witness} is not there: ${danger}`, "reinstall the package rec-session")];
    const gid = await recorderGroup(host);
    const isRight = details.uid === 0 && details.gid === gid && (details.mode & 0o7777) === 0o4750;
    const cure = `chown root:${group} ${witness} && chmod 4750 ${witness}`;
    return [
      isRight
        ? well(`${witness} may look into file transfers`)
        : warning(`${witness} is not root:${group} with mode 4750: ${danger}`, cure),
      ...(await mountFindings(host, witness, danger, warning)),
    ];
  });
}

/** mount(8), nosuid: the kernel passes over what the mode of a file there gives. */
async function mountFindings(host: Host, path: string, danger: string, told = problem): Promise<Finding[]> {
  const { status, stdout } = await host.run("findmnt", "-no", "TARGET,OPTIONS", "--target", host.place(path));
  const [target = "", options = ""] = stdout.trim().split(/\s+(?=\S+$)/);
  if (status !== 0 || options === "") return [unseen(`how the place of ${path} is mounted could not be seen`)];
  if (!options.split(",").includes("nosuid")) return [];
  return [told(`${path} is on ${target}, mounted nosuid: ${danger}`, `mount -o remount,suid ${target}`)];
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
