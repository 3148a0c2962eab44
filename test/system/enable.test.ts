/** Who is recorded: recctl enable, disable and doctor, with the real SSSD, sshd, PAM and usermod. */
import { chmodSync, rmSync, writeFileSync } from "node:fs";
import { afterEach, describe, expect, test } from "vitest";
import type { Account } from "./account.ts";
import type { Result } from "./guest.ts";
import { serverOfFile } from "./server.ts";

const server = serverOfFile("unrecorded");
/** Found before systemctl, and gone after the test. */
const wrapper = "/usr/local/sbin/systemctl";

async function recctl(words: string): Promise<Result> {
  return await server().guest.run(`recctl ${words}`, { mayFail: true });
}

/** Everything that recctl may change, to the byte, with owner and mode; and whether SSSD runs. */
async function siteState(): Promise<string> {
  const files =
    "/etc/nsswitch.conf* /etc/passwd /etc/shells /etc/sssd /etc/ssh /etc/pam.d /etc/systemd /usr/local/bin /var/lib/rec-session";
  // The lock and the links of the method shell stay; their folder comes with the first call.
  return await server().guest.text(
    `for file in $(find ${files} ! -type d ! -name lock ! -path '*/rec-session/shell/*' | sort); do stat -c '%N %a %u %g' $file; sha256sum $file; done; systemctl is-active sssd || true`,
  );
}

/** A command that says a word which nobody typed. */
const mark = "echo mark-$((40 + 2)); exit 7";

async function expectRecorded(account: Account, count: number): Promise<void> {
  const [newest] = await account.ended(count);
  expect(newest?.state).toBe("complete");
  expect((await account.played(newest?.rec)).stdout.toString()).toContain("mark-42");
  expect(await account.recordings()).toHaveLength(count);
}

async function delaySystemctl(): Promise<void> {
  const { guest } = server();
  const script = '#!/bin/sh\n[ "$1" != start ] || { touch /run/reached; sleep 2; }\nexec /usr/bin/systemctl "$@"\n';
  writeFileSync(guest.path(wrapper), script);
  chmodSync(guest.path(wrapper), 0o755);
}

afterEach(async () => {
  if (server() === undefined) return;
  for (const path of [wrapper, "/run/reached", "/etc/sssd/sssd.conf"])
    rmSync(server().guest.path(path), { force: true });
  await recctl("disable --all");
});

