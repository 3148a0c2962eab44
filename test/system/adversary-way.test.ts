/** The adversary looks for a way past the recorder: other shells, names, doors. Either it is recorded, or another log tells of it. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { until } from "../harness/session.ts";
import { serverOfFile } from "./server.ts";

const server = serverOfFile();
const hello = "echo mark-$((40+2))";

describe("recorded", () => {
  test.each([
    ["ssh HOST /bin/sh", "/bin/sh", `${hello}\n`],
    ["ssh HOST bash --norc -i", "bash --norc -i", `${hello}\n`],
    ["ssh HOST rec-session", "rec-session", `${hello}\n`],
    ["ssh HOST exec env -i sh", `exec env -i sh -c '${hello}'`, ""],
    ["ssh HOST setsid", `setsid -w sh -c '${hello}'`, ""],
    ["a name that says another shell", `exec -a x-shell-bin-sh /usr/bin/rec-session -c '${hello}'`, ""],
    ["a name that begins like an option", `exec -a --configuration /usr/bin/rec-session -c '${hello}'`, ""],
    ["a link named like tlog-rec", `ln -s /usr/bin/rec-session tlog-rec; ./tlog-rec -c '${hello}'`, ""],
    [
      "a link named rec, to no recording",
      `ln -s /usr/bin/rec-session rec; ./rec -w none -- sh -c '${hello}'; ${hello}`,
      "",
    ],
    ["no name at all", `perl -e 'exec { "/usr/bin/rec-session" } "", "-c", "${hello.replaceAll("$", "\\$")}"'`, ""],
    ["no argument at all", `perl -e 'exec { "/usr/bin/rec-session" } ""'`, `${hello}\n`],
    [
      "systemd-run in his own manager, at a pipe",
      `XDG_RUNTIME_DIR=/run/user/$(id -u) systemd-run --user --pipe -q sh -c '${hello}'`,
      "",
    ],
  ])("%s", async (_, command, input) => {
    const account = await server().account();
    const { stdout } = await account.ssh(command, { input });
    expect(stdout.toString()).toContain("mark-42");
    expect(await account.messages()).toContain("mark-42");
  });

  test.each([
    ["ssh -t HOST /bin/sh", "/bin/sh"],
    ["ssh -t HOST screen", "screen -q bash"],
    ["ssh -t HOST script", "script -q /dev/null"],
    ["systemd-run --user --pty", "XDG_RUNTIME_DIR=/run/user/$(id -u) systemd-run --user --pty -q /bin/bash"],
    ["exec of a program in the place of the shell", "exec perl -de1"],
  ])("%s", async (_, command) => {
    const account = await server().account();
    const session = account.login(command);
    await session.sees("recorded");
    await session.sees(/recorded.*(\$ |# |DB<1> )/s);
    session.type(command.includes("perl") ? 'print "mark-", 40+2, "\\n"\n' : `${hello}\n`);
    await session.sees("mark-42");
    session.type(command.includes("perl") ? "q\n" : "exit\n");
    await session.exited;
    expect(await account.messages()).toContain("mark-42");
  });

  test("~/.ssh/rc, which sshd starts beside his session: a process that it leaves writes into it, unless that is forbidden", async () => {
    const { guest } = server();
    const account = await server().account();
    // Above the recorder of the file itself is a shell of his, which holds the stdout of the session that follows.
    const climb = `exec 5>/proc/$(($(ps -o ppid= $PPID)))/fd/1; sleep 1.5; ${hello} >&5`;
    await account.as("cat > .ssh/rc", `(${climb}) >/dev/null 2>&1 &\nsleep 0.3\n`);
    const shown = async (): Promise<string> => (await account.ssh("sleep 3; echo second")).stdout.toString();
    expect(await shown()).toBe("second\n");
    const dropIn = "/etc/ssh/sshd_config.d/00-rec-session-rc.conf";
    await guest.run(`rm ${dropIn}; systemctl restart ssh`);
    // The attack works.
    expect(await shown()).toBe("mark-42\nsecond\n");
    expect(await account.messages()).not.toContain("mark-42");
    const doctor = async (): Promise<string> => await guest.text(`recctl doctor --user ${account.name} || true`);
    expect(await doctor()).toContain("PROBLEM  sshd starts ~/.ssh/rc");
    await guest.run("recctl enable --all --method sssd");
    expect(await shown()).toBe("second\n");
    expect(await doctor()).not.toContain("PROBLEM");
    expect(await guest.text("recctl status")).toBe(
      `sssd records everyone but the user plain\nnote: not among them, as SSSD does not serve them: root; recctl enable --user root --method shell\nsshd starts nobody's ~/.ssh/rc: ${dropIn}`,
    );
  });

  test("a library in xauth, which sshd starts for X11 before the recorder: what it leaves writes into the session, as the doctor says", async () => {
    const { guest } = server();
    const account = await server().account();
    const source = join(import.meta.dirname, "../programs/leaving.c");
    execFileSync("cc", ["-O2", "-fPIC", "-shared", source, "-o", guest.path("/opt/leaving.so")]);
    // Of xauth no more is needed than that it is there.
    await guest.run("printf '#!/bin/sh\\ncat >/dev/null\\n' > /usr/bin/xauth; chmod 755 /usr/bin/xauth");
    await account.as("cp /opt/leaving.so .; echo LD_PRELOAD=$HOME/leaving.so > .ssh/environment");
    const ssh = `DISPLAY=:99 ssh -X ${account.name}@localhost 'sleep 4; echo second'`;
    try {
      // The attack works.
      expect(await guest.text(ssh)).toMatch(/^(mark-42\n)+second$/);
      expect(await account.messages()).not.toContain("mark-42");
      const found = await guest.text(`recctl doctor --user ${account.name} || true`);
      const cure = /^WARNING +sshd forwards X11.*\n +cure: (.*)$/m.exec(found)?.[1] ?? "false";
      await guest.run(cure);
      await guest.run("systemctl restart ssh");
      expect(await guest.text(ssh)).toBe("second");
      expect(await guest.text(`recctl doctor --user ${account.name} || true`)).not.toContain("X11");
    } finally {
      await guest.run("rm -f /usr/bin/xauth /etc/ssh/sshd_config.d/00-x11.conf; systemctl restart ssh");
    }
  });

  test("a tmux server that outlives its session: who comes back to it is recorded again", async () => {
    const account = await server().account();
    const first = account.login("tmux new-session -d -s kept; echo left");
    await first.exited;
    const second = account.login("tmux attach -t kept");
    await second.sees("$ ");
    second.type(`${hello}\n`);
    await second.sees("mark-42");
    second.type("exit\n");
    await second.exited;
    const played = await account.allPlayed(2);
    expect(played).toContain("mark-42");
  });

  test("chsh: SSSD hands out the recorder all the same, which runs the new shell", async () => {
    const account = await server().account();
    await server().guest.run(`chsh -s /bin/sh ${account.name}; sss_cache -E`);
    const { stdout } = await account.ssh(`${hello}; readlink /proc/$$/exe`);
    expect(stdout.toString()).toMatch(/mark-42\n.*\/dash\n/);
    expect(await account.messages()).toContain("mark-42");
  });

  test("a login with a command of a hundred kilobytes", async () => {
    const account = await server().account();
    const { stdout } = await account.ssh(`: ${"x".repeat(100_000)}; ${hello}`);
    expect(stdout.toString()).toBe("mark-42\n");
    expect(await account.messages()).toContain("mark-42");
  });
});

describe("not recorded, and not promised: another log tells of it", () => {
  test("at", async () => {
    const account = await server().account();
    await account.ssh(`echo '${hello} > told' | at now`);
    await until(
      async () => (await account.as("cat told 2>/dev/null")).stdout.toString() === "mark-42\n",
      "the job of at",
    );
    expect(await account.messages()).not.toContain("mark-42");
    expect(await server().guest.text("journalctl --no-pager _COMM=atd")).toMatch(
      new RegExp(`session opened for user ${account.name}`),
    );
  });

  test("cron", async () => {
    const account = await server().account();
    await account.ssh(`echo '* * * * * ${hello} > told' | crontab -`);
    expect(await server().guest.text(`journalctl --sync; journalctl --no-pager _COMM=crontab`)).toContain(
      `(${account.name}) REPLACE`,
    );
  });

  test("a process that detaches lives on, and sshd's log has the login that began it", async () => {
    const account = await server().account();
    await account.ssh("setsid -f sh -c 'sleep 1; echo hidden > told' </dev/null >/dev/null 2>&1");
    await until(async () => (await account.as("cat told 2>/dev/null")).stdout.toString() === "hidden\n", "the process");
    expect(await account.recordings()).toHaveLength(1);
  });

  test("su -s of one who is not recorded himself: its command is in the log of su", async () => {
    const [account, plain] = [await server().account(), await server().unrecorded()];
    const session = plain.login(`su -s /bin/sh ${account.name}`);
    await session.sees("Password:");
    session.type("secret\n");
    await session.sees("$ ");
    session.type(`${hello}; exit\n`);
    await session.sees("mark-42");
    await session.exited;
    expect(await account.recordings()).toEqual([]);
    expect(await server().guest.text("journalctl --no-pager _COMM=su")).toMatch(
      new RegExp(`session opened for user ${account.name}.*by.*plain`),
    );
  });

  test("ssh -N and -L without a session: sshd's log has the login, there is no shell to record", async () => {
    const account = await server().account();
    const tunnel = server().guest.terminal(["ssh", "-N", "-L", "2222:localhost:22", `${account.name}@localhost`]);
    await until(async () => (await server().guest.text("ss -ltnH")).includes(":2222"), "the tunnel");
    tunnel.kill("SIGTERM");
    await tunnel.exited;
    expect(await account.recordings()).toEqual([]);
    expect(await server().guest.text("journalctl --sync; journalctl --no-pager _COMM=sshd")).toMatch(
      new RegExp(`Accepted publickey for ${account.name} `),
    );
  });
});
