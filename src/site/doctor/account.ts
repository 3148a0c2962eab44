/** Whether a user's next login comes to the recorder, by what the name service answers, and why not. */
import { accountNamed, groupsOf } from "../account.ts";
import type { Host } from "../host.ts";
import { isShellLink } from "../login-shell.ts";
import { isForced } from "../method-forcecommand.ts";
import { formerShells } from "../method-shell.ts";
import { isListedShell, isProgram, recorder, recordingShell } from "../recording-shell.ts";
import { reasonRecorded, type Scope } from "../scope.ts";
import { type Deciding, nsswitchCure } from "./deciding.ts";
import { type Finding, orUnseen, problem, unseen, warning, well } from "./finding.ts";

export async function accountFindings(host: Host, user: string, deciding: Deciding): Promise<Finding[]> {
  const { scopes, site } = deciding;
  const account = await accountNamed(host, user);
  if (account === undefined) {
    return [problem(`there is no user ${user}`, `see what this finds: getent passwd ${user}`)];
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
  return [problem(what, `install ${own}`)];
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
        `recctl disable --user ${user} && recctl enable --user ${user} --method sssd`,
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
    return [warning(`${shell} is in /etc/shells: ${user} may leave it with chsh`, `remove-shell ${shell}`)];
  }
  const bySssd = scopes.get("sssd");
  const isMeant = [bySssd, site?.whom].some((whom) => whom !== undefined && reasonRecorded(whom, user, groups) !== "");
  // A directory may name the recorder as anybody's shell.
  const own = await accountNamed(host, user, "files");
  if (isMeant || bySssd === undefined || own === undefined || isRecorder(own.shell)) return [];
  const what = `no file says that SSSD is to give ${user} the recorder: what it read when it started is gone, and ends when it starts anew`;
  return [warning(what, `recctl enable --user ${user}`)];
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
  const again = isSites
    ? "sss_cache -E && systemctl restart sssd"
    : site === undefined
      ? `recctl enable --user ${user}`
      : `name ${user} in [session_recording] of ${site.file}, then: systemctl restart sssd`;
  const bySssd = isSites ? site.whom : scopes.get("sssd");
  if (scopes.get("shell")?.users.includes(user)) {
    return problem(`${is}, though recctl enable had changed it`, again);
  }
  const served = await accountNamed(host, user, "sss");
  if (served?.shell === recordingShell) {
    const what = `${is}, from a source that is asked before SSSD, which would give the recorder`;
    return problem(what, nsswitchCure(deciding));
  }
  if (bySssd !== undefined && reasonRecorded(bySssd, user, groups) !== "") {
    return problem(
      served === undefined
        ? `${is}: SSSD is to give the recorder, but does not know ${user}`
        : `${is}, though SSSD is to give the recorder`,
      user === "root" ? "recctl enable --user root --method shell" : again,
    );
  }
  return problem(is, again);
}
