/** The installed rec-session, set-group-ID, run by an ordinary user who wants to get round it. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { Installation, installationMissing, quote, recGroup, user } from "../harness/installation.ts";
import { run } from "../harness/recorder.ts";
import { Session, until } from "../harness/session.ts";

beforeEach((ctx) => ctx.skip(installationMissing !== undefined, installationMissing));

const path = "/usr/bin/unshare";

async function asUser(installation: Installation, script: string, ...words: string[]) {
  const outcome = await run(installation.asUser(script, installation.recSession, ...words), { path });
  return { ...outcome, out: outcome.stdout.toString() };
}

/** Lists them without opening any. */
const descriptors =
  "for n in {0..4000}; do [ -e /proc/$$/fd/$n ] && echo -n $n; [ -e /proc/$$/fd/$n ] && echo -n \\ ; done; true";

describe("what the shell gets", () => {
  test("the user's own ids, groups and capabilities", async () => {
    const host = new Installation({});
    const { out, stderr } = await asUser(host, `$1 -c 'grep -E "^(Uid|Gid|Groups|Cap...):" /proc/self/status'`);
    const none = "0000000000000000";
    expect(stderr).toBe("");
    expect(out.replace(/^CapBnd.*\n/m, "").replaceAll("\t", " ")).toBe(
      `Uid: 64101 64101 64101 64101\nGid: 64102 64102 64102 64102\nGroups: 64102 64112 \n` +
        ["Inh", "Prm", "Eff", "Amb"].map((set) => `Cap${set}: ${none}\n`).join(""),
    );
  });

  test("no descriptor but its three, whatever the recorder was started with", async () => {
    const host = new Installation({});
    const script = `exec 5</etc/passwd; ulimit -n 4000; exec 3000</etc/passwd; $1 -c '${descriptors}'`;
    expect(await asUser(host, script)).toMatchObject({ out: "0 1 2 ", stderr: "", exit: 0 });
  });

  test.each([
    ["0<&-", "1 2"],
    ["2>&-", "0 1"],
    ["0<&- 2>&-", "1"],
  ])("closed descriptors stay closed: %s", async (redirections, expected) => {
    const host = new Installation({});
    expect((await asUser(host, `$1 -c '${descriptors}' ${redirections}`)).out).toBe(`${expected} `);
  });

  test("the user's environment to the byte, also what a set-ID program's C library takes out", async () => {
    const host = new Installation({});
    const variables = `A=1 A=2 TMPDIR=/t LD_PRELOAD= LD_LIBRARY_PATH=/x NODE_OPTIONS=--bad GLIBC_TUNABLES=a=b LOCPATH=/l TZDIR=/z B=$'\\xff' SHELL=/old`;
    const script = `env -i ${variables} $1 -c 'exec cat /proc/$$/environ'`;
    const { stdout } = await run(host.asUser(script, host.recSession), { path });
    const plain = await run(host.asUser(`env -i ${variables} /bin/bash -c 'exec cat /proc/$$/environ'`), { path });
    const expected = plain.stdout.toString("latin1").replace("SHELL=/old", "SHELL=/bin/bash");
    expect(stdout.toString("latin1")).toBe(expected);
    expect(expected).toContain("LD_PRELOAD=\0");
  });

  test("umask, limits, ignored and blocked signals as they were", async () => {
    const host = new Installation({});
    const show = `umask; ulimit -Sn; ulimit -Sc; grep -E "^Sig(Ign|Blk)" /proc/$$/status`;
    const set = `umask 0777; ulimit -Sn 99; ulimit -Sc 0; trap "" USR1 HUP;`;
    const { out } = await asUser(host, `${set} $1 -c '${show}'`);
    expect(out).toBe((await asUser(host, `${set} bash -c '${show}'`)).out);
    expect(host.recording.end).toMatchObject({ exit: 0 });
  });
});

