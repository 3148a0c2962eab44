/** The Debian 12 that the system test boots: made once by debootstrap, kept under the hash of what is in it, never written to again. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const cache = "/var/cache/rec-session-test";
const suite = "bookworm";

/** What debootstrap's smallest system lacks of a server, and what the cases run in it. */
const packages = [
  ...[
    "systemd",
    "systemd-sysv",
    "dbus",
    "dbus-user-session",
    "libpam-systemd",
    "procps",
    "iproute2",
    "less",
    "locales",
  ],
  ...["openssh-server", "openssh-client", "openssh-sftp-server", "sudo", "at", "cron"],
  ...["sssd-common", "sssd-proxy", "sssd-tools", "libnss-sss", "libpam-sss"],
  ...["systemd-container", "pkexec"],
  ...["rsync", "git", "tmux", "screen", "expect", "zsh", "strace", "gdb-minimal"],
];

/** What the packages do not bring: without /etc/hosts not even localhost has an address. */
const files: Readonly<Record<string, string>> = {
  "etc/hostname": "server\n",
  "etc/hosts": "127.0.0.1 localhost\n127.0.1.1 server.example.org server\n::1 localhost\n",
  "etc/resolv.conf": "",
  // Nothing of the packages' own downloads is wanted again.
  "etc/apt/sources.list": "",
};

/** The folder of the image; builds it (a minute, from Debian's mirror) where it is not there yet. */
export function debianImage(): string {
  const key = createHash("sha256")
    .update(JSON.stringify([suite, packages, files]))
    .digest("hex")
    .slice(0, 16);
  const image = join(cache, `${suite}-${key}`);
  if (existsSync(image)) return image;
  mkdirSync(cache, { recursive: true });
  removeAbandoned();
  const unfinished = `${image}.${process.pid}.unfinished`;
  const args = ["--variant=minbase", `--include=${packages.join(",")}`, suite, unfinished];
  execFileSync("debootstrap", [...args, "http://deb.debian.org/debian"], { stdio: ["ignore", "ignore", "inherit"] });
  for (const [path, text] of Object.entries(files)) writeFileSync(join(unfinished, path), text);
  rmSync(join(unfinished, "var/cache/apt/archives"), { recursive: true, force: true });
  mkdirSync(join(unfinished, "var/cache/apt/archives/partial"), { recursive: true });
  // Its own id comes with its first boot.
  writeFileSync(join(unfinished, "etc/machine-id"), "");
  renameSync(unfinished, image);
  return image;
}

/** What an interrupted run left; another run's, which is still at work, is younger. */
function removeAbandoned(): void {
  const hourMs = 3_600_000;
  for (const name of readdirSync(cache)) {
    const path = join(cache, name);
    if (!name.endsWith(".unfinished") || Date.now() - statSync(path).ctimeMs < hourMs) continue;
    rmSync(path, { recursive: true });
  }
}
