/** The adversary turns on the recorder's processes: signals, debuggers, /proc, limits. What he sees on his screen is in the recording. */
import { describe, expect, test } from "vitest";
import { type Session, until } from "../harness/session.ts";
import type { Account, Recording } from "./account.ts";
import type { Result } from "./guest.ts";
import { serverOfFile } from "./server.ts";

const server = serverOfFile();

/** A recorded shell at a terminal, whose parent is the recorder. */
async function shell(account: Account): Promise<Session> {
  const session = account.login();
  await session.sees("$ ");
  // The prompt and the echo would repeat every word.
  session.type("PS1=; stty -echo; echo ready-$((40+2))\n");
  await session.sees("ready-42");
  return session;
}

/** What the shell showed after the last time that it was ready; the client's own words are not his. */
function shownBy(session: Session): string {
  const shown = session.shownText.slice(session.shownText.lastIndexOf("ready-42"));
  return shown.replace(/(Connection|Shared connection) to .* closed\.?(\r\n)*|\s+$/g, "");
}

/** All that he saw is in the one recording, whether or not it is whole. */
async function expectSeenIsRecorded(account: Account, session: Session): Promise<Recording> {
  const recording = await account.recording();
  const { stdout } = await account.played(recording.rec);
  const text = stdout.toString();
  expect(text.slice(text.lastIndexOf("ready-42"))).toContain(shownBy(session));
  return recording;
}

describe("a signal to the recorder", () => {
  test.each(["CHLD", "CONT", "WINCH", "URG", "PIPE", "TSTP", "TTIN", "TTOU"])("SIG%s changes nothing", async (name) => {
    const account = await server().account();
    const session = await shell(account);
    session.type(`kill -${name} $PPID; sleep 0.2; kill -CONT $PPID; echo mark-$((40+2))\n`);
    await session.sees("mark-42");
    session.type("exit 7\n");
    expect((await session.exited).exit).toBe(7);
    expect((await expectSeenIsRecorded(account, session)).state).toBe("complete");
  });

  // Those that no wrapper could have a use for are handed on to his shell.
  const ending = [
    "HUP",
    "TERM",
    "INT",
    "QUIT",
    "USR1",
    "USR2",
    "ALRM",
    "VTALRM",
    "PROF",
    "IO",
    "PWR",
    "RTMIN",
    "RTMAX",
  ];

  test.each(ending)("SIG%s ends the session, and the recording says so", async (name) => {
    const account = await server().account();
    const session = await shell(account);
    session.type(`kill -${name} $PPID; sleep 30; echo alive\n`);
    await session.exited;
    expect(session.shownText).not.toContain("alive");
    expect((await expectSeenIsRecorded(account, session)).state).toBe("complete");
  });

  test.each(["KILL", "SEGV", "ABRT", "BUS", "ILL", "FPE", "TRAP", "SYS", "XCPU", "XFSZ", "STKFLT"])(
    "SIG%s ends the session at once, or nothing: never the recording alone",
    async (name) => {
      const account = await server().account();
      const session = await shell(account);
      session.type(`trap '' HUP; kill -${name} $PPID; sleep 1.5; echo alive-$((40+2)) | tee alive; exit\n`);
      await session.exited;
      const { state } = await account.recording();
      if (!session.shownText.includes("alive-42")) expect(state).toBe("incomplete");
      else await expectSeenIsRecorded(account, session);
      if (name === "KILL") expect(session.shownText).not.toContain("alive-42");
    },
  );

  test("SIGKILL: the shell is hung up, and the list and the player say that the end is missing", async () => {
    const account = await server().account();
    const session = await shell(account);
    session.type("sleep 1234 & sleep 1.5; kill -KILL $PPID; sleep 30; echo alive\n");
    await session.exited;
    const { state, rec } = await account.recording();
    expect(state).toBe("incomplete");
    const { status, stderr } = await account.played(rec);
    expect(status).toBe(3);
    expect(stderr).toMatch(/without its end/);
    expect(await server().guest.text(`pgrep -u ${account.name} -x bash | wc -l`)).toBe("0");
  });

  test("SIGKILL to everything that is his", async () => {
    const account = await server().account();
    const session = await shell(account);
    session.type("echo mark-$((40+2)); sleep 1.5; kill -KILL -1\n");
    await session.exited;
    const { state, rec } = await account.recording();
    expect(state).toBe("incomplete");
    expect((await account.played(rec)).stdout.toString()).toContain("mark-42");
  });

  test("SIGSTOP: his screen stands still too; after SIGCONT all is there", async () => {
    const account = await server().account();
    const session = await shell(account);
    session.type(
      "(sleep 2; kill -CONT $PPID) & kill -STOP $PPID; for i in 1 2 3 4; do echo hidden-$i; sleep 0.2; done; touch told\n",
    );
    await server().guest.run(`while [ ! -e ${account.home}/told ]; do sleep 0.05; done`);
    expect(shownBy(session)).not.toContain("hidden");
    await session.sees("hidden-4");
    session.type("exit\n");
    await session.exited;
    expect((await expectSeenIsRecorded(account, session)).state).toBe("complete");
  });

  test("SIGKILL to his own shell is told as its end", async () => {
    const account = await server().account();
    const session = await shell(account);
    session.type("kill -KILL $$\n");
    await session.exited;
    const { rec, state } = await account.recording();
    expect(state).toBe("complete");
    expect(await server().guest.text(["rec-play", "--reader", "journal", "--info", rec])).toMatch(
      /end: +.*(SIGKILL|137)/,
    );
  });
});

