/** Whose the folders are that others than root must not be able to change. */
import type { Stats } from "node:fs";
import type { Host } from "../host.ts";
import { shellFolder } from "../login-shell.ts";
import { group, recorderGroup } from "../recorder-group.ts";
import { type Finding, orUnseen, problem, well } from "./finding.ts";

/** Where recordings go that the journal does not take. The group owns it: its mode is a matter of the package. */
const recordings = "/var/log/rec-session";
const state = "/var/lib/rec-session";

export async function folderFindings(host: Host): Promise<Finding[]> {
  const writers = 0o022;
  const others = 0o007;
  return [
    ...(await recordingsFolder(host)),
    ...(await folder(
      host,
      recordings,
      others,
      "users can reach each other's recordings there",
      `chown root:rec ${recordings} && chmod 3770 ${recordings}`,
    )),
    ...(await folder(
      host,
      state,
      writers,
      "users can change who is recorded",
      `chown root:root ${state} && chmod 755 ${state}`,
    )),
    ...(await folder(
      host,
      shellFolder,
      writers,
      "users can change what logins run",
      `chown root:root ${shellFolder} && chmod 755 ${shellFolder}`,
    )),
  ];
}

/** What the journal does not take goes there, and where it cannot the session is refused. */
async function recordingsFolder(host: Host): Promise<Finding[]> {
  const refused = "sessions that the journal does not take are refused";
  return await orUnseen(`the folder ${recordings}`, async () => {
    const details = host.details(recordings);
    const cure = `install -d -o root -g ${group} -m 3770 ${recordings}`;
    if (details === undefined) return [problem(`${recordings} is not there: ${refused}`, cure)];
    const mayWrite = (details.mode & 0o030) === 0o030 && details.gid === (await recorderGroup(host));
    return mayWrite
      ? []
      : [problem(`recorders may not write to ${recordings} (${ownerOf(details)}): ${refused}`, cure)];
  });
}

async function folder(host: Host, path: string, forbidden: number, danger: string, cure: string): Promise<Finding[]> {
  return await orUnseen(`the mode of ${path}`, () => {
    const details = host.details(path);
    if (details === undefined) return [];
    if (isRoots(details, forbidden)) return [well(`${path} is out of the users' reach`)];
    return [problem(`${path} is not as it was installed (${ownerOf(details)}): ${danger}`, cure)];
  });
}

function isRoots({ uid, mode }: Stats, forbidden: number): boolean {
  return uid === 0 && (mode & forbidden) === 0;
}

function ownerOf({ uid, gid, mode }: Stats): string {
  return `owner ${uid}, group ${gid}, mode ${(mode & 0o7777).toString(8)}`;
}
