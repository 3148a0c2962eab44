/** Whether a user's next login comes to the recorder, by what the name service answers, and why not. */
import { shellWord } from "../../shell-word.ts";
import { accountNamed, groupsOf } from "../account.ts";
import type { Host } from "../host.ts";
import { formerShellsFile, isShellLink } from "../login-shell.ts";
import { isForced } from "../method-forcecommand.ts";
import { formerShells } from "../method-shell.ts";
import { whyUnserved } from "../method-sssd.ts";
import { isListedShell, isProgram, recorder, recordingShell } from "../recording-shell.ts";
import { reasonRecorded, type Scope } from "../scope.ts";
import { sshdDropIn } from "../sshd-drop-in.ts";
import { type Deciding, enablingAgain, nsswitchCure } from "./deciding.ts";
import { type Cure, decide, type Finding, orUnseen, problem, unseen, warning, well } from "./finding.ts";
import { placeOf } from "./line.ts";
import { shellCure } from "./own-shell.ts";
import { unlisting } from "./shells.ts";

export async function accountFindings(host: Host, user: string, deciding: Deciding): Promise<Finding[]> {
  const { scopes, site } = deciding;
  const account = await accountNamed(host, user);
  if (account === undefined) {
    return [
      problem(
        `there is no user ${user}`,
        decide(
          "/etc/passwd, or the directory",
          `who has that name is theirs to say; what they answer: getent passwd ${shellWord(user)}`,
        ),
      ),
    ];
  }
  const groups = await groupsOf(host, user);
  const { shell } = account;
  return [
    ...(await reachFinding(host, user, shell, groups, deciding)),
    ...(isRecorder(shell)
      ? await orUnseen(`the shell that ${user} has in the recorder`, () => ownShell(host, user, shell))
      : []),
    ...[...scopes].flatMap(([method, scope]) => {
      if (scope === undefined) return [unseen(`whether the method ${method} means ${user} only root may see`)];
      return meant(`the method ${method}`, scope, user, groups);
    }),
    ...(site === undefined ? [] : meant(site.file, site.whom, user, groups)),
  ];
}

function meant(by: string, scope: Scope, user: string, groups: readonly string[]): Finding[] {
  const reason = reasonRecorded(scope, user, groups);
  return reason === "" ? [] : [well(`${by} means ${user}: ${reason === "named" ? "by name" : reason}`)];
}

function isRecorder(shell: string): boolean {
  return shell === recordingShell || shell === recorder || isShellLink(shell);
}

/** What the recorder runs for him. Of users whom only a directory knows SSSD tells the recorder alone. */
async function ownShell(host: Host, user: string, shell: string): Promise<Finding[]> {
  const own = isShellLink(shell) ? formerShells(host)[user] : (await accountNamed(host, user, "files"))?.shell;
  if (own === undefined || own === "" || isRecorder(own) || isProgram(host, own)) return [];
  const what = `the shell of ${user}, ${own}, is no program that every user may run: the fallback-shell of the configuration takes its place`;
  const line = placeOf(host, "/etc/passwd", new RegExp(`^${user.replaceAll(/[^\w-]/g, "\\$&")}:`));
  const place = isShellLink(shell) ? formerShellsFile : line;
  return [problem(what, shellCure(host, own, place))];
}

async function reachFinding(
  host: Host,
  user: string,
  shell: string,
  groups: readonly string[],
  deciding: Deciding,
): Promise<Finding[]> {
  const { scopes } = deciding;
  const forced = scopes.get("forcecommand");
  const isMeantBySshd = forced === undefined || reasonRecorded(forced, user, groups) !== "";
  if (isRecorder(shell)) {
    const reached = well(`${user} is recorded from the next login on: the login shell is ${shell}`);
    return [reached, ...(await untilWhen(host, user, shell, groups, deciding))];
  }
  if (isMeantBySshd && (await isForced(host, user))) {
    return [
      well(`${user} is recorded by sshd: it forces the recorder on sessions`),
      warning(
        `${user} is not recorded on the console, by su or by cron, as the login shell is ${shell || "/bin/sh"}; and what ~/.bashrc or ~/.zshenv does before the recorder is not either`,
        everyWhere(host, user, forced),
      ),
    ];
  }
  return [await whyNot(host, user, shell, groups, deciding)];
}