describe("the recorder", () => {
  test("is rec-session by whatever name it is executed, and takes no option of the recording", async () => {
    const host = new Installation({});
    for (const name of ["rec", "recctl", "rec-play", "tlog-rec"]) {
      const { exit, stderr } = await asUser(host, `ln -sf $1 ${name}; ./${name} -w none -o /tmp/x -c true`);
      expect([exit, stderr.split(":")[0]]).toEqual([2, "rec-session"]);
    }
    expect(host.files).toEqual([]);
    expect(await asUser(host, `./rec -c 'echo as ever'`)).toMatchObject({ out: "as ever\n", exit: 0 });
    expect(host.recording.output.toString()).toBe("as ever\n");
  });

  test("obeys neither argv[0] nor a link of the user's in which configuration counts", async () => {
    const host = new Installation({}, { writer: "file", file: { path: "/dev/null" } });
    await asUser(host, `exec -a tlog-rec-session $1 -c 'echo one'`);
    await asUser(host, `ln -s $1 tlog-rec-session; ./tlog-rec-session -c 'echo two'`);
    expect(host.files).toHaveLength(2);
  });

  test("is tlog's where the administrator's link in /usr/bin says so", async () => {
    const host = new Installation({}, { writer: "syslog", notice: "TLOG\n" });
    const mount = `touch /usr/bin/tlog-rec-session 2>/dev/null; mount --bind $1 /usr/bin/tlog-rec-session;`;
    const { stderr } = await run(
      host.args(`${mount} exec -a x /usr/bin/tlog-rec-session --configuration`, host.recSession),
      { path },
    ).then(({ stdout, stderr }) => ({ stderr: stdout.toString() + stderr }));
    expect(stderr).toContain("TLOG");
  });

  test("cannot be looked into, attached to, or told to open a debugger", async () => {
    const host = new Installation({});
    const attack = [
      "p=$PPID",
      "for f in environ fd mem maps auxv; do cat /proc/$p/$f /proc/$p/$f/* 2>/dev/null && echo READ $f; done",
      "gdb -p $p -batch 2>&1 | grep -q 'Operation not permitted' || ! command -v gdb || echo GDB",
      "strace -p $p 2>&1 | grep -q 'Operation not permitted' || ! command -v strace || echo STRACE",
      // It goes on until the recorder has ended it.
      "kill -USR1 $p; while :; do (echo > /dev/tcp/127.0.0.1/9229) 2>/dev/null && echo DEBUGGER; sleep 0.05; done",
    ].join("; ");
    const { out, stderr, signal } = await asUser(host, `exec $1 -c ${quote(attack)}`);
    expect({ out, stderr, signal }).toEqual({ out: "", stderr: "", signal: 10 });
  });

  test("writes where the user cannot reach it, during the session nor after", async () => {
    const host = new Installation({});
    const inside = "ls /var/log/rec-session; cat /var/log/rec-session/*; touch /var/log/rec-session/x; echo $HOME";
    const { exit } = await asUser(host, `umask 0; $1 -c '${inside}'`);
    expect(exit).toBe(0);
    const [file = "none", second] = host.files;
    expect(second).toBeUndefined();
    expect(statSync(file)).toMatchObject({ uid: user, gid: recGroup, mode: 0o100600 });
    const name = basename(file);
    const after = `cd /var/log/rec-session; for c in cat rm "chmod 666" "ln -t ." "truncate -s0"; do $c /var/log/rec-session/${name} && echo REACHED; done; ls`;
    expect((await asUser(host, after)).out).toBe("");
    expect(host.recording.end).toMatchObject({ exit: 0 });
  });

  test.each([
    ["-v 1000000", "address space"],
    ["-d 300000", "data"],
    ["-n 30", "open files"],
    ["-u 3", "processes"],
  ])("refuses a session that hard limits do not let it record: ulimit -H %s", async (limit, what) => {
    const host = new Installation({});
    const { exit, out, stderr } = await asUser(host, `ulimit ${limit}; exec $1 -c 'echo unrecorded'`);
    expect({ exit, out }).toEqual({ exit: 1, out: "" });
    expect(stderr).toMatch(new RegExp(`^rec-session: cannot start: node: .*${what}`));
  });

  test("takes the shell with it when it is killed, also one that ignores every signal", async () => {
    const host = new Installation({});
    const shell = `trap "" HUP TERM PIPE; echo $$ > pid; kill -9 $PPID; while :; do sleep 0.01; echo > alive; done`;
    expect((await asUser(host, `exec $1 -c ${quote(shell)}`)).signal).toBe(9);
    const pid = readFileSync(join(host.home, "pid"), "latin1").trim();
    await until(() => !existsSync(`/proc/${pid}`), "the shell's end");
    expect(host.recording.unended).toBeDefined();
  });

  test("raises soft limits for itself", async () => {
    const host = new Installation({});
    const script = `ulimit -S -v 300000; ulimit -S -n 10; ulimit -S -f 0; exec $1 -c 'ulimit -S -n'`;
    expect(await asUser(host, script)).toMatchObject({ out: "10\n", exit: 0 });
    expect(host.recording.output.toString()).toBe("10\n");
  });

  test("does not record a session of the same user within a recorded one, whatever lies between", async () => {
    const host = new Installation({});
    const { out, stderr } = await asUser(host, `$1 -c "sh -c '$1 -c \\"echo inner\\"; :'"`);
    expect({ out, stderr }).toEqual({ out: "inner\n", stderr: "" });
    expect(host.files).toHaveLength(1);
  });

  test("records what only pretends to be within a recorded session, and another user's session within", async () => {
    const host = new Installation({});
    // Named as the recorder is, from a copy of it, undumpable: none of it counts.
    const pretend = `cp ${host.launcher} rec-session; cp /bin/bash node; exec -a rec-session ./node -c "$1 -c true; :"`;
    expect((await asUser(host, pretend)).exit).toBe(0);
    expect(host.files).toHaveLength(1);
    const drop = `setpriv --reuid ${user} --regid ${user} --clear-groups $0 -c true`;
    await run(host.args(`$1 -c ${quote(drop)} $1`, host.recSession), { path });
    expect(host.files).toHaveLength(3);
  });

  test("tells the administrator what went wrong, and the user only what concerns him", async () => {
    const host = new Installation({ "no-such-option": 1 });
    const say = (script: string) => run(host.withSyslog(script, host.recSession), { path });
    expect(await say("$1 -c true")).toMatchObject({ exit: 0, stderr: "" });
    expect(host.logged).toMatch(
      /^<83>\w{3} [ \d]\d \d\d:\d\d:\d\d rec-session\[\d+\]: user recorded: rec-session: cannot use .*no-such-option: no such option;/,
    );
    const shell = await say("REC_SESSION_SHELL=/no/shell $1 -c 'echo $0'");
    expect(shell.stderr).toMatch(/^rec-session: cannot use the shell \/no\/shell/);
    expect(host.logged).toContain("cannot use the shell /no/shell");
    const refused = await say("ulimit -n 30; $1 -c true");
    expect(refused.stderr).toContain("open files");
    expect(host.logged).toMatch(/^<83>rec-session\[\d+\]: uid 64101: cannot start: node: its open files/m);
    const usage = await say("$1 -w none; exit 0");
    expect(usage.stderr).toMatch(/^rec-session: .*-w/);
    expect(host.logged).toMatch(/rec-session: .*-w/);
  });

  test("records at a terminal that it can only find by its name", async () => {
    const host = new Installation({});
    const drop = `setpriv --reuid ${user} --regid ${user} --clear-groups`;
    const args = host.args(`chown ${user} $(tty); exec ${drop} $1 -c tty`, host.recSession);
    const session = new Session({ args, path });
    expect((await session.exited).exit).toBe(0);
    expect(session.shownText).toMatch(/^\/dev\/pts\/\d+\r\n$/);
    expect(host.recording.head?.start?.tty).toBe(session.terminalPath);
  });
});