describe.each(["sssd", "shell", "forcecommand"])("by the method %s", (method) => {
  test("ssh is recorded after enable, as the doctor says, and not after disable, when all is as it was", async () => {
    const account = await server().account();
    const before = await siteState();
    expect((await account.ssh(mark)).status).toBe(7);
    expect(await account.recordings()).toEqual([]);
    const { status, stderr } = await recctl(`enable --user ${account.name} --method ${method}`);
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: expect.stringContaining(`records the user ${account.name}\n`),
    });

    const { status: ended, stdout } = await account.ssh(mark);
    expect([ended, stdout.toString()]).toEqual([7, "mark-42\n"]);
    await expectRecorded(account, 1);
    const found = await recctl(`doctor --user ${account.name}`);
    expect(found.stdout.toString()).toContain(`${account.name} is recorded`);
    expect(found.stdout.toString()).not.toContain("PROBLEM");
    expect(found.status).toBe(0);

    expect((await recctl(`disable --user ${account.name}`)).status).toBe(0);
    expect((await account.ssh(mark)).status).toBe(7);
    expect(await account.recordings()).toHaveLength(1);
    expect((await recctl(`doctor --user ${account.name}`)).status).toBe(1);
    expect(await siteState()).toBe(before);
  });

  test("--dry-run tells and changes nothing, twice is once, and what is not enabled is not disabled", async () => {
    const account = await server().account();
    const before = await siteState();
    const words = `--user ${account.name} --method ${method}`;
    expect(await recctl(`disable ${words}`)).toMatchObject({
      status: 0,
      stderr: expect.stringContaining("nothing to do"),
    });
    const dry = await recctl(`enable ${words} --dry-run`);
    expect(dry).toMatchObject({ status: 0, stderr: expect.not.stringContaining("records the user") });
    expect(dry.stdout.toString()).toMatch(/^would (write|change) /m);
    expect(await siteState()).toBe(before);
    await recctl(`enable ${words}`);
    const enabled = await siteState();
    expect((await recctl(`enable ${words}`)).stderr).toContain(`already records the user ${account.name}\n`);
    expect(await siteState()).toBe(enabled);
    expect((await recctl(`disable ${words} --dry-run`)).stdout.toString()).toMatch(/^would /m);
    expect(await siteState()).toBe(enabled);
    await recctl(`disable ${words}`);
    expect(await siteState()).toBe(before);
  });

  test("a shell at a terminal is a login shell of the user's own, and recorded", async () => {
    const account = await server().account();
    await recctl(`enable --user ${account.name} --method ${method}`);
    const session = account.login();
    await session.sees("recorded");
    await session.sees("$ ");
    session.type("shopt login_shell; echo $SHELL; echo mark-$((40 + 2)); exit 7\n");
    await session.sees("mark-42");
    expect(await session.exited).toEqual({ exit: 7, signal: null });
    expect((await account.played()).stdout.toString()).toMatch(/login_shell\s+on\r\n\/bin\/bash\r\nmark-42/);
  });

  test("rec-session.conf counts, and the doctor tells what in it does not", async () => {
    const { guest } = server();
    const account = await server().account();
    await recctl(`enable --user ${account.name} --method ${method}`);
    const file = "/etc/rec-session/rec-session.conf";
    const installed = guest.read(file);
    try {
      writeFileSync(guest.path(file), '{ "notice": "told by the site\\n", "latncy": 3 }');
      const session = account.login("exit 7");
      await session.sees("told by the site");
      expect(await session.exited).toEqual({ exit: 7, signal: null });
      const { status, stdout } = await recctl(`doctor --user ${account.name}`);
      expect(status).toBe(1);
      expect(stdout.toString()).toMatch(
        /^PROBLEM .*latncy: no such option; the defaults count instead\n +no command cures it: .*rec-session\.conf:1: /m,
      );
    } finally {
      writeFileSync(guest.path(file), installed);
    }
  });

  test("sftp gets a file, with sshd's own server too", async () => {
    const { guest } = server();
    const account = await server().account();
    await recctl(`enable --user ${account.name} --method ${method}`);
    await guest.run(`head -c 100000 /dev/urandom > ${account.home}/file; chmod 644 ${account.home}/file`);
    const get = `sftp ${account.name}@localhost:file /tmp/got && cmp /tmp/got ${account.home}/file`;
    // Not a reload: it returns before sshd listens again, and who comes then is refused.
    const serve = (by: string): string =>
      `sed -i '/^Subsystem/s|sftp.*|sftp ${by}|' /etc/ssh/sshd_config && systemctl restart ssh`;
    await guest.run(get);
    await guest.run(serve("internal-sftp"));
    await guest.run(get);
    await guest.run(serve("/usr/lib/openssh/sftp-server"));
  });
});

describe("sssd", () => {
  test("a group is recorded, with who joins it later; others are not", async () => {
    const { guest } = server();
    const member = await server().account();
    const other = await server().account();
    await guest.run(`groupadd -f ops && gpasswd -a ${member.name} ops`);
    expect(await recctl("enable --group ops")).toMatchObject({ status: 0 });
    await member.ssh(mark);
    await other.ssh(mark);
    await expectRecorded(member, 1);
    expect(await other.recordings()).toEqual([]);
    await guest.run(`gpasswd -a ${other.name} ops; sss_cache -E`);
    await other.ssh(mark);
    await expectRecorded(other, 1);
  });

  test("everyone but a user; enabling him by name ends the exception", async () => {
    const excepted = await server().account();
    const other = await server().account();
    expect(await recctl(`enable --all --exclude-user ${excepted.name}`)).toMatchObject({ status: 0 });
    await excepted.ssh(mark);
    await other.ssh(mark);
    await expectRecorded(other, 1);
    expect(await excepted.recordings()).toEqual([]);
    expect(await recctl(`enable --user ${excepted.name}`)).toMatchObject({ status: 0 });
    await excepted.ssh(mark);
    await expectRecorded(excepted, 1);
  });

  test("sixteen calls in a row: systemd's limits of starts, of SSSD and of its sockets, are not in the way", async () => {
    const account = await server().account();
    for (let i = 0; i < 8; i++) {
      expect(await recctl(`enable --user ${account.name}`)).toMatchObject({ status: 0 });
      expect(await recctl(`disable --user ${account.name}`)).toMatchObject({ status: 0 });
    }
  });

  test("a site's own domain for local users is used, and its files are not touched", async () => {
    const { guest } = server();
    const account = await server().account();
    const own =
      "[sssd]\nservices = nss, pam\ndomains = own\n[nss]\npwfield = x\n[domain/own]\nid_provider = proxy\nproxy_lib_name = files\nauth_provider = none\naccess_provider = permit\n";
    await guest.run("cat > /etc/sssd/sssd.conf; chmod 600 /etc/sssd/sssd.conf", { input: own });
    expect(await recctl(`enable --user ${account.name}`)).toMatchObject({ status: 0 });
    await account.ssh(mark);
    await expectRecorded(account, 1);
    expect(guest.read("/etc/sssd/sssd.conf")).toBe(own);
    expect(guest.read("/etc/sssd/conf.d/zz-rec-session.conf")).not.toContain("[domain/");
    await recctl("disable --all");
    expect(await guest.text("systemctl is-active sssd")).toBe("active");
    await guest.run("rm /etc/sssd/sssd.conf; systemctl stop sssd");
  });
});

