/** Sessions where something is missing that a session usually has: they begin all the same, are recorded, and say nothing for nothing. */
import { execFileSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { beforeEach, describe, expect, test } from "vitest";
import { serverOfFile } from "./server.ts";

const server = serverOfFile();

/** As a daemon that is no login program starts the shell: no audit session, nothing but these variables and what SSSD would say. */
const bare = (name: string, ...variables: string[]): string =>
  `setpriv --reuid=${name} --regid=${name} --init-groups env -i TLOG_REC_SESSION_SHELL=/bin/sh ${variables.join(" ")} rec-session`;

describe("without", () => {
  test.each([
    ["nearly any variable", (name: string) => `${bare(name)} -c 'echo mark-42'`],
    ["TERM", (name: string) => `${bare(name, "HOME=/tmp", "LANG=C.UTF-8")} -c 'echo mark-42'`],
    ["LANG", (name: string) => `${bare(name, "HOME=/tmp", "TERM=xterm")} -c 'echo mark-42'`],
    ["a locale that is there", (name: string) => `${bare(name, "LC_ALL=xx_YY.ISO-8859-1")} -l -c 'echo mark-42'`],
    ["a home folder", (name: string) => `rm -rf /home/${name}; ${bare(name, `HOME=/home/${name}`)} -c 'echo mark-42'`],
    [
      "a working folder",
      (name: string) =>
        `mkdir /tmp/gone.$$; cd /tmp/gone.$$; rmdir ../gone.$$; ${bare(name)} -c 'echo mark-42' 2>/dev/null`,
    ],
    [
      "utmp",
      (name: string) =>
        `mv /run/utmp /run/kept; ${bare(name)} -c 'echo mark-42'; status=$?; mv /run/kept /run/utmp; exit $status`,
    ],
    [
      "utmp, syslog and /dev/tty",
      (name: string) =>
        `mv /run/utmp /run/kept; mv /dev/tty /dev/kept; mv /dev/log /dev/log-kept; ${bare(name)} -c 'echo mark-42'; status=$?
        mv /run/kept /run/utmp; mv /dev/kept /dev/tty; mv /dev/log-kept /dev/log; exit $status`,
    ],
    ["stdin", (name: string) => `${bare(name)} -c 'echo mark-42' <&-`],
    ["stderr", (name: string) => `${bare(name)} -c 'echo mark-42' 2>&-`],
    [
      "a passwd entry that SSSD knows",
      (name: string) => `systemctl stop sssd; ${bare(name)} -c 'echo mark-42'; systemctl start sssd`,
    ],
    ["a name for the host", (name: string) => `hostname x; ${bare(name)} -c 'echo mark-42'; hostname server`],
  ])("%s", async (_, command) => {
    // bash says of a missing locale or folder what it thinks of it.
    const account = await server().account();
    const { status, stdout, stderr } = await server().guest.run(command(account.name), { mayFail: true });
    expect({ status, stdout: stdout.toString(), stderr }).toEqual({ status: 0, stdout: "mark-42\n", stderr: "" });
    expect((await account.played()).stdout.toString()).toContain("mark-42\n");
  });

  test("stdout: its output is lost, as without us, and its status kept", async () => {
    const account = await server().account();
    const { status } = await server().guest.run(`${bare(account.name)} -c 'exit 6' >&-`, { mayFail: true });
    expect(status).toBe(6);
    expect((await account.recording()).state).toBe("complete");
  });

  test("an audit session: each one is recorded, none is taken for the other", async () => {
    const account = await server().account();
    const command = `${bare(account.name)} -c 'sleep 1; echo mark-42'`;
    await server().guest.run(`${command} & ${command} & wait`);
    const found = await account.ended(2);
    for (const { rec } of found) expect((await account.played(rec)).stdout.toString()).toBe("mark-42\n");
  });

  test("journald: the session goes on, and is in a file that the user did not choose", async () => {
    const account = await server().account();
    await server().guest.run("systemctl stop systemd-journald-dev-log.socket systemd-journald.socket systemd-journald");
    try {
      // His scripts read what comes: nobody listens to syslog either, and yet he is told nothing.
      const { stdout, stderr } = await account.ssh("echo mark-42");
      expect([stdout.toString(), stderr]).toEqual(["mark-42\n", ""]);
    } finally {
      await server().guest.run(
        "systemctl start systemd-journald.socket systemd-journald-dev-log.socket systemd-journald",
      );
    }
    const found = await server().guest.text(`grep -rlF mark-42 /var/log/rec-session`, { mayFail: true });
    expect(found.split("\n").filter((line) => line !== "")).toHaveLength(1);
    const id = await server().guest.text(
      `recctl list --user ${account.name} --json | sed 's/.*"rec":"\\([^"]*\\).*/\\1/'`,
    );
    for (const wanted of [found, id, id.replace(/^[^-]*-/, "")]) {
      const { stdout } = await server().guest.run(["rec-play", "--format", "raw", wanted]);
      expect(stdout.toString()).toBe("mark-42\n");
    }
  });

  test("a journald that answers: what is shown while it is stopped is in the recording when it runs again", async () => {
    const account = await server().account();
    const session = account.login();
    await session.sees("$ ");
    await server().guest.run("systemctl kill --signal=STOP systemd-journald");
    session.type("echo before-$((40 + 2))\n");
    await session.sees("before-42");
    await server().guest.run("systemctl kill --signal=CONT systemd-journald");
    session.type("echo after-$((40 + 2)); exit\n");
    await session.exited;
    const { status, stdout } = await account.played();
    expect({ status, stdout: stdout.toString() }).toEqual({
      status: 0,
      stdout: expect.stringMatching(/before-42.*after-42/s),
    });
  });

  test("/dev/tty: a session whose terminal is not its controlling one", async () => {
    const account = await server().account();
    const session = server().guest.terminal(
      `setsid ${bare(account.name, "TERM=xterm")} -c 'echo mark-42; echo x >/dev/tty'`,
    );
    await session.sees("mark-42");
    expect((await session.exited).exit).toBe(0);
    expect((await account.played()).stdout.toString()).toContain("mark-42\r\n");
  });
});

/** Of btrfs, which counts by folder: kernels that have it may have no quotas of ext4 or XFS. */
describe("a disk quota that is used up", () => {
  const disk = "/mnt/quota";
  const exceeded = /disk quota exceeded/i;

  beforeEach(async (context) => {
    if (!["/usr/sbin/mkfs.btrfs", "/dev/loop0"].every(existsSync))
      context.skip("btrfs-progs or loop devices are missing");
    const { guest } = server();
    if (existsSync(guest.path(disk))) return;
    execFileSync("truncate", ["--size=128M", guest.path("/root/disk")]);
    execFileSync("mkfs.btrfs", ["--quiet", guest.path("/root/disk")], { stdio: "ignore" });
    await guest.run(`mknod /dev/loop-control c 10 237; for i in $(seq 0 7); do mknod /dev/loop$i b 7 $i; done
      mkdir ${disk} && mount -o loop /root/disk ${disk}`);
    for (const name of ["", "home", "recordings"]) {
      const folder = guest.path(`${disk}/${name}`);
      execFileSync("btrfs", name === "" ? ["quota", "enable", folder] : ["subvolume", "create", folder]);
      if (name !== "") execFileSync("btrfs", ["qgroup", "limit", "1M", folder]);
    }
  });

  test("of his home: he is recorded", async () => {
    const account = await server().account();
    const { guest } = server();
    await guest.run(`mount --bind ${disk}/home ${account.home} && chown ${account.name}: ${account.home}`);
    expect((await account.as("head -c 2000000 /dev/zero > fill; sync")).stderr).toMatch(exceeded);
    const { stdout, stderr } = await guest.run(["su", "-", account.name, "-c", "touch x; echo mark-$((40+2))"]);
    expect([stdout.toString(), stderr]).toEqual(["mark-42\n", expect.stringMatching(exceeded)]);
    expect((await account.recording()).state).toBe("complete");
    expect((await account.played()).stdout.toString()).toContain("mark-42\n");
    await guest.run(`umount ${account.home}`);
  });

  test("of the recordings' folder: he, the administrator and the auditor are told what is lost, and nobody comes in unrecorded", async () => {
    const account = await server().account();
    const { guest } = server();
    const folder = "/var/log/rec-session";
    const file = "/etc/rec-session/rec-session.conf";
    const installed = guest.read(file);
    writeFileSync(guest.path(file), '{ "writer": "folder" }');
    await guest.run(`mount --bind ${disk}/recordings ${folder} && chown root:rec ${folder} && chmod 3770 ${folder}
      head -c 800000 /dev/zero | tr '\\0' y > ${folder}/fill && sync`);
    try {
      const many = "head -c 300000 /dev/zero | tr '\\0' x | fold -w 70; echo mark-$((40+2))";
      const { status, stdout, stderr } = await guest.run(["su", "-", account.name, "-c", many], { mayFail: true });
      expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringMatching(/cannot write .*: disk quota/) });
      expect(stdout.toString()).toContain("mark-42\n");
      expect(await guest.text("journalctl --sync; journalctl -o cat")).toMatch(
        /rec-session: cannot write .*: disk quota/,
      );
      const list = `recctl list --user ${account.name} --folder ${folder}`;
      expect(await guest.text(list)).toContain("  incomplete  ");
      const played = await guest.run(`rec-play --format raw ${folder}/*_${account.name}_*`, { mayFail: true });
      expect(played).toMatchObject({ status: 3, stderr: expect.stringMatching(/stops at .* without its end/) });
      expect(played.stdout.toString()).not.toContain("mark-42");

      const next = await guest.run(["su", "-", account.name, "-c", "echo hidden"], { mayFail: true });
      expect([next.status, next.stdout.toString()]).toEqual([1, ""]);
      expect(next.stderr).toMatch(/rec-session: cannot .*: disk quota exceeded/);
    } finally {
      writeFileSync(guest.path(file), installed);
      await guest.run(`umount ${folder}`);
    }
  });
});
