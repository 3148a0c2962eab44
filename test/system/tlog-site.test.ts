/** A site that tlog recorded before: stock SSSD with its own [session_recording] and /etc/tlog, where our packages took tlog's place and recctl enable was never called. */
import { beforeAll, describe, expect, test } from "vitest";
import type { Account } from "./account.ts";
import { serverOfFile } from "./server.ts";

const server = serverOfFile("unrecorded");
let recorded: Account;
let other: Account;

const sssd = (user: string): string => `[sssd]
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
scope = some
users = ${user}
`;

beforeAll(async () => {
  if (server() === undefined) return;
  recorded = await server().account("/usr/bin/zsh");
  other = await server().account();
  await recorded.as("touch .zshrc");
  const { guest } = server();
  await guest.run("cat > /etc/sssd/sssd.conf; chmod 600 /etc/sssd/sssd.conf", { input: sssd(recorded.name) });
  await guest.run(
    "sed -Ei 's/^(passwd|group):.*/\\1: sss files systemd/' /etc/nsswitch.conf; pam-auth-update --enable sss; systemctl restart sssd",
  );
  await guest.run("mkdir -p /etc/tlog; cat > /etc/tlog/tlog-rec-session.conf", {
    input: '{ "notice": "told by tlog\'s file\\n", "writer": "journal" }',
  });
});

async function doctor(user?: string): Promise<string> {
  return await server().guest.text(`recctl doctor ${user === undefined ? "" : `--user ${user}`} || true`);
}

test("whom SSSD names is recorded, with what /etc/tlog says, in his own shell; others are not", async () => {
  const session = recorded.login("echo mark-$((40+2)) $SHELL");
  await session.sees("told by tlog's file");
  await session.sees("mark-42 /usr/bin/zsh");
  await session.exited;
  expect((await recorded.played()).stdout.toString()).toContain("mark-42");
  expect((await other.ssh("echo x")).stdout.toString()).toBe("x\n");
  expect(await other.recordings()).toEqual([]);
});

describe("recctl", () => {
  test("tells who is recorded, and by what", async () => {
    const by = `records the user ${recorded.name}, by the site's own /etc/sssd/sssd.conf`;
    expect(await server().guest.text("recctl status")).toBe(`sssd ${by}`);
    expect(await doctor()).toMatch(new RegExp(`^well +SSSD ${by}$`, "m"));
  });

  test("tells why, and looks at all that a login comes along", async () => {
    const found = await doctor(recorded.name);
    for (const sentence of [
      `${recorded.name} is recorded from the next login on`,
      `/etc/sssd/sssd.conf means ${recorded.name}: by name`,
      "asks SSSD first for passwd",
      "SSSD runs",
      "pam_sss is in the session stack",
      "/etc/tlog/tlog-rec-session.conf is understood by the recorder",
    ])
      expect(found).toContain(sentence);
    expect(await doctor(other.name)).toMatch(
      new RegExp(
        `^PROBLEM +${other.name} is not recorded.*\n +cure: recctl enable --user ${other.name} --method shell$`,
        "m",
      ),
    );
  });

  test("names commands that cure what is amiss", async () => {
    const { guest } = server();
    await guest.run("sed -i 's/sss files/files sss/' /etc/nsswitch.conf");
    for (let problems = 0; problems < 5; problems++) {
      const cure = /^PROBLEM.*\n +cure: (.*)$/m.exec(await doctor(recorded.name))?.[1];
      if (cure === undefined) break;
      await guest.run(cure);
    }
    const found = await doctor(recorded.name);
    expect(found).not.toContain("PROBLEM");
    expect(found).toContain("sshd does not start ~/.ssh/rc");
    expect(await guest.text("recctl status")).toContain(recorded.name);
  });

  test("does not decide beside it, and says what to do", async () => {
    const { status, stderr } = await server().guest.run(`recctl enable --user ${other.name}`, { mayFail: true });
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringContaining("take [session_recording] out of it and enable with recctl whom it named"),
    });
  });

  test("tells where the last recording is that the journal did not take", async () => {
    const { guest } = server();
    const journald = "systemd-journald.socket systemd-journald-dev-log.socket systemd-journald";
    await guest.run("systemctl stop systemd-journald-dev-log.socket systemd-journald.socket systemd-journald");
    await recorded.ssh("echo mark-42");
    await guest.run(`systemctl start ${journald}`);
    expect(await doctor(recorded.name)).toMatch(
      /^WARNING +the last recording of .* is in \/var\/log\/rec-session: the journal did not take it\n +no command cures it: \/var\/log\/rec-session: /m,
    );
  });
});

test("the package is not removed while SSSD hands its shell out", async () => {
  const { status, stderr } = await server().guest.run("dpkg --remove rec-session-tlog", { mayFail: true });
  expect(status).not.toBe(0);
  expect(stderr).toContain("not removed: these users could not log in any more");
});
