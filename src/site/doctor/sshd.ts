/** What sshd does before the recorder of a session, or without one. */
import type { Outcome } from "../host.ts";
import { failureOf, type Host } from "../host.ts";
import { hasSetting, isSshdMissing, settingOf, sshdSettings } from "../sshd.ts";
import { forcedCommand } from "../sshd-drop-in.ts";
import { userRcDropIn } from "../user-rc.ts";
import { type Deciding, enablingAgain } from "./deciding.ts";
import { type Finding, problem, unseen, warning, well } from "./finding.ts";

const systemRc = "/etc/ssh/sshrc";
const reload = "systemctl reload ssh";
/** What recctl enable does, where a site of its own has no use for it. */
const forbidding = `echo 'PermitUserRC no' > /etc/ssh/sshd_config.d/00-user-rc.conf && ${reload}`;

/** For a user's sessions, or for nobody's in particular. Nothing where nobody is recorded, or there is no sshd. */
export async function sshdFindings(host: Host, user: string | undefined, deciding: Deciding): Promise<Finding[]> {
  const again = enablingAgain(deciding) ?? (deciding.site === undefined ? undefined : forbidding);
  if (again === undefined || (await isSshdMissing(host))) return [];
  const settings = await sshdSettings(host, user);
  if (settings.status !== 0) {
    return [unseen(`what sshd does beside the recorder could not be seen: ${failureOf("sshd -T", settings)}`)];
  }
  return [userRc(host, user, settings, again), ...before(host, settings), ...without(settings)];
}

function userRc(host: Host, user: string | undefined, settings: Outcome, again: string): Finding {
  const whose = user === undefined ? "~/.ssh/rc" : `~/.ssh/rc of ${user}`;
  if (!hasSetting(settings, "permituserrc yes")) return well(`sshd does not start ${whose}`);
  const what = `sshd starts ${whose}: what is left running there can write to a session unrecorded`;
  const other = `let no other file say yes, and ${userRcDropIn} be included: grep -rEi 'PermitUserRC|Include' /etc/ssh/sshd_config*`;
  return problem(what, host.details(userRcDropIn) === undefined ? again : other);
}

/** Programs of root's that a shell of the user's starts, in his environment: a library of his has the session's stdout there. */
function before(host: Host, settings: Outcome): Finding[] {
  const findings: Finding[] = [];
  const xauth = settingOf(settings, "xauthlocation");
  if (hasSetting(settings, "x11forwarding yes") && xauth !== undefined && host.details(xauth) !== undefined) {
    findings.push(
      warning(
        `sshd forwards X11, and starts ${xauth} for it before the recorder: what its user leaves running there can write to a session unrecorded, and what graphical programs show is not recorded`,
        `echo 'X11Forwarding no' > /etc/ssh/sshd_config.d/00-x11.conf && ${reload}`,
      ),
    );
  }
  if (host.details(systemRc) !== undefined) {
    const what = `sshd starts ${systemRc} before the recorder: what its user leaves running there can write to a session unrecorded`;
    findings.push(warning(what, `do it elsewhere, as in /etc/profile.d, and rm ${systemRc}`));
  }
  return findings;
}

function without(settings: Outcome): Finding[] {
  if (settingOf(settings, "subsystem sftp") !== "internal-sftp") return [];
  if (hasSetting(settings, `forcecommand ${forcedCommand}`)) return [];
  return [
    warning(
      "sshd serves sftp itself (internal-sftp), without the login shell: no recording tells of such sessions",
      `let sshd_config say Subsystem sftp /usr/lib/openssh/sftp-server, then: ${reload}`,
    ),
  ];
}
