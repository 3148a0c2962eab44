/** The witness: what looks into processes of transfers, with root's right, so that their bytes need not be recorded, and names terminals in utmp. */
import type { Host } from "../host.ts";
import { reinstalling } from "../packages.ts";
import { group, recorderGroup } from "../recorder-group.ts";
import { type Finding, orUnseen, warning, well } from "./finding.ts";
import { mountFindings } from "./mount.ts";

const witness = "/usr/lib/rec-session/witness";

/** Without it nothing is lost: transfers are slow, and fill the journal. */
export async function witnessFindings(host: Host): Promise<Finding[]> {
  return await orUnseen(`the mode of ${witness}`, async () => {
    const danger = "file transfers are recorded in full";
    const details = host.details(witness);
    if (details === undefined)
      return [warning(`${witness} is not there: ${danger}`, reinstalling(host, "rec-session"))];
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
