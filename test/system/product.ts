/** Our product in a guest, as its packages lay it out, with every login recorded but that of one user. */
import { chmodSync, copyFileSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Guest } from "./guest.ts";

const build = join(dirname(dirname(import.meta.dirname)), "build");
const library = "/usr/lib/rec-session";

/** Whom SSSD leaves alone: what a session is like without us. */
export const unrecorded = "plain";

const sssdConfiguration = `[sssd]
services = nss, pam
domains = local
[nss]
pwfield = x
[domain/local]
id_provider = proxy
proxy_lib_name = files
auth_provider = none
access_provider = permit
[session_recording]
scope = all
exclude_users = ${unrecorded}
`;

export async function installProduct(guest: Guest): Promise<void> {
  await guest.run("groupadd --system rec");
  mkdirSync(guest.path(library), { recursive: true });
  for (const name of readdirSync(build)) {
    if (name !== "launcher") copyFileSync(join(build, name), guest.path(`${library}/${name}`));
  }
  copyFileSync(join(build, "launcher"), guest.path(`${library}/launcher`));
  for (const name of ["rec", "rec-session", "rec-play", "recctl"]) {
    symlinkSync(`${library}/launcher`, guest.path(`/usr/bin/${name}`));
  }
  symlinkSync("rec-session", guest.path("/usr/bin/tlog-rec-session"));
  await guest.run(`chown root:rec ${library}/launcher; chmod 2755 ${library}/launcher; install -d -m 2770 -g rec /var/log/rec-session
    printf '%s\\n' /usr/bin/rec-session /usr/bin/tlog-rec-session >> /etc/shells`);
}

export async function enableRecording(guest: Guest): Promise<void> {
  writeFileSync(guest.path("/etc/sssd/sssd.conf"), sssdConfiguration);
  chmodSync(guest.path("/etc/sssd/sssd.conf"), 0o600);
  await guest.run("sed -i -E 's/^(passwd|group):.*/\\1: sss files/' /etc/nsswitch.conf; systemctl restart sssd");
}
