/** The ways in, as their users go them: each is recorded, whole, once. */
import { describe, expect, test } from "vitest";
import type { Session } from "../harness/session.ts";
import type { Account } from "./account.ts";
import { serverOfFile } from "./server.ts";

const server = serverOfFile();

/** At a prompt: shows a word that nobody typed, then leaves. */
async function markAndLeave(session: Session): Promise<void> {
  session.type("echo mark-$((40 + 2)); exit 7\n");
  await session.sees("mark-42");
}

/** The one recording, whole, with the mark in it. */
async function expectRecorded(account: Account): Promise<string> {
  const recording = await account.recording();
  const { stdout, status, stderr } = await account.played(recording.rec);
  expect({ status, stderr, state: recording.state }).toEqual({ status: 0, stderr: "", state: "complete" });
  expect(stdout.toString()).toContain("mark-42");
  return stdout.toString();
}

describe("ssh", () => {
  test("a shell at a terminal, from its prompt to its exit status, after a notice", async () => {
    const account = await server().account();
    const session = account.login();
    await session.sees("recorded");
    await session.sees("$ ");
    await markAndLeave(session);
    expect(await session.exited).toEqual({ exit: 7, signal: null });
    expect(await expectRecorded(account)).not.toContain("recorded");
  });

  test("the recording is the same from an exported journal on another host", async () => {
    const account = await server().account();
    await account.ssh("echo mark-42; printf '\\377\\n'");
    const { rec } = await account.recording();
    const { guest } = server();
    const exported = await guest.run(["journalctl", "-o", "export", `TLOG_REC=${rec}`]);
    const away = await guest.run(["rec-play", "--format", "raw", "-"], { input: exported.stdout });
    expect(away.stdout).toEqual(Buffer.from("mark-42\n\xff\n", "latin1"));
    expect((await guest.run(["rec-play", "--export", rec])).stdout.length).toBeGreaterThan(1000);
  });

  test("a command at a terminal, whose size is the user's, also after it changed", async () => {
    const account = await server().account();
    const session = account.login("stty size; read; stty size; echo mark-42");
    await session.sees("24 80");
    session.resize(101, 41);
    session.type("\n");
    await session.sees("41 101");
    await session.sees("mark-42");
    expect((await session.exited).exit).toBe(0);
    await expectRecorded(account);
    const { stdout } = await server().guest.run(["rec-play", "--format", "json", (await account.recording()).rec]);
    expect(stdout.toString()).toMatch(/"kind":"window","at":\d+,"columns":101,"rows":41}/);
  });

  test("a password, typed at expect, and nowhere in the recording", async () => {
    const account = await server().account();
    const expectScript = `spawn ssh -o PubkeyAuthentication=no ${account.name}@localhost
      expect "assword:" { send "secret\\r" }
      expect "$ " { send "echo mark-\\$((40+2)); exit 7\\r" }
      expect eof
      lassign [wait] pid spawn error status
      exit $status`;
    const { status } = await server().guest.run(["expect", "-c", expectScript], { mayFail: true });
    expect(status).toBe(7);
    expect(await expectRecorded(account)).not.toContain("secret");
  });

  test("keys that are signals, and jobs, are the shell's", async () => {
    const account = await server().account();
    const session = account.login();
    await session.sees("$ ");
    session.type("sleep 1000\n");
    await session.sees("sleep 1000\r\n");
    session.type("\x1a");
    await session.sees("Stopped");
    session.type("fg\n");
    await session.sees("l\rsleep 1000\r\n");
    session.type("\x03");
    await session.sees("^C");
    await markAndLeave(session);
    expect((await session.exited).exit).toBe(7);
    await expectRecorded(account);
  });

  test.each(["/bin/sh", "/usr/bin/zsh"])("the shell that passwd names: %s", async (shell) => {
    const account = await server().account(shell);
    await account.as("touch ~/.zshrc");
    const session = account.login();
    await session.sees(/recorded!\s+.*[$%] /s);
    session.type("echo $0 $SHELL mark-$((40 + 2)); exit\n");
    await session.sees(`-${shell.split("/").at(-1)} ${shell} mark-42`);
    await session.exited;
    await expectRecorded(account);
  });

  test("a second terminal, and a command beside both", async () => {
    const account = await server().account();
    const sessions = [account.login(), account.login()];
    for (const session of sessions) await session.sees("$ ");
    await account.ssh("echo mark-42");
    for (const session of sessions) await markAndLeave(session);
    await Promise.all(sessions.map(({ exited }) => exited));
    const found = await account.ended(3);
    expect(found).toHaveLength(3);
    for (const { rec } of found) expect((await account.played(rec)).stdout.toString()).toContain("mark-42");
  });

  test("two sessions of one connection", async () => {
    const account = await server().account();
    const master = ["-o", "ControlMaster=auto", "-o", `ControlPath=/run/${account.name}`];
    const first = account.login(undefined, { options: master });
    await first.sees("$ ");
    await account.ssh("echo mark-42", { options: master });
    const second = account.login(undefined, { options: master });
    await second.sees("$ ");
    await markAndLeave(second);
    await second.exited;
    await markAndLeave(first);
    await first.exited;
    const found = await account.ended(3);
    expect(found).toHaveLength(3);
    for (const { rec } of found) expect((await account.played(rec)).stdout.toString()).toContain("mark-42");
  });
});