test("SIGUSR1 opens no debugger, at whatever moment of a start it comes", async () => {
  const account = await server().account();
  const start =
    "/usr/bin/rec-session -c 'sleep 0.1' & sleep 0.0$i; kill -USR1 $!; sleep 0.02; ss -ltnH; ss -lxnH | grep -i node";
  const { stdout } = await account.as(`for i in $(seq -w 0 3 90); do ${start}; wait; done 2>/dev/null`);
  expect(stdout.toString()).toContain(":22");
  expect(stdout.toString()).not.toMatch(/:92\d\d|node/);
  // Nothing that was killed halfway stays behind with the group and the descriptors.
  await until(async () => (await server().guest.text(`pgrep -cu ${account.name}; true`)) === "0", "the end of all");
});

describe("the recorder is closed to its user", () => {
  /** Of his own process first, where both work. Perl hands what is no number on by its address. */
  const pidfd = `perl -e 'for $q ($$, @ARGV) { $p = syscall(434, $q + 0, 0); for (0..9) { $f = syscall(438, $p, $_, 0); print $q == $$ ? "works\\n" : "got $_\\n" if $f >= 0 } }' $PPID`;
  const vmRead = `perl -e '$b = " " x 8; $i = pack("QQ", unpack("Q", pack("P", $b)), 8); for $q ($$, @ARGV) { print $q == $$ ? "works\\n" : "got\\n" if syscall(310, $q + 0, $i, 1, pack("QQ", $q == $$ ? unpack("Q", pack("P", $b)) : 0x400000, 8), 1, 0) > 0 }' $PPID`;

  test.each([
    ["strace", "timeout 2 strace -qqp $PPID 2>&1", /not permitted/],
    ["gdb", "gdb -batch -p $PPID 2>&1 | cat", /not permitted|denied/],
    ["reading its memory", "head -c1 /proc/$PPID/mem 2>&1", /denied/],
    ["writing its memory", "echo x 2>&1 >/proc/$PPID/mem", /denied/],
    ["its environment", "cat /proc/$PPID/environ 2>&1", /denied/],
    ["its descriptors", "ls /proc/$PPID/fd/ 2>&1; cat /proc/$PPID/fd/* 2>&1", /denied/],
    [
      "its folders and program",
      "ls /proc/$PPID/root/ /proc/$PPID/cwd/ 2>&1; cat /proc/$PPID/exe 2>&1 | head -c 99",
      /denied/,
    ],
    [
      "its maps, stack and system calls",
      "cat /proc/$PPID/{maps,smaps,stack,syscall,auxv,personality,pagemap} 2>&1 | head -c 2000",
      /denied/,
    ],
    ["its chances when memory is short", "echo 1000 2>&1 >/proc/$PPID/oom_score_adj", /denied/],
    ["its limits", "prlimit --pid $PPID --nofile=3:3 2>&1; prlimit --pid $PPID --fsize=0:0 2>&1", /not permitted/],
    ["its descriptors by pidfd_getfd", pidfd, /works/],
    ["its memory by process_vm_readv", vmRead, /works/],
    ["its threads", "for t in /proc/$PPID/task/*; do head -c1 $t/mem 2>&1; cat $t/environ 2>&1; done", /denied/],
  ])("%s", async (_, command, refusal) => {
    const account = await server().account();
    const session = await shell(account);
    session.type(`${command}; echo over-$((40+2))\n`);
    await session.sees("over-42");
    expect(shownBy(session)).toMatch(refusal);
    expect(shownBy(session)).not.toMatch(/got|rec-launch/);
    session.type("exit 7\n");
    expect((await session.exited).exit).toBe(7);
    expect((await expectSeenIsRecorded(account, session)).state).toBe("complete");
  });

  test("he may slow it down, and is slowed down with it", async () => {
    const account = await server().account();
    const session = await shell(account);
    session.type(
      "renice 19 $PPID; chrt -ip 0 $PPID; ionice -c3 -p $PPID; taskset -p 1 $PPID; seq 20000; echo mark-$((40+2)); exit\n",
    );
    await session.exited;
    expect(session.shownText).toContain("mark-42");
    expect((await expectSeenIsRecorded(account, session)).state).toBe("complete");
  });

  test("his terminal by its name: nothing but the recorder writes to it", async () => {
    const account = await server().account();
    const session = await shell(account);
    session.type("echo hidden-$((40+2)) > $SSH_TTY; echo over-$((40+2))\n");
    await session.sees("over-42");
    expect(shownBy(session)).not.toContain("hidden-42");
    expect(shownBy(session)).toMatch(/busy|denied/);
  });
});