describe("what does not work, or is interrupted, is taken back", () => {
  test("SSSD does not start with the site's broken configuration", async () => {
    const { guest } = server();
    const account = await server().account();
    await guest.run("echo '[sssd' > /etc/sssd/sssd.conf; chmod 600 /etc/sssd/sssd.conf");
    const before = await siteState();
    const { status, stderr } = await recctl(`enable --user ${account.name} --method sssd`);
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringContaining("everything is again as it was\n"),
    });
    expect(await siteState()).toBe(before);
    expect((await account.ssh(mark)).status).toBe(7);
  });

  test("what the site broke since SSSD started, or a disk that is full: SSSD goes on, and who is recorded stays so", async () => {
    const { guest } = server();
    const [account, other] = [await server().account(), await server().account()];
    expect((await recctl(`enable --user ${account.name} --method sssd`)).stderr).toBe(
      `recctl: sssd records the user ${account.name}\n`,
    );
    const before = await siteState();
    const refused = async (why: string): Promise<void> => {
      const { status, stderr } = await recctl(`enable --user ${other.name}`);
      expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining(why) });
      expect(stderr).toContain("everything is again as it was\n");
    };
    await guest.run("echo '[sssd' > /etc/sssd/sssd.conf; chmod 600 /etc/sssd/sssd.conf");
    await refused("cannot use the new configuration: sssctl config-check: ");
    await guest.run("rm /etc/sssd/sssd.conf");
    expect(await siteState()).toBe(before);
    const folder = "/etc/sssd/conf.d";
    await guest.run(
      `cp -a ${folder} /run/copy; mount -t tmpfs -o size=32k tmpfs ${folder}; cp -a /run/copy/. ${folder}`,
    );
    try {
      await guest.run(`cat /dev/zero > ${folder}/filled`, { mayFail: true });
      await refused("no space left on device");
      expect(await guest.text(`ls -A ${folder}`)).toBe("filled\nzz-rec-session.conf");
    } finally {
      await guest.run(`umount ${folder}; rm -r /run/copy`);
    }
    expect(await siteState()).toBe(before);
    await account.ssh(mark);
    await expectRecorded(account, 1);
  });

  test.each(["toor:x:0", "u@d:x:1999"])(
    "a user whom SSSD does not serve is recorded by the login shell: %s",
    async (line) => {
      const { guest } = server();
      const [user = ""] = line.split(":");
      await guest.run(`echo '${line}:100::/root:/bin/bash' >> /etc/passwd; pwconv`);
      try {
        expect((await recctl(`enable --user ${user}`)).stderr).toMatch(/^recctl: SSSD .*\(method shell\)\n/);
        expect(await guest.text(`getent passwd ${user}`)).toMatch(/rec-session-shell-bin-bash$/);
        await recctl(`disable --user ${user}`);
      } finally {
        await guest.run(`sed -i '/^${user}:/d' /etc/passwd; pwconv`);
      }
    },
  );

  test.each(["INT", "TERM", "HUP"])("SIG%s while SSSD starts", async (signal) => {
    const account = await server().account();
    const before = await siteState();
    await delaySystemctl();
    const script = `recctl enable --user ${account.name} --method sssd & until [ -e /run/reached ]; do sleep 0.05; done; kill -${signal} $!; wait $!`;
    // In a shell of its own sh ignores SIGINT for what it starts in the background.
    const { status, stderr } = await server().guest.run(["bash", "-mc", script], { mayFail: true });
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringContaining(`interrupted by SIG${signal}; everything is again as it was`),
    });
    expect(await siteState()).toBe(before);
  });

  test("a kill while SSSD starts: the user logs in, the doctor tells, the next call takes it back", async () => {
    const account = await server().account();
    const before = await siteState();
    await delaySystemctl();
    const script = `recctl enable --user ${account.name} --method sssd & until [ -e /run/reached ]; do sleep 0.05; done; kill -KILL $!`;
    await server().guest.run(["bash", "-mc", script], { mayFail: true });
    rmSync(server().guest.path(wrapper));
    expect(await siteState()).not.toBe(before);
    expect((await account.ssh(mark)).status).toBe(7);
    expect((await recctl("doctor")).stdout.toString()).toContain(
      `was killed half way\n         cure: recctl enable --user ${account.name} --method sssd\n`,
    );
    const { stderr } = await recctl(`disable --user ${account.name}`);
    expect(stderr).toContain("what it had begun is taken back");
    await server().guest.run("sleep 2; systemctl stop sssd");
    expect(await siteState()).toBe(before);
  });

  test("two calls at once: one is refused or both are done, and nobody is lost", async () => {
    const one = await server().account();
    const other = await server().account();
    await recctl(`enable --user ${one.name}`);
    const both = await Promise.all([recctl(`enable --user ${one.name}`), recctl(`enable --user ${other.name}`)]);
    for (const { status, stderr } of both)
      expect(status === 0 || stderr.includes("another recctl is at it")).toBe(true);
    expect(both.map(({ status }) => status)).toContain(0);
    expect(await recctl(`enable --user ${other.name}`)).toMatchObject({ status: 0 });
    expect((await recctl("status")).stdout.toString()).toMatch(
      new RegExp(`^sssd records the users ${one.name}, ${other.name}\n`),
    );
  });
});