describe("what ssh forwards beside a recorded session goes its way", () => {
  const banner = (port: number): string => `exec 3<>/dev/tcp/127.0.0.1/${port} && head -c 4 <&3 && echo && exec 3>&-`;
  test.each<[string, string, string, string]>([
    ["-L", "-L 7001:127.0.0.1:22", banner(7001), "sleep 2; echo mark-42"],
    [
      "-D",
      "-D 7002",
      // The client's own answers, of 2 and of 10 bytes, then the server's.
      `exec 3<>/dev/tcp/127.0.0.1/7002 && printf '\\5\\1\\0' >&3 && head -c 2 <&3 >/dev/null && printf '\\5\\1\\0\\1\\177\\0\\0\\1\\0\\26' >&3 && head -c 10 <&3 >/dev/null && head -c 4 <&3 && echo && exec 3>&-`,
      "sleep 2; echo mark-42",
    ],
    ["-R", "-R 7003:127.0.0.1:22", "true", `${banner(7003)}; echo mark-42`],
    ["-A", "-A", "true", "ssh-add -l | wc -l; echo mark-42"],
  ])("%s", async (name, options, outside, inside) => {
    const account = await server().account();
    const agent = "eval $(ssh-agent) >/dev/null; ssh-add -q .ssh/id_ed25519";
    const words = `ssh ${options} ${account.name}@localhost "$INSIDE"`;
    const script = `${agent}; ${words} & for i in $(seq 20); do sleep 0.1; { ${outside}; } 2>/dev/null && break; done; wait $!; kill $SSH_AGENT_PID`;
    const shown = await server().guest.text(["bash", "-c", script], { environment: { INSIDE: inside } });
    const carried = { "-L": "SSH-\n", "-D": "SSH-\n", "-R": "SSH-\n", "-A": "1\n" }[name];
    expect(shown).toBe(`${carried}mark-42`);
    // What is carried beside the session is not in it; what the session shows is.
    const isInside = outside === "true";
    expect((await account.played()).stdout.toString()).toBe(`${isInside ? carried : ""}mark-42\n`);
  });
});

describe("others than ssh", () => {
  test.each([
    ["su", (name: string) => ["su", name]],
    ["su -", (name: string) => ["su", "-", name]],
    ["sudo -i", (name: string) => ["sudo", "-i", "-u", name]],
    ["sudo -s with his shell", (name: string) => ["sudo", "-u", name, "--login", "bash"]],
    ["login", (name: string) => ["login", "-f", name]],
    ["login with a password", (name: string) => ["login", name]],
    ["runuser -l", (name: string) => ["runuser", "-l", name]],
    ["machinectl shell", (name: string) => ["machinectl", "-q", "shell", `${name}@.host`]],
    ["pkexec", (name: string) => ["pkexec", "--user", name]],
  ])("%s", async (how, words) => {
    const account = await server().account();
    // Their terminal must have a name in the guest.
    const session = server().guest.terminal(["script", "-qec", words(account.name).join(" "), "/dev/null"]);
    if (how === "login with a password") {
      await session.sees("Password:");
      session.type("secret\n");
    }
    await session.sees("recorded");
    await session.sees("$ ");
    await markAndLeave(session);
    // login(1) and machinectl(1) keep the status to themselves.
    expect((await session.exited).exit).toBe(/^(login|machinectl)/.test(how) ? 0 : 7);
    await expectRecorded(account);
  });

  test("su -c without a terminal: no notice, and the streams as they are", async () => {
    const account = await server().account();
    const result = await server().guest.run(["su", "-", account.name, "-c", "echo mark-42; echo err >&2; exit 5"], {
      mayFail: true,
    });
    expect({ ...result, stdout: result.stdout.toString() }).toEqual({
      status: 5,
      stdout: "mark-42\n",
      stderr: "err\n",
    });
    await expectRecorded(account);
  });

  test("su with a password, from the session of one who is not recorded", async () => {
    const [account, plain] = [await server().account(), await server().unrecorded()];
    const session = plain.login(`su - ${account.name}`);
    await session.sees("Password:");
    session.type("secret\n");
    await session.sees("$ ");
    await markAndLeave(session);
    await session.exited;
    await expectRecorded(account);
    expect(await plain.recordings()).toEqual([]);
  });
});