describe("what a process can hand on through exec, or do to another by its uid alone", () => {
  const recorder = "/usr/bin/rec-session -c 'sleep 0.5; echo mark-$((40+2))'";
  const timer = (which: number, seconds: number): string =>
    `perl -MTime::HiRes=setitimer -e 'setitimer(${which}, ${seconds}, ${seconds}); exec @ARGV' ${recorder}`;
  const pending = (signal: number): string =>
    `perl -MPOSIX -e 'sigprocmask(SIG_BLOCK, POSIX::SigSet->new(${signal})); kill ${signal}, $$; exec @ARGV' ${recorder}`;
  const prctl = (option: number, value: number): string =>
    `perl -e 'syscall(157, ${option}, ${value}); exec @ARGV' ${recorder}`;

  test.each<[string, string, number]>([
    ["a timer that goes on (ITIMER_REAL)", timer(0, 0.4), 142],
    ["a timer of its own processor time (ITIMER_VIRTUAL)", timer(1, 0.001), 154],
    ["the same with the kernel's (ITIMER_PROF)", timer(2, 0.001), 155],
    ...[1, 2, 10, 13, 14, 15, 17, 34, 64].map((signal): [string, string, number] => [
      `signal ${signal}, blocked and pending`,
      pending(signal),
      // SIGCHLD ends nobody.
      signal === 17 ? 0 : 128 + signal,
    ]),
    ["SIGKILL when its parent is gone (PR_SET_PDEATHSIG)", prctl(1, 9), 0],
    ["orphans for children (PR_SET_CHILD_SUBREAPER)", prctl(36, 1), 0],
    ["no new privileges", `setpriv --no-new-privs ${recorder}`, 0],
    [
      "a tracer (PTRACE_TRACEME)",
      `perl -e 'if (my $p = fork) { while (waitpid($p, 0) > 0 && ($? & 0xff) == 0x7f) { syscall(101, 7, $p, 0, 0) } } else { syscall(101, 0, 0, 0, 0); exec @ARGV }' ${recorder}`,
      0,
    ],
    ["the worst chances when memory is short", `echo 1000 > /proc/self/oom_score_adj; exec ${recorder}`, 0],
    ["what is left of the processor", `chrt -i 0 nice -n 19 ionice -c 3 ${recorder}`, 0],
    ["a user namespace", `unshare -Ur ${recorder}`, 0],
    // No journald listens there, and the folder is not his to write.
    [
      "a user namespace with another /run",
      `unshare -Urm sh -c 'mount -t tmpfs none /run; exec "$@"' sh ${recorder}`,
      1,
    ],
    ["a process namespace", `unshare -Urpf --mount-proc ${recorder}`, 0],
  ])("%s: recorded, or over at once", async (_, command, ends) => {
    const account = await server().account();
    const { status, stdout } = await account.as("timeout -k 1 20 sh", `${command} </dev/null\n`);
    expect({ status, stdout: stdout.toString() }).toEqual({ status: ends, stdout: ends === 0 ? "mark-42\n" : "" });
    if (ends !== 0) return;
    const uid = await server().guest.text(["id", "-u", account.name]);
    // In a user namespace he calls himself root; the kernel does not.
    expect(await server().guest.text(`journalctl --sync; journalctl --all -o cat _UID=${uid}`)).toContain("mark-42");
  });

  test("a scope of his own manager, which the recorder is moved to: it is recorded, and ends with it", async () => {
    const account = await server().account();
    const session = await shell(account);
    const manager = "org.freedesktop.systemd1 /org/freedesktop/systemd1 org.freedesktop.systemd1.Manager";
    const scope = `StartTransientUnit 'ssa(sv)a(sa(sv))' own.scope fail 1 PIDs au 1 $PPID 0`;
    session.type(
      `export XDG_RUNTIME_DIR=/run/user/$(id -u); busctl --user -q call ${manager} ${scope} && until grep -q own.scope /proc/$PPID/cgroup; do sleep 0.1; done\n`,
    );
    session.type(
      "systemctl --user set-property own.scope TasksMax=1; echo mark-$((40+2)); systemctl --user stop own.scope; sleep 30\n",
    );
    await session.sees("mark-42");
    await session.exited;
    expect((await expectSeenIsRecorded(account, session)).state).toBe("complete");
  });

  test("write and wall of other users do not reach his screen round the recorder", async () => {
    const [account, other] = [await server().account(), await server().account()];
    const session = await shell(account);
    session.type("mesg y; echo open-$((40+2))\n");
    await session.sees("open-42");
    await other.as("echo hidden-42 | wall");
    session.type("sleep 0.5; echo over-$((40+2)); exit\n");
    await session.exited;
    expect(session.shownText).toContain("over-42");
    await expectSeenIsRecorded(account, session);
  });
});

