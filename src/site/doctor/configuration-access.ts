/** Who may write the configuration, and whether those who are recorded may read it, as their recorder does. */
import { dirname } from "node:path";
import type { Host } from "../host.ts";
import { recorderGroup } from "../recorder-group.ts";
import { type Finding, problem, well } from "./finding.ts";

const othersWrite = 0o022;

export async function accessFindings(host: Host, path: string): Promise<Finding[]> {
  const gid = await recorderGroup(host);
  const findings: Finding[] = [];
  for (const place of [path, dirname(path)]) {
    const details = host.details(place);
    if (details === undefined) continue;
    const { uid, mode } = details;
    if (uid !== 0 || (mode & othersWrite) !== 0) {
      const cure = `chown root:root ${place} && chmod go-w ${place}`;
      findings.push(problem(`others than root may write ${place}: they decide what is recorded`, cure));
    }
    // The recorder has the user's uid and the group rec.
    const needed = details.isDirectory() ? 1 : 4;
    if ((mode & needed) === 0 && (details.gid !== gid || (mode & (needed << 3)) === 0)) {
      const right = details.isDirectory() ? "a+x" : "a+r";
      const what = `recorders may not read ${path}: its settings are not in force, and the defaults count`;
      findings.push(problem(what, `chmod ${right} ${place}`));
    }
  }
  return findings.length > 0 ? findings : [well(`${path} is read by recorders, and written by root alone`)];
}
