/** ~/.ssh/rc: what sshd starts beside a recorded session, with the session's stdout. */
import { failureOf, type Host } from "../host.ts";
import { isNobody, type Scopes } from "../scope.ts";
import { hasSetting, isSshdMissing, sshdSettings } from "../sshd.ts";
import { userRcDropIn } from "../user-rc.ts";
import { type Finding, problem, unseen, well } from "./finding.ts";

/** Nothing where nobody is recorded, or there is no sshd. */
export async function userRcFindings(host: Host, user: string | undefined, scopes: Scopes): Promise<Finding[]> {
  const again = enabling(scopes);
  if (again === undefined || (await isSshdMissing(host))) return [];
  const settings = await sshdSettings(host, user);
  const whose = user === undefined ? "~/.ssh/rc" : `~/.ssh/rc of ${user}`;
  if (settings.status !== 0) {
    return [unseen(`whether sshd starts ${whose} could not be seen: ${failureOf("sshd -T", settings)}`)];
  }
  if (!hasSetting(settings, "permituserrc yes")) return [well(`sshd does not start ${whose}`)];
  const what = `sshd starts ${whose}: what is left running there can write to a session unrecorded`;
  const other = `let no other file say yes, and ${userRcDropIn} be included: grep -rEi 'PermitUserRC|Include' /etc/ssh/sshd_config*`;
  return [problem(what, host.details(userRcDropIn) === undefined ? again : other)];
}

/** The call of recctl enable that leaves who is recorded as it is, and sets the rest up. */
function enabling(scopes: Scopes): string | undefined {
  for (const [method, scope] of scopes) {
    if (scope === undefined || isNobody(scope)) continue;
    const [user] = scope.users;
    const subject = scope.isAll ? "--all" : user === undefined ? `--group ${scope.groups[0]}` : `--user ${user}`;
    return `recctl enable ${subject} --method ${method}`;
  }
  return undefined;
}
