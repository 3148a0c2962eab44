/** The adversary works on files: those of ours, those that we may come across, and the group that owns them. */
import { describe, expect, test } from "vitest";
import { serverOfFile } from "./server.ts";

const server = serverOfFile();
const folder = "/var/log/rec-session";

describe("what he can write, remove or make beforehand", () => {
  test("nothing of ours", async () => {
    const account = await server().account();
    const find =
      "find / -xdev \\( -path /proc -o -path /sys -o -path /home -o -path /tmp -o -path /var/tmp \\) -prune -o";
    const { stdout } = await account.ssh(
      `${find} -writable ! -type l ! -type c ! -type s -print 2>/dev/null | grep -iE 'rec|tlog|journal|sss|node'; true`,
    );
    expect(stdout.toString()).not.toMatch(/rec-session|tlog|journal|sssd?\/|node/);
  });

  test.each([
    ["our folders", `rm -rf ${folder} /run/rec-session /etc/rec-session /usr/lib/rec-session /usr/bin/rec-session`],
    ["a file in our folders", `touch ${folder}/x /run/rec-session/x /etc/rec-session/rec-session.conf`],
    [
      "a file in the place of a lock",
      "ln -s /etc/passwd /run/rec-session/session.1.lock; mkdir -p /run/tlog; touch /run/tlog/session.1.lock",
    ],
    [
      "the journal",
      "rm -rf /var/log/journal/*; truncate -s0 /var/log/journal/*/*; journalctl --vacuum-size=1; journalctl --rotate",
    ],
    ["the sockets", "rm -f /run/systemd/journal/socket /run/systemd/journal/dev-log /dev/log"],
    ["SSSD's sockets and its cache", "rm -rf /var/lib/sss/pipes/* /var/lib/sss/mc/* /var/lib/sss/db/*"],
    [
      "utmp and the audit session",
      "echo >/run/utmp; echo 4294967295 >/proc/self/loginuid; echo 1 >/proc/self/sessionid",
    ],
    ["the shell that passwd names", "echo secret | chsh -s /bin/sh; usermod -s /bin/sh $USER"],
  ])("%s", async (_, command) => {
    const account = await server().account();
    await account.ssh(`(${command}) 2>/dev/null; echo first-$((40+1))`);
    const { stdout } = await account.ssh("echo second-$((40+2)); readlink /proc/$PPID/exe || echo hidden");
    expect(stdout.toString()).toBe("second-42\nhidden\n");
    expect(await account.allPlayed(2)).toMatch(/first-41.*second-42/s);
  });

  test("traps at every name in /tmp and at home that a recorder could use", async () => {
    const account = await server().account();
    const list = "find /etc -type f -printf '%p %T@ %s\\n' | sort";
    const before = await server().guest.text(list);
    await account.ssh(`cd; rm -rf .config .local .cache; mkdir -p .local/share .config
      for p in .local/share/rec-session .config/rec-session .rec-session .tlog /tmp/rec-session /tmp/tlog; do ln -s /etc $p; done
      mkfifo .hushlogin 2>/dev/null; for n in rec node tlog; do mkfifo /tmp/$n; done`);
    const { stdout } = await account.ssh("echo mark-$((40+2))");
    expect(stdout.toString()).toBe("mark-42\n");
    expect(await account.allPlayed(2)).toContain("mark-42");
    expect(await server().guest.text(list)).toBe(before);
  });
});

describe("his home", () => {
  test.each([
    [
      "is full",
      (home: string) =>
        `mount -t tmpfs -o size=4k,nr_inodes=4,mode=777 full ${home}; dd if=/dev/zero of=${home}/x 2>/dev/null; :`,
    ],
    ["is not his", (home: string) => `chown root: ${home}; chmod 700 ${home}`],
    ["is a file", (home: string) => `rm -rf ${home}; touch ${home}`],
    ["is read-only", (home: string) => `mount --bind -o ro ${home} ${home}; mount -o remount,bind,ro ${home}`],
    ["has gone", (home: string) => `rm -rf ${home}`],
  ])("%s", async (_, spoil) => {
    const account = await server().account();
    const { guest } = server();
    await guest.run(spoil(account.home));
    const session = guest.terminal(["su", "-", account.name, "-c", "echo mark-$((40+2))"]);
    await session.exited;
    expect(session.shownText).toContain("mark-42");
    expect(await account.allPlayed()).toContain("mark-42");
    await guest.run(`umount ${account.home}`, { mayFail: true });
  });
});

describe("his home hangs, as a FUSE or NFS server that does not answer has it", () => {
  /** For so long as the process lives, which is longer than the case. Not by mount(8), which looks at what it has mounted. */
  const hang = (home: string): string => {
    const call = `syscall(${process.arch === "x64" ? 165 : 40}, my $a = "hanging", my $b = "${home}", my $c = "fuse", 0, my $d = "fd=".fileno(F).",rootmode=40000,user_id=0,group_id=0,allow_other")`;
    const script = `$| = 1; open F, "+<", "/dev/fuse" or die; ${call} == 0 or die "mount: $!"; print "hangs"; sleep 1000`;
    return `[ -e /dev/fuse ] || mknod /dev/fuse c 10 229; exec perl -e '${script}'`;
  };

  test.each(["before he comes", "while he is there"])("%s: he is recorded, listed and examined", async (when) => {
    const account = await server().account();
    const { guest } = server();
    const command = "cd /; sleep 2; echo mark-$((40+2))";
    // Logins wait until systemd has started his manager, which looks into his home, also without us.
    await guest.run(`systemctl start user@$(id -u ${account.name})`);
    const early = when === "before he comes" ? undefined : account.login(command);
    await early?.sees("recorded");
    const hanging = guest.terminal(hang(account.home));
    await hanging.sees("hangs");
    const session = early ?? guest.terminal(["su", account.name, "-c", command]);
    expect((await session.exited).exit).toBe(0);
    expect(session.shownText).toContain("mark-42");
    expect((await account.recording()).state).toBe("complete");
    expect((await account.played()).stdout.toString()).toContain("mark-42");
    expect(await guest.text(`recctl doctor --user ${account.name}`)).toContain("is complete");
    // What nsenter started goes on when nsenter is killed.
    await guest.run(`pkill -KILL -f '[r]ootmode'; umount -l ${account.home}`);
    await hanging.exited;
  });
});

