/** How sessions end: by their user, by the network, by the host; the recording is whole to its last word. */
import { describe, expect, test } from "vitest";
import { until } from "../harness/session.ts";
import { serverOfFile } from "./server.ts";

const server = serverOfFile();

describe("a session ends", () => {
  test("with jobs that its user left in the background: they live on, the login is over", async () => {
    const account = await server().account();
    const session = account.login();
    await session.sees("$ ");
    session.type("nohup sleep 1234 >/dev/null 2>&1 &\n");
    await session.sees("[1]");
    session.type("echo mark-42; exit\n");
    expect((await session.exited).exit).toBe(0);
    expect((await account.recording()).state).toBe("complete");
    expect(await server().guest.text(`pgrep -u ${account.name} sleep | wc -l`)).toBe("1");
  });

  test("with a job that writes to its terminal: what came until the end is there", async () => {
    const account = await server().account();
    // Its terminal would be open for as long as it may write.
    const job = "trap '' HUP; touch begun; while echo tick; do sleep 0.05; done";
    const session = account.login(`(${job}) & until [ -e begun ]; do :; done; sleep 0.3; echo mark-$((40+2)); exit 6`);
    expect((await session.exited).exit).toBe(6);
    const { stdout, status } = await account.played();
    expect({ status, text: stdout.toString() }).toEqual({ status: 0, text: expect.stringMatching(/tick.*mark-42/s) });
  });

  test("when the network drops: the shell is hung up", async () => {
    const account = await server().account();
    const session = account.login();
    await session.sees("$ ");
    session.type("echo mark-$((40 + 2)); sleep 1000\n");
    await session.sees("mark-42");
    session.kill("SIGKILL");
    const { state, rec } = await account.recording();
    expect(state).toBe("complete");
    expect((await account.played(rec)).stdout.toString()).toContain("mark-42");
    await until(
      async () => (await server().guest.text(`pgrep -u ${account.name} sleep | wc -l`)) === "0",
      "the end of sleep",
    );
  });

  test("when sshd's side of it is killed", async () => {
    const account = await server().account();
    const session = account.login();
    await session.sees("$ ");
    session.type("echo mark-$((40 + 2)); trap '' HUP; sleep 1000\n");
    await session.sees("mark-42");
    await server().guest.run(`pkill -KILL -u ${account.name} sshd`);
    const { state, rec } = await account.recording();
    expect(state).toBe("complete");
    expect((await account.played(rec)).stdout.toString()).toContain("mark-42");
  });

  test("when the administrator ends it", async () => {
    const account = await server().account();
    const session = account.login();
    await session.sees("$ ");
    session.type("echo mark-$((40 + 2)); sleep 1000\n");
    await session.sees("mark-42");
    await server().guest.run(`loginctl terminate-user ${account.name}`);
    await session.exited;
    const { state, rec } = await account.recording();
    expect(state).toBe("complete");
    expect((await account.played(rec)).stdout.toString()).toContain("mark-42");
  });

  test("by vhangup(2), as login(1) and logind have it, of either terminal", async () => {
    for (const which of ["login", "shell"] as const) {
      const account = await server().account();
      const session = account.login();
      await session.sees("$ ");
      session.type("echo tty=$(tty)= mark-$((40 + 2)); trap '' HUP\n");
      await session.sees("mark-42");
      const shell = /=\/dev\/(pts\/\d+)=/.exec(session.shownText)?.[1] ?? "";
      const login = await server().guest.text(`ps -o tty= $(pgrep -u ${account.name} -f 'tlog-rec-session')`);
      const number = process.arch === "x64" ? 153 : 58;
      // It hangs up the terminal of the process that calls it.
      const steal = `ioctl(T, 0x540E, 1) // die; syscall(${number}) == 0 or die`;
      const script = `use POSIX; exit if fork; POSIX::setsid(); open T, "+</dev/${which === "login" ? login : shell}" or die; ${steal}`;
      await server().guest.run(["perl", "-e", script]);
      await session.exited;
      const { state, rec } = await account.recording();
      expect(state).toBe("complete");
      expect((await account.played(rec)).stdout.toString()).toContain("mark-42");
    }
  });

  test("with KillUserProcesses=yes: what he left goes, and the recording is whole", async () => {
    const { guest } = server();
    const file = "/etc/systemd/logind.conf.d/kill.conf";
    await guest.run(`mkdir -p $(dirname ${file}); printf '[Login]\\nKillUserProcesses=yes\\n' > ${file}`);
    await guest.run("systemctl restart systemd-logind");
    try {
      const account = await server().account();
      const session = account.login("nohup sleep 1234 >/dev/null 2>&1 & sleep 0.2; echo mark-$((40+2)); exit 6");
      expect((await session.exited).exit).toBe(6);
      const { state, rec } = await account.recording();
      expect(state).toBe("complete");
      expect((await account.played(rec)).stdout.toString()).toContain("mark-42");
      await until(
        async () => (await guest.text(`pgrep -u ${account.name} -x sleep | wc -l`)) === "0",
        "the end of what he left",
      );
    } finally {
      await guest.run(`rm ${file}; systemctl restart systemd-logind`);
    }
  });

  test("by exec of another program, by a signal of its own, by closing its terminal", async () => {
    const account = await server().account();
    for (const command of [
      "exec echo mark-42",
      "echo mark-42; kill -SEGV $$",
      "echo mark-42; exec <&- >&- 2>&-; sleep 0.3",
    ]) {
      await account.login(command).exited;
    }
    const found = await account.ended(3);
    for (const { rec, state } of found) {
      expect(state).toBe("complete");
      expect((await account.played(rec)).stdout.toString()).toContain("mark-42");
    }
  });
});

test("the host shuts down: the recording ends whole, and is there after the next boot", async () => {
  const account = await server().account();
  const session = account.login();
  await session.sees("$ ");
  session.type("echo mark-$((40 + 2)); sleep 1000\n");
  await session.sees("mark-42");
  await server().guest.reboot();
  const { state, rec } = await account.recording();
  expect(state).toBe("complete");
  expect((await account.played(rec)).stdout.toString()).toContain("mark-42");
});
