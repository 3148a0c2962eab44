/** `ssh HOST COMMAND`: what a recorded user gets is what he would get without us, and all that he gets is in the recording. */
import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { serverOfFile } from "./server.ts";

const server = serverOfFile();

/** Variables that differ between any two sessions, or any two users. */
const own =
  /^(SSH_CLIENT|SSH_CONNECTION|XDG_SESSION_ID|XDG_RUNTIME_DIR|DBUS_SESSION_BUS_ADDRESS|USER|LOGNAME|HOME|PWD)=.*/;

describe("the same as without us", () => {
  test.each([
    ["both streams apart, and the status", "echo out; echo err >&2; exit 3"],
    ["the highest status", "exit 255"],
    ["a shell that a signal ends", "kill -TERM $$"],
    ["a shell that is killed", "kill -KILL $$"],
    ["a signal to all of its process group", "trap : TERM; kill -TERM 0; sleep 0.2; echo on; exit 5"],
    ["its session and its group, which it leads", "ps -o sid=,pgid= -p $$ | tr -s ' ' '\\n' | grep -cx $$"],
    ["a command that is not there", "/nonexistent --x"],
    ["no output at all", "true"],
    ["an output that is cut off by its reader", "yes | head -c 100000 | md5sum; seq 100000 | head -1"],
    ["bytes of any kind", "printf '\\0\\377\\033\\200'; printf '\\377\\0' >&2"],
    ["no terminal", "tty; test -t 0 || test -t 1 || test -t 2 || echo none"],
    ["the argument's quotes", `printf '<%s>' "a  b" 'c"d' \\$e *.nothing; printf '%s\n' "$0" "$#"`],
    ["umask, limits, working folder", "umask; ulimit -a; ulimit -Ha; pwd | cut -d/ -f1-2"],
    ["signals: none is blocked or ignored", "grep ^Sig[BIC] /proc/self/status"],
    ["descriptors: three", "ls /proc/self/fd | wc -l"],
    ["ids, groups and no capability", "id -G | wc -w; grep -E '^(Cap|NoNewPrivs|Seccomp)' /proc/self/status"],
    ["nice, oom score, and scheduling", "nice; cat /proc/self/oom_score_adj; chrt -p $$ | sed 's/[0-9]*.s / /'"],
    ["a locale that is not there: what the shell says of it, and no more", "export LC_ALL=xx_YY; locale charmap; true"],
    ["closed descriptors", "exec >&- 2>&-; echo lost; exit 4"],
    ["a job that it leaves behind without its streams", "sleep 60 </dev/null >/dev/null 2>&1 & echo left"],
  ])("%s", async (_, command) => {
    const [account, plain] = [await server().account(), await server().unrecorded()];
    const [recorded, unrecorded] = [await account.ssh(command), await plain.ssh(command)];
    expect(recorded).toEqual(unrecorded);
    const whole = await account.played();
    expect(whole.status).toBe(0);
    // What was written to two streams at once has no order of its own.
    const size = recorded.stdout.length + Buffer.byteLength(recorded.stderr, "latin1");
    if (!recorded.stderr.includes("\ufffd")) expect(whole.stdout.length).toBe(size);
  });

  test("the environment, but for what SSSD tells us", async () => {
    const [account, plain] = [await server().account(), await server().unrecorded()];
    const variables = (text: Buffer): string[] =>
      text
        .toString()
        .split("\0")
        .map((line) => line.replace(own, "$1"))
        .sort();
    const recorded = variables((await account.ssh("cat /proc/self/environ")).stdout);
    const unrecorded = variables((await plain.ssh("cat /proc/self/environ")).stdout);
    expect(recorded.filter((line) => !line.startsWith("TLOG_REC_SESSION_SHELL="))).toEqual(unrecorded);
  });
});

describe("through pipes", () => {
  test("megabytes come back byte for byte, and are in the recording", async () => {
    const account = await server().account();
    const input = randomBytes(3_000_000);
    const { status, stdout } = await account.ssh("cat", { input });
    expect({ status, isSame: stdout.equals(input) }).toEqual({ status: 0, isSame: true });
    expect((await account.played()).stdout.equals(input)).toBe(true);
  });

  test("ssh -n: the command reads nothing", async () => {
    const account = await server().account();
    const { stdout } = await account.ssh("wc -c", { options: ["-n"], input: "unread" });
    expect(stdout.toString()).toBe("0\n");
    expect((await account.played()).stdout.toString()).toBe("0\n");
  });

  test("a shell without a terminal reads its commands from stdin", async () => {
    const account = await server().account();
    const { stdout, stderr, status } = await server().guest.run(["ssh", "-T", `${account.name}@localhost`], {
      input: "echo one\necho two >&2\nexit 9\n",
      mayFail: true,
    });
    expect({ status, stdout: stdout.toString(), stderr }).toMatchObject({
      status: 9,
      stdout: expect.stringContaining("one\n"),
    });
    expect(stderr).toContain("two\n");
    expect((await account.played()).stdout.toString()).toMatch(/one\n.*two\n|two\n.*one\n/s);
  });
});