describe("the group rec", () => {
  test.each([
    [
      "his shell has it neither as a group nor as any of its ids",
      "id -Gn; grep -E '^(Gid|Groups)' /proc/self/status | tr '\\t' ' '; echo $(getent group rec | cut -d: -f3)",
    ],
  ])("%s", async (_, command) => {
    const account = await server().account();
    const { stdout } = await account.ssh(command);
    const lines = stdout.toString().trim().split("\n");
    expect(lines[0]).toBe(account.name);
    const rec = lines.at(-1) as string;
    expect(lines.slice(1, -1).join(" ").split(" ")).not.toContain(rec);
  });

  test.each([
    ["newgrp", "echo id | newgrp rec"],
    ["sg", "sg rec id"],
    ["another name of the launcher", "ln -s /usr/bin/rec-session rec; ./rec -w none -- id; ln -s rec x; ./x -c id"],
    ["rec", "rec -w none -- id"],
    [
      "a hard link to the launcher",
      "ln /usr/bin/rec-session mine; cp /usr/bin/rec-session copy; ./mine -c id; ./copy -c id",
    ],
    ["the shell of a recorder that has no other", "REC_SESSION_SHELL=/usr/bin/id rec-session"],
    [
      "a program that a recorder finds by a PATH of his",
      "mkdir b; cp /usr/bin/id b/systemctl; cp b/systemctl b/journalctl; PATH=$PWD/b rec-play; PATH=$PWD/b recctl list",
    ],
  ])("not by %s", async (_, command) => {
    const account = await server().account();
    const { stdout, stderr } = await account.ssh(command, { input: "" });
    expect(stdout.toString() + stderr).not.toMatch(/gid=\d+\(rec\)|groups=.*\(rec\)/);
  });

  test.each([
    ["rec-play", "rec-play --format raw", true],
    ["recctl", "recctl list --file", true],
    [
      "rec-play by a link of his to the set-group-ID launcher",
      "ln -s /usr/bin/rec-session rec-play; ./rec-play --format raw",
      false,
    ],
    ["tlog-play by such a link", "ln -s /usr/bin/rec-session tlog-play; ./tlog-play -i", false],
    ["recctl by such a link", "ln -s /usr/bin/rec-session recctl; ./recctl list --file", false],
    ["recctl by a name of exec's", "exec -a recctl /usr/bin/rec-session list --file", false],
    [
      "rec-session with arguments of node's",
      "rec-session --eval 'console.log(require(`fs`).readFileSync(process.argv[1]))'",
      false,
    ],
    [
      "a configuration file",
      "REC_SESSION_CONF_FILE=$F REC_CONF_FILE=$F TLOG_REC_CONF_FILE=$F rec-session -c true; rec -w none -c",
      false,
    ],
    ["cat", "cat", true],
  ])("does not read another's recording by %s", async (_, command, reads) => {
    const { guest } = server();
    const [account, other] = [await server().account(), await server().account()];
    // Without his name, which may be told of nothing else.
    const file = `${folder}/of-another.jsonl`;
    const message = `{"ver":"2.3","host":"h","rec":"r","user":"${other.name}","term":"","session":1,"id":1,"pos":0,"time":1.0,"timing":">6","in_txt":"","in_bin":[],"out_txt":"secret","out_bin":[]}`;
    await guest.run(`cat >${file}; chgrp rec ${file}; chmod 640 ${file}`, { input: `${message}\n` });
    const line = `F=${file}; ${command} ${file}`;
    const told = new RegExp(`secret|${other.name}\\b`);
    const { stdout, stderr } = await account.ssh(line);
    expect(stdout.toString() + stderr).not.toMatch(told);
    expect(stderr).not.toContain("internal error");
    // Root does, by what reads at all.
    const byRoot = await guest.run(["bash", "-c", `cd $(mktemp -d); ${line}`], { mayFail: true });
    expect(told.test(byRoot.stdout.toString() + byRoot.stderr)).toBe(reads);
  });

  test.each([
    ["rec", `rec -o ${folder}/planted -- true`],
    ["rec in the recordings folder", `rec -w folder --folder-path ${folder} -- true`],
    [
      "rec by a link of his",
      `ln -s /usr/bin/rec-session rec; ./rec -o ${folder}/planted -- true; ./rec -w folder --folder-path ${folder} -- true`,
    ],
    [
      "rec-session",
      `REC_SESSION_CONF_TEXT='{"writer":"file","file":{"path":"${folder}/planted"}}' rec-session -c true`,
    ],
    ["touch", `touch ${folder}/planted; ls ${folder}`],
  ])("does not write among the recordings by %s", async (_, command) => {
    const account = await server().account();
    const before = await server().guest.text(`ls ${folder}`);
    const { stdout } = await account.ssh(`(${command}) 2>/dev/null`);
    expect(await server().guest.text(`ls ${folder}`)).toBe(before);
    expect(stdout.toString()).not.toContain(".jsonl");
  });
});
