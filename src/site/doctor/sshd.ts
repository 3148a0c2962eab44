/** What sshd does before the recorder of a session, or without one. */
import type { Outcome } from "../host.ts";
import { failureOf, type Host } from "../host.ts";
import { hasSetting, isSshdMissing, settingOf, sshdSettings } from "../sshd.ts";
import { forcedCommand } from "../sshd-drop-in.ts";
import { userRcDropIn } from "../user-rc.ts";
import { type Deciding, enablingAgain } from "./deciding.ts";
import { type Cure, decide, type Finding, problem, unseen, warning, well } from "./finding.ts";
import { type Line, lineOf, placeOf, replacing } from "./line.ts";

const systemRc = "/etc/ssh/sshrc";
/** ssh is Debian's name of the unit, sshd everyone else's. */
const reload = "{ systemctl reload ssh || systemctl reload sshd; }";
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
  return [userRc(host, user, settings, again), ...before(host, settings), ...without(host, settings)];
}

function userRc(host: Host, user: string | undefined, settings: Outcome, again: string): Finding {
  const whose = user === undefined ? "~/.ssh/rc" : `~/.ssh/rc of ${user}`;
  if (!hasSetting(settings, "permituserrc yes")) return well(`sshd does not start ${whose}`);
  const what = `sshd starts ${whose}: what is left running there can write to a session unrecorded`;
  return problem(what, host.details(userRcDropIn) === undefined ? again : forbiddenElsewhere(host));
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
    findings.push(
      warning(
        what,
        decide(systemRc, "what it does only the site knows: in /etc/profile.d it would be recorded; then rm it"),
      ),
    );
  }
  return findings;
}

/** Options may stand behind it: `internal-sftp -l INFO`. One that is forced takes the place of whatever is asked for. */
function without(host: Host, settings: Outcome): Finding[] {
  const isBuiltIn = (setting: string): boolean => /^internal-sftp(\s|$)/.test(settingOf(settings, setting) ?? "");
  if (!isBuiltIn("subsystem sftp") && !isBuiltIn("forcecommand")) return [];
  if (hasSetting(settings, `forcecommand ${forcedCommand}`)) return [];
  return [
    warning(
      "sshd serves sftp itself (internal-sftp), without the login shell: no recording tells of such sessions",
      separateServer(host),
    ),
  ];
}

const mainFile = "/etc/ssh/sshd_config";
const folder = "/etc/ssh/sshd_config.d";
const serverPaths = ["/usr/lib/openssh/sftp-server", "/usr/libexec/openssh/sftp-server"];

/** The drop-in is there: another file speaks first, or nothing includes it. sshd_config(5) */
function forbiddenElsewhere(host: Host): Cure {
  if (lineOf(host, mainFile, /^\s*Include\s.*sshd_config\.d/i) === undefined) {
    return `sed -i '1i Include ${folder}/*.conf' ${mainFile} && ${reload}`;
  }
  const allowing = lineIn(host, /^\s*PermitUserRC\s+yes/i);
  if (allowing !== undefined) return `${replacing(allowing, allowing.text, `#${allowing.text}`)} && ${reload}`;
  return decide(
    userRcDropIn,
    `it forbids it and does not count: see why in ${placeOf(host, mainFile, /^\s*Include\s/i)} and what is included there`,
  );
}

/** A program of its own, by the login shell; in a root folder of another's it would not be found. */
function separateServer(host: Host): Cure {
  const line = lineIn(host, /^\s*Subsystem\s+sftp\s+internal-sftp/i);
  const path = serverPaths.find((server) => host.details(server) !== undefined);
  const chroot = lineIn(host, /^\s*(ChrootDirectory|ForceCommand\s+internal-sftp)/i);
  if (line === undefined || path === undefined || chroot !== undefined) {
    const { path: file, number } = chroot ?? line ?? { path: mainFile, number: 1 };
    return decide(
      `${file}:${number}`,
      "whether sftp may be without a recording there is the site's to say: Subsystem sftp with a program, as sftp-server, is recorded",
    );
  }
  return `${replacing(line, "internal-sftp", path)} && ${reload}`;
}

/** The first in the files of sshd's, in the order in which it reads them as installed. */
function lineIn(host: Host, pattern: RegExp): Line | undefined {
  const files = [
    ...host
      .names(folder)
      .filter((name) => name.endsWith(".conf"))
      .map((name) => `${folder}/${name}`),
    mainFile,
  ];
  for (const path of files) {
    const line = lineOf(host, path, pattern);
    if (line !== undefined) return line;
  }
  return undefined;
}