describe("the recorded user", () => {
  test("cannot leave the recorder with chsh, where he could change his shell before", async () => {
    const account = await server().account();
    const chsh = async (): Promise<Result> => await account.as("chsh -s /bin/dash", "secret\n");
    expect((await chsh()).status).toBe(0);
    await server().guest.run(`usermod -s /bin/bash ${account.name}`);
    await recctl(`enable --user ${account.name} --method shell`);
    expect((await chsh()).status).not.toBe(0);
    await account.ssh(mark);
    await expectRecorded(account, 1);
    await recctl(`disable --user ${account.name}`);
    await recctl(`enable --user ${account.name} --method sssd`);
    await chsh();
    await account.ssh(mark);
    await expectRecorded(account, 2);
  });

  test("may ask the doctor, and may not enable or disable", async () => {
    const account = await server().account();
    await recctl(`enable --user ${account.name} --method sssd`);
    const found = await account.as(`recctl doctor --user ${account.name}`);
    expect(found.stdout.toString()).toContain(`${account.name} is recorded from the next login on`);
    expect(found.stdout.toString()).toContain("UNSEEN");
    for (const words of ["disable --all", "enable --all", "status"]) {
      const { status, stderr } = await account.as(`recctl ${words}`);
      expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining("only root may") });
    }
  });

  test.each(["su - USER -c", "sudo -i -u USER --", "runuser -l USER -c"])("%s is recorded too", async (way) => {
    const account = await server().account();
    expect(await recctl(`enable --user ${account.name} --method sssd`)).toMatchObject({ status: 0 });
    const word = way.startsWith("sudo") ? "echo 'mark-42'" : '"echo mark-42"';
    await server().guest.run(`${way.replace("USER", account.name)} ${word}`, { mayFail: true });
    await expectRecorded(account, 1);
  });
});

test("without SSSD, as on a fresh server, the login shell is changed, and that is told", async () => {
  const { guest } = server();
  const account = await server().account();
  await guest.run("DEBIAN_FRONTEND=noninteractive apt-get purge -y sssd-common libnss-sss libpam-sss");
  const { status, stderr } = await recctl(`enable --user ${account.name}`);
  expect({ status, stderr }).toEqual({
    status: 0,
    stderr: expect.stringMatching(/^recctl: SSSD is not installed: changing the login shell instead/),
  });
  await account.ssh(mark);
  await expectRecorded(account, 1);
  expect((await recctl("enable --group ops")).stderr).toContain(
    "SSSD is not installed; run apt install sssd-common libnss-sss libpam-sss sssd-proxy",
  );
});
