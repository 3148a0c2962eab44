/** Who is in the group of recorders is within reach of recordings. */
import { shellWord } from "../../shell-word.ts";
import { membersOf } from "../account.ts";
import type { Host } from "../host.ts";
import { group } from "../recorder-group.ts";
import { type Finding, unseen, warning } from "./finding.ts";

export async function memberFindings(host: Host): Promise<Finding[]> {
  const members = await membersOf(host, group);
  if (members === undefined)
    return [unseen(`the members of the group ${group} could not be seen`, `getent group ${group}`)];
  if (members.length === 0) return [];
  return [
    warning(
      `the group ${group} has members, who can write into recordings: ${members.join(", ")}`,
      members.map((name) => `gpasswd -d ${shellWord(name)} ${group}`).join(" && "),
    ),
  ];
}
