/** The doctor's cures: each ill is made, the command that the doctor names is run as it is printed, and the doctor finds the ill no more. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import type { Finding } from "../../src/site/doctor/finding.ts";
import type { Account } from "./account.ts";
import { serverOfFile } from "./server.ts";

const server = serverOfFile("unrecorded");
const configuration = "/etc/rec-session/rec-session.conf";
let account: Account | undefined;

/** What is not well, for that user. */
async function ills(user = account?.name): Promise<Finding[]> {
  const { stdout } = await server().guest.run(`recctl doctor --json --user ${user}`, { mayFail: true });
  const found = stdout.toString().trim().split("\n");
  return found.map((line) => JSON.parse(line) as Finding).filter(({ level }) => level !== "well");
}

/** Our packages where apt-get finds them, as a site has them, and a shell of Debian's. */
async function servePackages(): Promise<void> {
  const { guest } = server();
  await guest.run("mkdir -p /srv/packages && mv -t /srv/packages /root/*.deb");
  await guest.run(
    `mkdir -p /tmp/mksh/DEBIAN /tmp/mksh/bin && cp /bin/dash /tmp/mksh/bin/mksh &&
    printf 'Package: mksh\nVersion: 99\nArchitecture: all\nMaintainer: x <x@example.org>\nDescription: x\n' > /tmp/mksh/DEBIAN/control &&
    dpkg-deb --build /tmp/mksh /srv/packages/mksh.deb && dpkg -i /srv/packages/mksh.deb`,
  );
  const folder = guest.path("/srv/packages");
  const stanzas: string[] = [];
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const sum = createHash("sha256").update(readFileSync(path)).digest("hex");
    const control = await guest.text(`dpkg-deb -f /srv/packages/${basename(name)}`);
    stanzas.push(`${control}\nFilename: ./${name}\nSize: ${statSync(path).size}\nSHA256: ${sum}\n`);
  }
  writeFileSync(join(folder, "Packages"), stanzas.join("\n"));
  writeFileSync(guest.path("/etc/apt/sources.list"), "deb [trusted=yes] file:/srv/packages ./\n");
  await guest.run("apt-get update");
}

beforeEach(async () => {
  if (server() === undefined || account !== undefined) return;
  account = await server().account("/bin/mksh");
  await servePackages();
  await server().guest.run(`recctl enable --user ${account.name} --method sssd`);
});

/** As an administrator pastes it; apt-get would ask him. */
async function expectCured(user: string | undefined, ill: RegExp): Promise<void> {
  const found = (await ills(user)).filter(({ sentence }) => ill.test(sentence));
  expect(found).not.toEqual([]);
  for (const { cure } of found) {
    const environment = { DEBIAN_FRONTEND: "noninteractive" };
    await server().guest.run(["bash", "-c", cure ?? "false"], { environment });
  }
  expect((await ills(user)).filter(({ sentence }) => ill.test(sentence))).toEqual([]);
}

const journald = (setting: string): string =>
  `rm -rf /etc/systemd/journald.conf.d && mkdir /etc/systemd/journald.conf.d && printf '[Journal]\\n${setting}\\n' > /etc/systemd/journald.conf.d/x.conf`;

const says = (text: string): string => `printf '%s' '${text}' > ${configuration}`;

