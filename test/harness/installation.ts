/** rec-session as a package installs it, in a folder of the test's: the set-group-ID copy, run by an ordinary user in a mount namespace. */
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  copyFileSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { compileLauncher } from "../../scripts/native.ts";
import { ownDev } from "./own-dev.ts";
import { programs, type Recorded, readRecording, root, temporaryFolder } from "./recorder.ts";

/** Numbers that nobody has; the user is in the passwd of the mount namespace. */
export const user = 64_101;
export const userName = "recorded";
export const group = 64_102;
export const recGroup = 64_103;

/** Why there can be no installation here; undefined where there can. */
export const installationMissing: string | undefined = ((): string | undefined => {
  if (process.getuid?.() !== 0) return "a set-group-ID program needs root to install";
  try {
    execFileSync("unshare", ["-m", "sh", "-c", "mount -t tmpfs tmpfs /mnt"], { stdio: "ignore" });
    return undefined;
  } catch {
    return "no mount namespaces here";
  }
})();

const systemFolders = ["/etc/rec-session", "/etc/tlog", "/var/log/rec-session"];

export class Installation {
  readonly folder: string = temporaryFolder();
  /** Set-group-ID. */
  readonly recSession: string = join(this.folder, "bin/rec-session");
  /** What the links of the other commands lead to. */
  readonly launcher: string = join(this.folder, "lib/launcher");
  /** The user's. */
  readonly home: string = join(this.folder, "home");
  readonly #recordings = join(this.folder, "log");

  /** `configuration`: what the administrator writes into rec-session.conf, and into tlog's. */
  constructor(configuration: object, ofTlog: object = {}) {
    const library = join(this.folder, "lib");
    for (const name of ["bin", "lib", "etc", "tlog", "log", "home"]) mkdirSync(join(this.folder, name));
    chmodSync(this.folder, 0o755);
    chownSync(this.home, user, group);
    // Each but the launcher, which is made for the place, and the library, which nobody installs.
    const parts = readdirSync(join(root, "build")).filter((name) => !/^(launcher|witness|packages|library)/.test(name));
    for (const name of parts) provide(join(root, "build", name), join(library, name));
    compileLauncher(this.launcher, library);
    copyFileSync(this.launcher, this.recSession);
    chownSync(this.recSession, 0, recGroup);
    chmodSync(this.recSession, 0o2755);
    // Its own copy: links share owner and mode.
    copyFileSync(join(root, "build/witness"), join(library, "witness"));
    chownSync(join(library, "witness"), 0, recGroup);
    chmodSync(join(library, "witness"), 0o4750);
    chownSync(this.#recordings, 0, recGroup);
    chmodSync(this.#recordings, 0o3770);
    const account = `${userName}:x:${user}:${group}::${this.home}:/bin/bash\n`;
    writeFileSync(join(this.folder, "passwd"), readFileSync("/etc/passwd", "utf8") + account);
    const text = JSON.stringify({ writer: "folder", notice: "", ...configuration });
    writeFileSync(join(this.folder, "etc/rec-session.conf"), text);
    writeFileSync(join(this.folder, "tlog/tlog-rec-session.conf"), JSON.stringify(ofTlog));
  }

  /** Lines that came to the daemon of `withSyslog`. */
  get logged(): string {
    return readFileSync(join(this.folder, "syslog"), "utf8");
  }

  /** A /dev with a syslog daemon that ends with the script. */
  get #syslog(): string {
    return [
      ownDev(this.folder),
      `perl ${programs}/syslog.pl /dev/log >>${this.folder}/syslog </dev/null 2>&1 & until [ -S /dev/log ]; do sleep 0.01; done`,
      `trap 'while kill %1 2>/dev/null; do sleep 0.05; done' EXIT;`,
    ].join("; ");
  }

  /** argv of a process that runs the shell script as root where this is installed, with the words as its $1, $2 ... */
  args(script: string, ...words: string[]): string[] {
    const mounts = systemFolders.map((to, i) => {
      const from = join(this.folder, ["etc", "tlog", "log"][i] ?? "");
      return `mkdir -p ${to}; mount --bind ${from} ${to};`;
    });
    mounts.push(`mount --bind ${join(this.folder, "passwd")} /etc/passwd;`);
    return ["unshare", "-m", "bash", "-c", `${mounts.join(" ")} ${script}`, "bash", ...words];
  }

  /** The same as the user, in his home. */
  asUser(script: string, ...words: string[]): string[] {
    return this.args(`exec ${this.#asUser(script)} "$@"`, ...words);
  }

  /** The same where problems can be told to a syslog daemon. */
  withSyslog(script: string, ...words: string[]): string[] {
    return this.args(`${this.#syslog} ${this.#asUser(script)} "$@"`, ...words);
  }

  #asUser(script: string): string {
    const drop = `setpriv --reuid ${user} --regid ${group} --groups ${group},${group + 10} --inh-caps=-all`;
    return `env -C ${this.home} ${drop} bash -c ${quote(script)} bash`;
  }

  get files(): string[] {
    return readdirSync(this.#recordings).map((name) => join(this.#recordings, name));
  }

  get recording(): Recorded {
    return readRecording(this.files[0] ?? "none");
  }
}

/** A link where it can be: node is large. */
function provide(from: string, to: string): void {
  try {
    linkSync(realpathSync(from), to);
  } catch {
    copyFileSync(realpathSync(from), to);
  }
}

export function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
