/** What people do inside a recorded session: it goes on as without us, and is recorded once. */
import { describe, expect, test } from "vitest";
import { until } from "../harness/session.ts";
import type { Account } from "./account.ts";
import { serverOfFile } from "./server.ts";

const server = serverOfFile();

async function output(account: Account): Promise<string> {
  return (await account.played()).stdout.toString();
}

describe("a shell in a recorded session is not recorded twice", () => {
  test.each([
    ["bash -l", "bash -l -c 'echo mark-$((40+2))'"],
    ["rec-session by hand", "rec-session -c 'echo mark-$((40+2))'"],
    [
      "the shell that passwd names, as vi and tmux start it",
      "$(getent passwd $USER | cut -d: -f7) -c 'echo mark-$((40+2))'",
    ],
    ["script(1)", "script -qc 'echo mark-$((40+2))' /dev/null"],
    ["sh in the background of a pipeline", "(rec-session -c 'echo mark-$((40+2))' | cat)"],
  ])("%s", async (_, command) => {
    const account = await server().account();
    const session = account.login(`${command}; exit 7`);
    await session.sees("mark-42");
    expect((await session.exited).exit).toBe(7);
    expect(session.shownText.match(/recorded/g)).toHaveLength(1);
    expect(await output(account)).toContain("mark-42");
  });

  test("su to another who is recorded: it is in the recordings of both", async () => {
    const [account, other] = [await server().account(), await server().account()];
    const session = account.login(`su - ${other.name}; exit 7`);
    await session.sees("Password:");
    session.type("secret\n");
    await session.sees("$ ");
    session.type("echo mark-$((40+2)); exit\n");
    await session.sees("mark-42");
    expect((await session.exited).exit).toBe(7);
    expect(await output(account)).toContain("mark-42");
    expect(await output(other)).toContain("mark-42");
  });

  test("su from another's terminal: it is his again when who came by su kills his recorder", async () => {
    const [account, plain] = [await server().account(), await server().unrecorded()];
    const session = plain.login(`su - ${account.name}; echo mark-$((40+2)) >/dev/tty; exit 7`);
    await session.sees("Password:");
    session.type("secret\n");
    await session.sees("$ ");
    session.type("kill -9 $PPID\n");
    await session.sees("mark-42");
    expect((await session.exited).exit).toBe(7);
  });

  test("a root shell by sudo", async () => {
    const account = await server().account();
    await server().guest.run(`echo '${account.name} ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/${account.name}`);
    const session = account.login("sudo -i");
    await session.sees("# ");
    session.type("id -u; echo mark-$((40+2)); exit 7\n");
    await session.sees("mark-42");
    expect((await session.exited).exit).toBe(7);
    expect(await output(account)).toContain("mark-42");
  });

  test("tlog-rec that he runs himself records beside, and tlog-play shows it", async () => {
    const account = await server().account();
    const { stdout, status } = await account.ssh(
      "tlog-rec -w file -o own.log echo inner-$((40+2)); tlog-play -r file --file-path own.log; exit 5",
    );
    expect({ status, stdout: stdout.toString() }).toEqual({ status: 5, stdout: "inner-42\ninner-42\n" });
    expect((await account.played()).stdout.toString()).toBe("inner-42\ninner-42\n");
  });

  test("but rec that the user runs himself is no such recorder: what is under it is recorded", async () => {
    const account = await server().account();
    await account.ssh("rec -w none rec-session -c 'echo mark-$((40+2))'; true");
    const found = await account.ended(1);
    const outputs = await Promise.all(found.map(async ({ rec }) => (await account.played(rec)).stdout.toString()));
    expect(outputs.some((text) => text.includes("mark-42"))).toBe(true);
  });
});

describe("programs", () => {
  test("tmux: its windows are recorded as they are shown, and no second time", async () => {
    const account = await server().account();
    const session = account.login("tmux new-session");
    await session.sees("$ ");
    session.type("echo mark-$((40+2))\n");
    await session.sees("mark-42");
    session.type("\x02c");
    await session.sees("1:bash*");
    session.type("echo mark-$((40+3)); exit\n");
    await session.sees("mark-43");
    // The shell that is just leaving may take with it what is typed.
    const leaving = setInterval(() => session.type("exit\n"), 500);
    await session.exited.finally(() => clearInterval(leaving));
    expect(await output(account)).toMatch(/mark-42.*mark-43/s);
  });

  test("less, and a screen of vim's kind, leave the terminal as it was", async () => {
    const account = await server().account();
    const session = account.login("stty -g >a; seq 1000 | less; stty -g >b; cmp a b && echo mark-$((40+2))");
    await session.sees(":");
    session.type("G");
    await session.sees("1000");
    session.type("q");
    await session.sees("mark-42");
    await session.exited;
    expect(await output(account)).toContain("1000");
  });

  test("journalctl -f of one who is recorded ends by itself: what it shows does not come back without end", async () => {
    const account = await server().account();
    await server().guest.run(`usermod -aG systemd-journal ${account.name}`);
    const session = account.login("journalctl -f -n 0 -o cat");
    await session.sees("recorded");
    // It follows only what comes after its start; its own recording does.
    await session.sees('"ver"');
    await account.as("logger mark-42");
    await session.sees("mark-42");
    // Every turn of an amplification takes a latency of 1 s: it would have taken three of them.
    const before = session.shown.length;
    const turns = Array.from({ length: 8 }, (_, i) => `turn-${i}`);
    for (const turn of turns) {
      await account.as(`sleep 1.5; logger ${turn}`);
      await session.sees(turn);
    }
    // Not what else stands in the journal meanwhile, as the ends of other sessions.
    const messages = session.shown.subarray(before).toString().split("\n");
    const grown = messages.filter((line) => line.includes('"ver"')).join("").length;
    session.type("\x03");
    await session.exited;
    expect(grown).toBeLessThan(20_000);
    expect(await output(account)).toContain("turn-7");
  });

  test("a window that changes its size while a program runs", async () => {
    const account = await server().account();
    const session = account.login("trap 'stty size' WINCH; while :; do sleep 0.1; done");
    await session.sees("recorded");
    await until(async () => (await account.recordings()).length === 1, "a recording");
    session.resize(99, 33);
    await session.sees("33 99");
    session.type("\x03");
    await session.exited;
    expect(await output(account)).toContain("33 99");
  });
});
