/** who, w, last and write: what they tell of a recorded session, while it stands, and however it ends. */
import { describe, expect, test } from "vitest";
import { type Session, until } from "../harness/session.ts";
import type { Account } from "./account.ts";
import { serverOfFile } from "./server.ts";

const server = serverOfFile();

/** Lines of `who` about him: his name, and the line of his terminal. */
async function who({ guest, name }: Account): Promise<string[]> {
  const lines = (await guest.text("who")).split("\n").map((line) => line.split(/ +/).slice(0, 2).join(" "));
  return lines.filter((line) => line.startsWith(`${name} `));
}

async function shell(account: Account): Promise<{ readonly session: Session; readonly tty: string }> {
  const session = account.login();
  await session.sees("$ ");
  session.type("echo tty=$(tty)=\n");
  await session.sees("=/dev/");
  return { session, tty: /=\/dev\/(\S+)=/.exec(session.shownText)?.[1] ?? "" };
}

/** For 2 s, as fcntl(2) has it, which is how the C library locks utmp: it waits for 10. */
const holdLock = `setsid perl -e 'use Fcntl; open F, "</run/utmp"; $l = pack("ssx4qqix4", F_RDLCK, 0, 0, 0, 0); fcntl(F, F_SETLK, $l) or die; sleep 2'`;

/** Nobody is told as logged in, in utmp and in wtmp. */
async function expectLoggedOut(account: Account): Promise<void> {
  let told: unknown;
  await until(
    async () => {
      told = [await who(account), await account.guest.text(`last -n1 ${account.name} | head -n1`)];
      return JSON.stringify(told).match(/still logged in|gone - no|pts\/\d+"\]/) === null;
    },
    () => `${account.name} to be told as logged out: ${JSON.stringify(told)}`,
  );
}

test("they tell what they tell without us", async () => {
  const [account, plain] = [await server().account(), await server().unrecorded()];
  const command =
    'test "$(who am i | awk \'{print $2}\')" = "$(tty | cut -c6-)"; echo $?; who am i; w -h; last -n1 | head -1; logname; stty -a | head -1; exit';
  const shown: string[] = [];
  for (const user of [account, plain]) {
    const session = user.login();
    await session.sees("$ ");
    session.type(`clear; ${command}\n`);
    await session.exited;
    const text = session.shownText.split("\x1b[3J").at(-1) ?? "";
    expect(text).toMatch(/^0\r\n/);
    // Times, numbers of terminals, and names differ between any two.
    shown.push(text.replaceAll(user.name, "NAME").replaceAll(/\d+/g, "N").replaceAll(/ +/g, " "));
  }
  expect(shown[0]).toBe(shown[1]);
});

test("w tells the administrator what the user runs, and ps the recorder with the user's shell", async () => {
  const account = await server().account();
  const { session } = await shell(account);
  const { guest } = server();
  session.type("sleep 1000\n");
  const ofW = async (): Promise<string> => await guest.text(`COLUMNS=200 w -h ${account.name}`);
  await until(
    async () => / sleep 1000$/.test(await ofW()),
    () => "w to tell sleep",
  );
  const recorder = await guest.text(`pgrep -u ${account.name} -f rec-session`);
  expect(await guest.text(`ps -o args= ${recorder}; readlink /proc/${recorder}/exe`)).toBe(
    "-bash (tlog-rec-session)\n/usr/lib/rec-session/node",
  );
  session.type("\x03exit\n");
  await session.exited;
  await expectLoggedOut(account);
});

test("what others write to him comes, and is recorded", async () => {
  const account = await server().account();
  const { session } = await shell(account);
  await server().guest.run("wall -n mark-$((40+2)) from root");
  await session.sees("mark-42 from root");
  session.type("exit\n");
  await session.exited;
  expect((await account.played()).stdout.toString()).toContain("mark-42 from root");
});

test("a recorded session within: the entry goes on to its terminal, and comes back", async () => {
  const [account, other] = [await server().account(), await server().account()];
  const { session, tty } = await shell(account);
  expect(await who(account)).toEqual([`${account.name} ${tty}`]);
  session.type(`su - ${other.name}\n`);
  await session.sees("Password:");
  session.type("secret\n");
  await session.sees(`${other.name}@`);
  session.type("who am i; echo inner=$(tty)=\n");
  await session.sees("inner=/dev/");
  const inner = /inner=\/dev\/(\S+)=/.exec(session.shownText)?.[1] ?? "";
  expect(inner).not.toBe(tty);
  expect(await who(account)).toEqual([`${account.name} ${inner}`]);
  session.type("exit\n");
  await until(
    async () => (await who(account))[0] === `${account.name} ${tty}`,
    () => `the entry to name ${tty} again`,
  );
  session.type("exit\n");
  await session.exited;
  await expectLoggedOut(account);
});

describe("however it ends, nobody stays logged in", () => {
  test.each([
    ["the user kills the recorder", "kill -9 $PPID"],
    ["he stops it first", "kill -STOP $PPID; kill -9 $PPID"],
    ["he tries to kill the witness, too", "kill -9 $(pgrep -P $PPID); kill -9 $PPID"],
    ["he holds a lock on utmp meanwhile", `${holdLock} & sleep 0.3; exit`],
    ["he holds a lock on utmp, and kills the recorder", `${holdLock} & sleep 0.3; kill -9 $PPID`],
  ])("%s", async (_, command) => {
    const account = await server().account();
    const { session, tty } = await shell(account);
    expect(await who(account)).toEqual([`${account.name} ${tty}`]);
    session.type(`${command}\n`);
    await session.exited;
    await expectLoggedOut(account);
  });

  test("both recorders of a session within a session are killed at once", async () => {
    const [account, other] = [await server().account(), await server().account()];
    const { session } = await shell(account);
    session.type(`su - ${other.name}\n`);
    await session.sees("Password:");
    session.type("secret\n");
    await session.sees(`${other.name}@`);
    await server().guest.run(`kill -9 $(pgrep -u ${account.name},${other.name} -f 'tlog-rec-session')`);
    await session.exited;
    const { guest, name } = account;
    await until(
      async () => !(await guest.text("who")).includes(`${name} `),
      () => `${name} to be told as logged out`,
    );
  });

  test("a session that he detached from his login moves no entry, and its end logs nobody out", async () => {
    const account = await server().account();
    const { session, tty } = await shell(account);
    session.type("(setsid sh -c 'sleep 0.5; exec tlog-rec-session -c \"tty; sleep 2\"' <>$(tty) >&0 2>&1 &)\n");
    await until(
      () => session.shownText.match(/recorded!/g)?.length === 2,
      () => "the second notice",
    );
    expect(await who(account)).toEqual([`${account.name} ${tty}`]);
    await server().guest.run(`pkill -9 --newest -u ${account.name} -x tlog-rec-sessio; sleep 1`);
    session.type("\necho mark-$((40+2))\n");
    await session.sees("mark-42");
    expect(await who(account)).toEqual([`${account.name} ${tty}`]);
    session.type("exit\n");
    await session.exited;
    await expectLoggedOut(account);
  });

  test("no signal of the user's reaches the witness", async () => {
    const account = await server().account();
    const { session } = await shell(account);
    session.type(
      "kill -STOP $(pgrep -P $PPID -x witness); ls -l /proc/$(pgrep -P $PPID -x witness)/fd; echo mark-$((40+2))\n",
    );
    await session.sees("mark-42");
    expect(session.shownText).toMatch(/kill: .*Operation not permitted/);
    expect(session.shownText).toMatch(/fd.*Permission denied/);
    session.type("exit\n");
    await session.exited;
    await expectLoggedOut(account);
  });
});
