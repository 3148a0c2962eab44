/** The shell of a login session: which one, and how it is called. */
import { statSync } from "node:fs";
import { unrunnable } from "./executable.ts";

/** Where the shell may come from, strongest first; undefined where it says nothing. */
export interface ShellSources {
  /** The names it was called by; the first that says a shell counts. */
  readonly names: readonly string[];
  /** TLOG_REC_SESSION_SHELL, then REC_SESSION_SHELL. */
  readonly environment: readonly (string | undefined)[];
  readonly configured: string | undefined;
  /** NSS's answer, then the line of /etc/passwd, which SSSD's answer hides. */
  readonly passwd: readonly (string | undefined)[];
  /** Taken when the one found cannot be run. */
  readonly fallback: string;
}

export interface ShellChoice {
  readonly path: string;
  /** What was passed over, and why. */
  readonly refused: readonly { readonly shell: string; readonly why: string }[];
}

/** The last resort of a login that must not fail; POSIX systems have it. */
const lastResort = "/bin/sh";

/** Never fails: a user who cannot get his shell gets another, and is told. `launchers`: the recorder itself, which no shell may be. */
export function chooseShell(sources: ShellSources, launchers: readonly string[]): ShellChoice {
  const { names, environment, configured, passwd, fallback } = sources;
  const isRecorder = (path: string): boolean => launchers.some((launcher) => isSame(path, launcher));
  // A link to the recorder that says a shell, as `recctl enable --method shell` makes it, means that shell: also
  // where SSSD hands out the recorder too, and tells of the link as of the user's own shell.
  const meant = (path: string | undefined): string | undefined =>
    path !== undefined && isRecorder(path) ? (shellOfName(path) ?? path) : path;
  const named = [...names.map(shellOfName), ...[...environment, configured].map(meant)].find(
    (path) => path !== undefined && path !== "",
  );
  // Where the recorder was made the login shell, that says nothing.
  const ownPasswd = passwd.map(meant).find((path) => path !== undefined && path !== "" && !isRecorder(path));
  const wanted = named ?? ownPasswd ?? fallback;
  const refused = new Map<string, string>();
  const choice = (path: string): ShellChoice => ({
    path,
    refused: [...refused].map(([shell, why]) => ({ shell, why })),
  });
  for (const path of [wanted, fallback]) {
    const why = isRecorder(path) ? "it is the recorder itself" : unrunnable(path);
    if (why === undefined) return choice(path);
    refused.set(path, why);
  }
  return choice(lastResort);
}

/** `NAME-shell-bin-zsh` is /bin/zsh: after "-shell" a dash is a slash, and a backslash keeps the next character. */
export function shellOfName(argv0: string): string | undefined {
  const name = argv0.slice(argv0.lastIndexOf("/") + 1);
  const mark = name.indexOf("-shell-");
  if (mark === -1) return undefined;
  return name.slice(mark + "-shell".length).replace(/\\(.)|-/gs, (_, kept: string | undefined) => kept ?? "/");
}

export function isLoginName(argv0: string): boolean {
  return argv0.slice(argv0.lastIndexOf("/") + 1).startsWith("-");
}

/** argv of the shell: what the user gave stays as it is, bytes included. */
export function shellArguments(
  path: string,
  flags: {
    /** argv[0] of the recorder: sshd and su give a shell its bare name, others its path. */
    readonly invokedAs: string;
    readonly login: boolean;
    readonly interactive: boolean;
    readonly command: boolean;
  },
  positionals: readonly Uint8Array[],
): (string | Uint8Array)[] {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const argv0 = flags.login ? `-${name}` : flags.invokedAs.includes("/") ? path : name;
  const option = flags.command ? ["-c"] : flags.interactive ? ["-i"] : [];
  return [argv0, ...option, ...positionals];
}

function isSame(path: string, launcher: string): boolean {
  try {
    const one = statSync(path);
    const other = statSync(launcher);
    return one.dev === other.dev && one.ino === other.ino;
  } catch {
    return false;
  }
}
