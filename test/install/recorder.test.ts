import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Host, hostMissing } from "./host.ts";

const install = "apt-get install -y --no-install-recommends /packages/rec-session_*.deb";
const launcher = "stat -c '%a %U:%G' /usr/bin/rec-session";

/** In order: each case begins with what the one before has left. */
describe.skipIf(hostMissing !== undefined)(`rec-session on a bare Debian (${hostMissing ?? "with root"})`, () => {
  let host: Host;
  beforeAll(async () => {
    host = await Host.open();
    host.text("useradd --create-home alice");
  });
  afterAll(() => host.close());

  const asAlice = (line: string) => host.run(`su - alice -c '${line}'`);

  test("a group of people by the name rec gets no right over recordings", () => {
    host.text("groupadd --gid 1500 rec");
    const { status, text } = host.run(install);
    expect(status).not.toBe(0);
    expect(text).toContain("rec-session: the group rec exists already, with the id 1500 of an ordinary group.");
    expect(host.text(launcher)).toBe("755 root:root");
    host.text("groupmod --new-name people rec");
    host.text("dpkg --configure rec-session");
    expect(host.text(launcher)).toBe("2755 root:rec");
    host.text("dpkg --purge rec-session && deluser --quiet rec && groupdel people");
  });

  test("it installs without Node, npm or systemd, and makes group, folders and shell", () => {
    expect(host.run("command -v node npm systemctl systemd-sysusers").text).toBe("");
    host.text(install);
    expect(host.text(launcher)).toBe("2755 root:rec");
    expect(host.text("getent group rec")).toMatch(/^rec:x:\d{3}:$/);
    expect(host.text("getent passwd rec")).toMatch(/nologin$/);
    const folders = "stat -c '%a %U:%G %n' /run/rec-session /var/log/rec-session";
    expect(host.text(folders)).toBe("750 root:rec /run/rec-session\n3770 root:rec /var/log/rec-session");
    expect(host.text("grep -c ^/usr/bin/rec-session$ /etc/shells")).toBe("1");
    expect(host.text("find / -xdev -perm /6000 -type f -path '*rec*' -printf '%m %u:%g %p\\n' | sort")).toBe(
      "2755 root:rec /usr/bin/rec-session\n4750 root:rec /usr/lib/rec-session/witness",
    );
  });

  test("an ordinary user records with rec, at a terminal and without, and replays", () => {
    expect(asAlice("rec -o pipe.log echo one; rec-play pipe.log").text).toBe("one\none\n");
    const { text } = asAlice('script -qec "rec -o tty.log tty" /dev/null; rec-play tty.log');
    expect(text).toMatch(/(\/dev\/pts\/\d+\r\n)[\s\S]*\1/);
    expect(asAlice("recctl list --file-path tty.log").text).toContain("tty");
    expect(asAlice("for i in rec rec-play recctl rec-session; do $i --version; done").status).toBe(0);
  });

  test("a login is recorded where its user cannot reach it", () => {
    host.text("usermod --shell /usr/bin/rec-session alice");
    host.text(`echo '{"writer": "folder", "notice": ""}' > /etc/rec-session/rec-session.conf`);
    expect(asAlice("echo login; id -gn").text).toBe("login\nalice\n");
    expect(host.text("stat -c '%a %U:%G' /var/log/rec-session/*")).toBe("600 alice:rec");
    expect(host.text("rec-play --format text /var/log/rec-session/*")).toContain("login");
    const { status, text } = host.run("setpriv --reuid alice --regid alice --clear-groups ls /var/log/rec-session");
    expect([status, text]).toEqual([2, expect.stringContaining("Permission denied")]);
  });

  test("an upgrade never leaves the launcher without its group, and keeps the site's configuration", () => {
    host.text("dpkg --unpack /packages/rec-session_*.deb");
    expect(host.text(launcher)).toBe("2755 root:rec");
    host.text("dpkg --configure rec-session");
    expect(host.text(launcher)).toBe("2755 root:rec");
    expect(host.text("cat /etc/rec-session/rec-session.conf")).toContain('"writer": "folder"');
  });

  test("a site's own mode of the launcher is left alone", () => {
    host.text("dpkg-statoverride --force-all --update --add root root 755 /usr/bin/rec-session");
    host.text("dpkg -i /packages/rec-session_*.deb");
    expect(host.text(launcher)).toBe("755 root:root");
    host.text("dpkg-statoverride --force-all --update --add root rec 2755 /usr/bin/rec-session");
  });

  test.each(["/usr/bin/rec-session", "/usr/local/bin/rec-session-shell-bin-bash"])(
    "it is not removed while %s is somebody's shell",
    (shell) => {
      host.text("ln -sf /usr/bin/rec-session /usr/local/bin/rec-session-shell-bin-bash");
      host.text(`usermod --shell ${shell} alice`);
      const { status, text } = host.run("apt-get remove -y rec-session");
      expect(status).not.toBe(0);
      expect(text).toContain("rec-session: not removed: these users could not log in any more: alice");
      expect(asAlice("echo still").text).toBe("still\n");
      expect(host.text("dpkg --status rec-session")).toMatch(/^Status: \w+ ok installed$/m);
    },
  );

  test("it is not removed while sshd forces it on somebody", () => {
    host.text("usermod --shell /bin/bash alice");
    const dropIn = "/etc/ssh/sshd_config.d/rec-session.conf";
    host.text(
      `mkdir -p /etc/ssh/sshd_config.d; echo '    ForceCommand /usr/bin/rec-session --ssh-command' > ${dropIn}`,
    );
    const { status, text } = host.run("apt-get remove -y rec-session");
    expect(text).toContain("those whom sshd's ForceCommand has recorded");
    expect(status).not.toBe(0);
    host.text(`rm -r /etc/ssh/sshd_config.d; ${install}`);
  });

  test("removed, it leaves no shell and no privilege; the configuration stays", () => {
    host.text("usermod --shell /bin/bash alice");
    host.text("apt-get remove -y rec-session");
    expect(
      host.run("grep rec-session /etc/shells; dpkg-statoverride --list; ls /usr/lib/rec-session /usr/bin/rec").text,
    ).toMatch(/^ls: [^\n]*\nls: [^\n]*\n$/);
    expect(host.text("cat /etc/rec-session/rec-session.conf")).toContain('"writer": "folder"');
  });

  test("purged, it leaves the recordings and says so", () => {
    expect(host.text("apt-get purge -y rec-session")).toContain("recordings are left in /var/log/rec-session");
    expect(host.text("stat -c '%a %U:%G' /var/log/rec-session")).toBe("3770 root:rec");
    expect(host.text("ls /var/log/rec-session | wc -l")).not.toBe("0");
    expect(host.run("ls /etc/rec-session").status).not.toBe(0);
  });

  test("installed again, it is as it was", () => {
    host.text(install);
    expect(host.text(launcher)).toBe("2755 root:rec");
    expect(asAlice("rec -o again.log echo again; rec-play again.log").text).toBe("again\nagain\n");
  });
});