/** What may end it, though he comes to the recorder now. */
async function untilWhen(
  host: Host,
  user: string,
  shell: string,
  groups: readonly string[],
  { scopes, site }: Deciding,
): Promise<Finding[]> {
  if (isShellLink(shell)) {
    if (!isListedShell(host, shell)) return [];
    return [warning(`${shell} is in /etc/shells: ${user} may leave it with chsh`, unlisting(host, shell))];
  }
  const bySssd = scopes.get("sssd");
  const isMeant = [bySssd, site?.whom].some((whom) => whom !== undefined && reasonRecorded(whom, user, groups) !== "");
  // A directory may name the recorder as anybody's shell.
  const own = await accountNamed(host, user, "files");
  if (isMeant || bySssd === undefined || own === undefined || isRecorder(own.shell)) return [];
  const what = `no file says that SSSD is to give ${user} the recorder: what it read when it started is gone, and ends when it starts anew`;
  return [warning(what, `recctl enable --user ${shellWord(user)}`)];
}

async function whyNot(
  host: Host,
  user: string,
  shell: string,
  groups: readonly string[],
  deciding: Deciding,
): Promise<Finding> {
  const { scopes, site } = deciding;
  const is = `${user} is not recorded: the login shell is ${shell || "/bin/sh"}`;
  const isSites = site !== undefined && reasonRecorded(site.whom, user, groups) !== "";
  const again = isSites ? "sss_cache -E && systemctl restart sssd" : await enabling(host, user, deciding);
  const bySssd = isSites ? site.whom : scopes.get("sssd");
  if (scopes.get("shell")?.users.includes(user)) {
    return problem(`${is}, though recctl enable had changed it`, loginShell(user));
  }
  const isMeant = bySssd !== undefined && reasonRecorded(bySssd, user, groups) !== "";
  const unserved = isMeant ? await whyUnserved(host, user) : undefined;
  if (unserved !== undefined) return problem(`${is}: ${unserved}`, loginShell(user));
  const served = await accountNamed(host, user, "sss");
  if (served?.shell === recordingShell) {
    const what = `${is}, from a source that is asked before SSSD, which would give the recorder`;
    return problem(what, nsswitchCure(host, deciding));
  }
  if (isMeant) {
    return problem(
      served === undefined
        ? `${is}: SSSD is to give the recorder, but does not know ${user}`
        : `${is}, though SSSD is to give the recorder`,
      isSites ? again : (enablingAgain(deciding, "sssd") ?? again),
    );
  }
  return problem(is, again);
}

/** For whom SSSD does not serve, as root. */
function loginShell(user: string): string {
  return `recctl enable --user ${shellWord(user)} --method shell`;
}

/** Beside files of the site's, which recctl does not touch, only a login shell of his own takes somebody in. */
async function enabling(host: Host, user: string, { site }: Deciding): Promise<Cure> {
  const name = shellWord(user);
  if (user === "root") return loginShell(user);
  if (site === undefined) return `recctl enable --user ${name}`;
  if ((await accountNamed(host, user, "files")) !== undefined) return `recctl enable --user ${name} --method shell`;
  const place = placeOf(host, site.file, /^\s*\[session_recording\]/);
  return decide(
    place,
    `whom that section means is the site's to say: name ${user} there, then: systemctl restart sssd`,
  );
}

/** By SSSD where it is installed, else by the login shell: for those whom one line of sshd's names now. */
function everyWhere(host: Host, user: string, forced: Scope | undefined): Cure {
  const name = shellWord(user);
  const isNamed = forced?.users.includes(user) === true;
  if (isNamed)
    return `recctl disable --user ${name} --method forcecommand && ${user === "root" ? loginShell(user) : `recctl enable --user ${name}`}`;
  return decide(
    placeOf(host, sshdDropIn, /^Match/),
    `it means ${user} by a group, or as everyone: whether all of them are to have the recorder for their shell is the site's to say, by recctl disable and recctl enable`,
  );
}