describe("what the doctor names cures", () => {
  test.each<[string, string, RegExp]>([
    [
      "files before SSSD",
      "sed -i '/^passwd:/s/sss //;/^passwd:/s/$/ sss/' /etc/nsswitch.conf",
      /asks files before SSSD/,
    ],
    ["no nsswitch.conf", "rm /etc/nsswitch.conf", /there is no .*nsswitch/],
    ["SSSD stopped", "systemctl stop sssd", /SSSD does not run/],
    ["SSSD that is not started at boot", "systemctl disable sssd", /not started at boot/],
    ["a drop-in that SSSD refuses", "chmod 644 /etc/sssd/conf.d/zz-rec-session.conf", /not root's alone/],
    ["no recording shell", "rm /usr/bin/tlog-rec-session", /tlog-rec-session is not there/],
    ["a recording shell that nobody lists", "remove-shell /usr/bin/tlog-rec-session", /is not in \/etc\/shells/],
    ["no recorder", "rm /usr/bin/rec-session", /\/usr\/bin\/rec-session is not there/],
    ["a recorder without its right", "chmod 755 /usr/bin/rec-session", /not root:rec with mode 2755/],
    [
      "a recorder that nobody may run",
      "chmod 600 /usr/bin/rec-session",
      /rec-session is no program that every user may run/,
    ],
    ["no group rec", "sed -i /^rec:/d /etc/group /etc/gshadow && sss_cache -E", /there is no group rec/],
    ["members of the group rec", "gpasswd -a root rec && gpasswd -a daemon rec", /the group rec has members/],
    ["no witness", "rm /usr/lib/rec-session/witness", /witness is not there/],
    ["a witness without its right", "chmod 755 /usr/lib/rec-session/witness", /with mode 4750/],
    ["no pam_sss", "pam-auth-update --remove sss", /pam_sss is not in the session stack/],
    ["no pam_sss, by hand", "sed -i /pam_sss/d /etc/pam.d/common-session", /pam_sss is not in the session stack/],
    [
      "no pam_sss of su's",
      "sed -i '/include common-session/s/^/#/' /etc/pam.d/su",
      /not in the session stack of su, su-l:/,
    ],
    [
      "no pam_sss of sudo's",
      "sed -i '/include common-session/s/^/#/' /etc/pam.d/sudo-i",
      /not in the session stack of sudo-i:/,
    ],
    [
      "a cache in front of SSSD",
      "printf '[Service]\\nExecStart=sleep 1000\\n' > /etc/systemd/system/nscd.service && systemctl daemon-reload && systemctl start nscd",
      /nscd caches users/,
    ],
    [
      "a mount without rights",
      "mount --bind /usr/bin /usr/bin && mount -o remount,bind,nosuid /usr/bin",
      /mounted nosuid/,
    ],
    [
      "one that fstab has so",
      "echo '/usr/bin /usr/bin none bind,nosuid 0 0' >> /etc/fstab && mount -o remount,bind,nosuid /usr/bin",
      /mounted nosuid/,
    ],
    ["no shell of the user's", "rm /bin/mksh", /the shell of user\d+, \/bin\/mksh, is no program/],
    ["a shell that nobody may run", "chmod 644 /bin/mksh", /the shell of user\d+, \/bin\/mksh, is no program/],
    ["no configuration", `rm ${configuration}`, /recorders take their defaults/],
    ["a configuration of root's alone", `chmod 600 ${configuration}`, /recorders may not read/],
    ["one of everyone's", `chmod 666 ${configuration}`, /others than root may write/],
    ["nothing recorded", says('{ "writer": "none" }'), /nothing is recorded/],
    ["output not recorded", says('{ "log": { "output": false } }'), /what programs show is not recorded/],
    ["the user's environment", says('{ "environment": true }'), /can turn it off/],
    ["a rate that drops", says('{ "limit": { "action": "drop" } }'), /limit.action is drop/],
    ["a buffer that drops", says('{ "buffer": { "policy": "drop" } }'), /buffer.policy is drop/],
    ["nothing required", says('{ "required": "none" }'), /required is none/],
    [
      "a folder that is missing",
      says('{ "folder": { "path": "/srv/a b/c" } }'),
      /folder.path is .* which is not there/,
    ],
    ["a file that is missing", says('{ "file": { "path": "/srv/d/e" } }'), /file.path is .* which is not there/],
    [
      "a file that is everyone's",
      `install -g rec -m 666 /dev/null /srv/f1 && ${says('{ "file": { "path": "/srv/f1" } }')}`,
      /file.path is .*reach each other's/,
    ],
    [
      "a file that is not the recorders'",
      `install -m 600 /dev/null /srv/f2 && ${says('{ "file": { "path": "/srv/f2" } }')}`,
      /file.path is .*recorders .* may not write/,
    ],
    [
      "a folder that is everyone's",
      `install -d -g rec -m 777 /srv/d1 && ${says('{ "folder": { "path": "/srv/d1" } }')}`,
      /folder.path is .*reach each other's/,
    ],
    [
      "a folder that is not the recorders'",
      `install -d -m 700 /srv/d2 && ${says('{ "folder": { "path": "/srv/d2" } }')}`,
      /folder.path is .*recorders .* may not write/,
    ],
    [
      "a way that is closed",
      `install -d -m 700 /srv/d3 && install -d -g rec -m 3770 /srv/d3/x && ${says('{ "folder": { "path": "/srv/d3/x" } }')}`,
      /may not come through \/srv\/d3/,
    ],
    [
      "a way that is another's",
      `install -d -o daemon /srv/d4 && install -d -g rec -m 3770 /srv/d4/x && ${says('{ "folder": { "path": "/srv/d4/x" } }')}`,
      /\/srv\/d4 is not root's/,
    ],
    ["a shell that recorders cannot run", `chmod 644 /bin/mksh && ${says('{ "shell": "/bin/mksh" }')}`, /: shell is /],
    ["a configuration folder that is everyone's", "chmod 777 /etc/rec-session", /others than root may write/],
    ["one of root's alone", "chmod 700 /etc/rec-session", /recorders may not read/],
    ["no folder for recordings", "rm -r /var/log/rec-session", /\/var\/log\/rec-session is not there/],
    ["one that is everyone's", "chmod 777 /var/log/rec-session", /reach each other's recordings/],
    ["links of shells that are everyone's", "install -d -m 777 /var/lib/rec-session/shell", /what logins run/],
    ["a state that is everyone's", "chmod 777 /var/lib/rec-session", /users can change who is recorded/],
    ["no folder of the journal's", "rm -r /var/log/journal", /lost at the next reboot/],
    ["a journal that keeps nothing", journald("Storage=none"), /keeps nothing/],
    [
      "a journal that may send less than a session did",
      `su - USER -c true && ${journald("RateLimitBurst=2")}`,
      /near the limit|what is beyond is dropped/,
    ],
    ["a journal that is smaller than a day", journald("SystemMaxUse=1K"), /such days the oldest are deleted/],
    ["a journal in memory", journald("Storage=volatile"), /in memory only/],
    ["~/.ssh/rc", "rm /etc/ssh/sshd_config.d/00-rec-session-rc.conf", /sshd starts ~\/.ssh\/rc/],
    [
      "~/.ssh/rc by another file",
      "echo PermitUserRC yes > /etc/ssh/sshd_config.d/00-a.conf",
      /sshd starts ~\/.ssh\/rc/,
    ],
    ["~/.ssh/rc as nothing is included", "sed -i /^Include/d /etc/ssh/sshd_config", /sshd starts ~\/.ssh\/rc/],
    [
      "sftp without a program",
      "sed -i '/^Subsystem/s|sftp.*|sftp internal-sftp|' /etc/ssh/sshd_config",
      /serves sftp itself/,
    ],
    ["X11", "ln -s /bin/true /usr/bin/xauth; echo X11Forwarding yes > /etc/ssh/sshd_config.d/x.conf", /forwards X11/],
    [
      "a call that was killed",
      `echo '{"call":["enable","--user","USER"],"files":[],"links":[],"logins":[],"services":[]}' > /var/lib/rec-session/undo.json`,
      /killed half way/,
    ],
    [
      "a journal that others filled",
      "touch -d '2 days ago' /etc/sssd/conf.d/zz-rec-session.conf",
      /older recordings are gone/,
    ],
  ])("%s", async (_, spoil, expected) => {
    const before = server().guest.read(configuration);
    await server().guest.run(spoil.replaceAll("USER", account?.name ?? ""));
    try {
      await expectCured(account?.name, expected);
    } finally {
      writeFileSync(server().guest.path(configuration), before);
    }
  });

  test.each<[string, string, RegExp]>([
    ["nobody", "true", /is not recorded: the login shell is \/bin\/bash$/],
    ["sshd alone", "recctl enable --user USER --method forcecommand", /is not recorded on the console/],
    [
      "a login shell that was changed back",
      "recctl enable --user USER --method shell && usermod -s /bin/bash USER",
      /though recctl enable had changed it/,
    ],
    [
      "a login shell that he may leave",
      "recctl enable --user USER --method shell && getent passwd USER | cut -d: -f7 >> /etc/shells",
      /may leave it with chsh/,
    ],
  ])("for a user whom %s records", async (_, spoil, expected) => {
    const { name } = await server().account();
    await server().guest.run(spoil.replaceAll("USER", name));
    await expectCured(name, expected);
  });

  test("and where none can, it says so with its place", async () => {
    const { guest } = server();
    const before = guest.read(configuration);
    writeFileSync(guest.path(configuration), '{\n  "latncy": 3\n}\n');
    writeFileSync(guest.path("/etc/ssh/sshrc"), "true\n");
    const decisions = (await ills()).map(({ decision }) => decision ?? "");
    writeFileSync(guest.path(configuration), before);
    await guest.run("rm /etc/ssh/sshrc");
    expect(decisions).toContainEqual(expect.stringMatching(/^\/etc\/rec-session\/rec-session\.conf:2: what is meant/));
    expect(decisions).toContainEqual(expect.stringMatching(/^\/etc\/ssh\/sshrc: what it does only the site knows/));
  });
});