describe("limits under which he starts it again", () => {
  /** By bash: sh knows few of them. */
  const limited = async (account: Account, limit: string): Promise<Result> =>
    await account.as(`bash -c 'ulimit ${limit} && exec /usr/bin/rec-session -c "echo mark-\\$((40+2))"'`);
  const refusal = "rec-session: cannot start: ";

  test.each(["-t 1", "-c 0", "-l 0", "-i 0", "-q 0", "-m 1"])("ulimit %s: recorded", async (limit) => {
    const account = await server().account();
    const { status, stdout, stderr } = await limited(account, limit);
    expect({ status, stdout: stdout.toString(), stderr }).toEqual({ status: 0, stdout: "mark-42\n", stderr: "" });
    expect((await account.played()).stdout.toString()).toBe("mark-42\n");
  });

  test.each([
    ["-v 40000", "its address space"],
    ["-v 200000", "its address space"],
    ["-d 1000", "its data"],
    ["-n 3", "memfd_create: Too many open files"],
    ["-n 8", "its open files"],
    ["-n 16", "its open files"],
    ["-f 0", "its files"],
    ["-u 1", "as many processes as he may"],
  ])("ulimit %s: refused with a sentence", async (limit, why) => {
    const { status, stdout, stderr } = await limited(await server().account(), limit);
    expect({ status, stdout: stdout.toString() }).toEqual({ status: 1, stdout: "" });
    expect(stderr.startsWith(refusal)).toBe(true);
    expect(stderr).toContain(why);
  });

  test("ulimit -s 16: the kernel starts nothing", async () => {
    const { status, stdout } = await limited(await server().account(), "-s 16");
    expect({ isWell: status === 0, stdout: stdout.toString() }).toEqual({ isWell: false, stdout: "" });
  });

  test.each([
    ["--core=0:0", undefined],
    ["--fsize=0:0", "its files"],
    ["--as=900000000:900000000", "its address space"],
    ["--nofile=40:40", "its open files"],
  ])("the limits of sshd's process, which forks his next session: %s", async (limit, why) => {
    const account = await server().account();
    const options = ["-o", "ControlMaster=auto", "-o", `ControlPath=/run/${account.name}`];
    const session = account.login(undefined, { options });
    await session.sees("$ ");
    session.type(`for p in $(pgrep -u $USER sshd); do prlimit --pid $p ${limit}; done; echo set-$((40+2))\n`);
    await session.sees("set-42");
    const { status, stdout, stderr } = await account.ssh("echo mark-$((40+2))", { options });
    const isRecorded = why === undefined;
    expect({ status, stdout: stdout.toString() }).toEqual(
      isRecorded ? { status: 0, stdout: "mark-42\n" } : { status: 1, stdout: "" },
    );
    if (isRecorded) expect(await account.messages()).toContain("mark-42");
    else expect(stderr).toContain(why);
  });
});
