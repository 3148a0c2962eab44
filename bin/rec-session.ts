/** rec-session: records a login session, as the user's login shell. */
import { userInfo } from "node:os";
import { aboutText } from "../src/about.ts";
import { recordingsFolder, siteFolder } from "../src/catalog/place.ts";
import { report } from "../src/cli.ts";
import { loadConfiguration } from "../src/config/load.ts";
import { programNamed } from "../src/config/program.ts";
import { readConfigurationFile } from "../src/config/read-file.ts";
import { RecError, systemReason } from "../src/errors.ts";
import { record, tell } from "../src/recording.ts";
import { isWithinRecording } from "../src/session/ancestors.ts";
import { withVariable } from "../src/session/environment.ts";
import { identify } from "../src/session/identity.ts";
import { callName, type Launch } from "../src/session/launch.ts";
import { shellInPasswd } from "../src/session/passwd.ts";
import { chooseShell, isLoginName, shellArguments } from "../src/session/shell.ts";
import { isStartedBySshd, sshCommand } from "../src/session/ssh-command.ts";
import { tellAdministrator } from "../src/system-log.ts";
import { become } from "../src/terminal/child.ts";
import { launcherPath, native } from "../src/terminal/native.ts";

export async function recSession(launch: Launch): Promise<void> {
  const called = callName(launch);
  const program = programNamed(called, "rec-session");
  const administrator = (text: string): boolean => tellAdministrator(native, program.invokedAs, text);
  const fail = (text: string): void => {
    administrator(text);
    tell(native, text);
  };
  // The user can do nothing about it. Where no daemon takes it the doctor finds it: what is recorded in the place of the fallback.
  const warn = (text: string): void => void administrator(text);
  // What of the configuration does not count: a person may pass it on, but a script reads what comes.
  const complain = (text: string): void => {
    if (!administrator(text) && native.isTerminal(2) === 1) tell(native, text);
  };
  const surroundings = {
    readFile: readConfigurationFile,
    environment: launch.env,
  };
  const { settings, positionalIndexes, problems, notices } = loadConfiguration(program, launch.args, surroundings);
  const about = await aboutText(program, settings);
  if (about !== undefined) {
    tell(native, about, 1);
    native.exitNow(0);
  }
  for (const problem of problems) report(program.invokedAs, problem, complain, false);
  for (const notice of notices) administrator(notice);
  const account = userAccount();
  const shell = chooseShell(
    {
      names: [called, launch.argv0],
      environment: [launch.env("TLOG_REC_SESSION_SHELL"), launch.env("REC_SESSION_SHELL")],
      configured: settings.shell,
      passwd: [account.shell, account.ownShell],
      fallback: settings["fallback-shell"],
    },
    [launcherPath, launch.executed],
  );
  for (const { shell: path, why } of shell.refused) {
    report(
      program.invokedAs,
      new RecError("REC_SHELL_MISSING", { shell: path, why, instead: shell.path }),
      fail,
      false,
    );
  }
  const asked = settings["ssh-command"] ? sshCommand(launch.environment) : undefined;
  const flags = {
    invokedAs: launch.argv0,
    login: settings.login || isLoginName(launch.argv0) || (settings["ssh-command"] && asked === undefined),
    interactive: settings.interactive,
    command: settings.command || asked !== undefined,
  };
  const given =
    asked === undefined ? positionalIndexes.map((index) => launch.rawArgs[index] ?? new Uint8Array()) : [asked];
  const shellProgram = {
    paths: [shell.path],
    args: shellArguments(shell.path, flags, given),
    environment: withVariable(launch.environment, "SHELL", shell.path),
  };
  if (launch.isPrivileged && isRecordedAlready()) {
    const { ignoredSignals, blockedSignals, limits, closed } = launch;
    const plain = { ...shellProgram, inherited: [], ignoredSignals, blockedSignals, limits };
    const why = systemReason(become(native, plain, closed));
    throw new RecError("REC_EXEC_REFUSED", { command: shell.path, why });
  }
  await record({
    name: program.invokedAs,
    native,
    ownsStdin: isStartedBySshd(process.ppid),
    transferPrograms: settings["transfer.record"] ? [] : settings["transfer.programs"],
    warn,
    fail,
    launch,
    identity: identify(launch.env("TERM")),
    settings,
    folder: launch.isInstalled ? siteFolder : ownFolder(account.home),
    program: shellProgram,
    isLogin: true,
    notice: settings.notice,
    farewell: () => "",
  });
}

/** Only the set-group-ID recorder can tell: its group is what no process of the user's has. */
function isRecordedAlready(): boolean {
  const { ppid: parent, getuid, getegid } = process;
  return isWithinRecording({ parent, uid: getuid?.() ?? -1, egid: getegid?.() ?? -1 });
}

/** By the account, not by the environment, which the recorded user decides. */
function ownFolder(home: string | undefined): string | null {
  return recordingsFolder((name) => (name === "HOME" ? home : undefined));
}

/** What is known of the real user; one whom NSS does not know has nothing. */
function userAccount(): {
  shell: string | undefined;
  ownShell: string | undefined;
  home: string | undefined;
} {
  try {
    const { username, shell, homedir } = userInfo();
    return { shell: shell ?? undefined, ownShell: shellInPasswd(username), home: homedir };
  } catch {
    return { shell: undefined, ownShell: undefined, home: undefined };
  }
}
