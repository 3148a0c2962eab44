/** A Debian 12 with nothing in it, neither Node nor systemd, to install packages on. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { packageFile, packagingMissing } from "../package/packages.ts";

const image = "/var/cache/rec-session-test/minimal-bookworm";

/** Why there can be no such host here; undefined where there can. */
export const hostMissing: string | undefined =
  process.getuid?.() !== 0
    ? "installing needs root"
    : existsSync("/usr/sbin/debootstrap")
      ? packagingMissing
      : "debootstrap is not installed";

/** Made once, with what the cases install beside ours in apt's cache, and never written to again. */
function makeImage(): void {
  if (existsSync(image)) return;
  const unfinished = `${image}.${process.pid}`;
  mkdirSync(dirname(image), { recursive: true });
  const stdio = ["ignore", "ignore", "inherit"] as const;
  execFileSync("debootstrap", ["--variant=minbase", "bookworm", unfinished], { stdio: [...stdio] });
  const fetch = "apt-get update -qq && apt-get install -qq --download-only --no-install-recommends tlog";
  execFileSync("chroot", [unfinished, "sh", "-c", fetch], { stdio: [...stdio] });
  rmSync(join(unfinished, "usr/sbin/policy-rc.d"), { force: true });
  renameSync(unfinished, image);
}

export interface Result {
  readonly status: number | null;
  /** Both streams, as somebody at the console sees them. */
  readonly text: string;
}

export class Host {
  readonly #keeper: ChildProcess;
  readonly #folder: string;

  private constructor(keeper: ChildProcess, folder: string) {
    this.#keeper = keeper;
    this.#folder = folder;
  }

  /** With our packages' files in /packages; whoever opens it closes it. */
  static async open(): Promise<Host> {
    makeImage();
    const keeper = spawn(join(import.meta.dirname, "enter.sh"), [image], { stdio: ["pipe", "pipe", "inherit"] });
    const folder = await new Promise<string>((resolve, reject) => {
      keeper.stdout.once("data", (line: Buffer) => resolve(line.toString().trim()));
      keeper.once("exit", (status) => reject(new Error(`enter.sh: status ${status}`)));
    });
    const host = new Host(keeper, folder);
    mkdirSync(host.path("/packages"));
    for (const name of ["rec-session", "rec-session-tlog"]) {
      const file = packageFile(name, "deb");
      copyFileSync(file, host.path(`/packages/${basename(file)}`));
    }
    return host;
  }

  /** Its files, as we see them. */
  path(inside: string): string {
    return join(`/proc/${this.#keeper.pid}/root`, this.#folder, inside);
  }

  /** A line for root's shell. */
  run(line: string): Result {
    const enter = [`--target=${this.#keeper.pid}`, "--mount", "chroot", this.#folder];
    const environment = ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LANG=C.UTF-8", "TERM=xterm"];
    const shell = ["env", "-i", ...environment, "DEBIAN_FRONTEND=noninteractive", "sh", "-c", `exec 2>&1; ${line}`];
    const { status, stdout } = spawnSync("nsenter", [...enter, ...shell], { encoding: "utf8", input: "" });
    return { status, text: stdout };
  }

  /** A command of ours, by Debian's rpm, on its files: it has none itself. Dependencies are Debian's to know. */
  rpm(words: readonly string[]): Result {
    const line = ["exec 2>&1;", "exec", "rpm", `--root=${this.#folder}`, "--nodeps", ...words].join(" ");
    const enter = [`--target=${this.#keeper.pid}`, "--mount", "sh", "-c", line];
    const { status, stdout } = spawnSync("nsenter", enter, { encoding: "utf8", input: "" });
    return { status, text: stdout };
  }

  /** What it prints, without the last newline; it must succeed. */
  text(line: string): string {
    const { status, text } = this.run(line);
    if (status !== 0) throw new Error(`${line}: status ${status}\n${text}`);
    return text.replace(/\n$/, "");
  }

  close(): void {
    this.#keeper.stdin?.end();
  }
}
