/** rec-session: records a login session, as the user's login shell. */
import { userInfo } from "node:os";
import { aboutText } from "../src/about.ts";
import { recordingsFolder, siteFolder } from "../src/catalog/place.ts";
import { report } from "../src/cli.ts";
import { loadConfiguration } from "../src/config/load.ts";
import type { Settings } from "../src/config/options.ts";
import { programNamed } from "../src/config/program.ts";
import { readConfigurationFile } from "../src/config/read-file.ts";
import { RecError, systemReason } from "../src/errors.ts";
import { record, tell } from "../src/recording.ts";
import { isWithinRecording } from "../src/session/ancestors.ts";
import { withVariable } from "../src/session/environment.ts";
import { identify } from "../src/session/identity.ts";
import { callName, type Launch } from "../src/session/launch.ts";
import { shellInPasswd } from "../src/session/passwd.ts";
import { chooseShell, isLoginName, type ShellChoice, shellArguments } from "../src/session/shell.ts";
import { isStartedBySshd, sshCommand } from "../src/session/ssh-command.ts";
import { tellAdministrator } from "../src/system-log.ts";
import { become } from "../src/terminal/child.ts";
import { launcherPath, native } from "../src/terminal/native.ts";

type SessionSettings = Settings<"rec-session">;

export async function recSession(launch: Launch): Promise<void> {
  const called = callName(launch);
  const program = programNamed(called, "rec-session");
  const { invokedAs: name } = program;
  const words = wordsOf(name);
  const surroundings = { readFile: readConfigurationFile, environment: launch.env };
  const { settings, positionalIndexes, problems, notices } = loadConfiguration(program, launch.args, surroundings);
  const about = await aboutText(program, settings);
  if (about !== undefined) {
    tell(native, about, 1);
    native.exitNow(0);
  }
  for (const problem of problems) report(name, problem, words.complain, false);
  for (const notice of notices) words.warn(notice);
  const account = userAccount();
  const shell = shellOf(launch, called, settings, account);
  for (const { shell: path, why } of shell.refused) {
    report(name, new RecError("REC_SHELL_MISSING", { shell: path, why, instead: shell.path }), words.fail, false);
  }
  const shellProgram = programOf(launch, settings, shell.path, positionalIndexes);
  if (launch.isPrivileged && isRecordedAlready()) becomeShell(launch, shellProgram);
  await record({
    name,
    native,
    ownsStdin: isStartedBySshd(process.ppid),
    transferPrograms: settings["transfer.record"] ? [] : settings["transfer.programs"],
    warn: words.warn,
    fail: words.fail,
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

interface Words {
  /** What ends the session, or changes it for its user. */
  fail(text: string): void;
  /** What the user can do nothing about. */
  warn(text: string): void;
  /** What of the configuration does not count. */
  complain(text: string): void;
}

/** Who is told what. */
function wordsOf(name: string): Words {
  const administrator = (text: string): boolean => tellAdministrator(native, name, text);
  return {
    fail(text) {
      administrator(text);
      tell(native, text);
    },
    // Where no daemon takes it the doctor finds it: what is recorded in the place of the fallback.
    warn: (text) => void administrator(text),
    // A person may pass it on, but a script reads what comes.
    complain(text) {
      if (!administrator(text) && native.isTerminal(2) === 1) tell(native, text);
    },
  };
}

function shellOf(launch: Launch, called: string, settings: SessionSettings, account: Account): ShellChoice {
  const sources = {
    names: [called, launch.argv0],
    environment: [launch.env("TLOG_REC_SESSION_SHELL"), launch.env("REC_SESSION_SHELL")],
    configured: settings.shell,
    passwd: [account.shell, account.ownShell],
    fallback: settings["fallback-shell"],
  };
  return chooseShell(sources, [launcherPath, launch.executed]);
}

/** The shell with its arguments: what sshd was asked for, or what came after our options. */
function programOf(launch: Launch, settings: SessionSettings, shell: string, positionals: readonly number[]) {
  const asked = settings["ssh-command"] ? sshCommand(launch.environment) : undefined;
  const flags = {
    invokedAs: launch.argv0,
    login: settings.login || isLoginName(launch.argv0) || (settings["ssh-command"] && asked === undefined),
    interactive: settings.interactive,
    command: settings.command || asked !== undefined,
  };
  const given = asked === undefined ? positionals.map((index) => launch.rawArgs[index] ?? new Uint8Array()) : [asked];
  return {
    paths: [shell],
    args: shellArguments(shell, flags, given),
    environment: withVariable(launch.environment, "SHELL", shell),
  };
}

/** Throws REC_EXEC_REFUSED where it cannot. */
function becomeShell(launch: Launch, program: ReturnType<typeof programOf>): never {
  const { ignoredSignals, blockedSignals, limits, closed } = launch;
  const why = systemReason(
    become(native, { ...program, inherited: [], ignoredSignals, blockedSignals, limits }, closed),
  );
  throw new RecError("REC_EXEC_REFUSED", { command: program.paths[0] ?? "", why });
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

interface Account {
  readonly shell: string | undefined;
  readonly ownShell: string | undefined;
  readonly home: string | undefined;
}

/** What is known of the real user; one whom NSS does not know has nothing. */
function userAccount(): Account {
  try {
    const { username, shell, homedir } = userInfo();
    return { shell: shell ?? undefined, ownShell: shellInPasswd(username), home: homedir };
  } catch {
    return { shell: undefined, ownShell: undefined, home: undefined };
  }
}
