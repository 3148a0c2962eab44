/** rec-session as a login shell: which shell, how it is called, and that nobody is locked out or goes unrecorded. */

import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { readRecording, recSession, run, temporaryFolder } from "../harness/recorder.ts";
import { block, plainEnvironment, Session } from "../harness/session.ts";

const systemFolder = "/etc/rec-session";

/** What the administrator may write, in a mount namespace of the test's own where /etc/rec-session is a folder of the test's. */
class Host {
  readonly folder = temporaryFolder();
  readonly etc = join(this.folder, "etc");
  readonly recordings = join(this.folder, "recordings");

  constructor(configuration: object | string) {
    mkdirSync(this.etc);
    mkdirSync(this.recordings);
    const text =
      typeof configuration === "string"
        ? configuration
        : JSON.stringify({ writer: "folder", folder: { path: this.recordings }, ...configuration });
    writeFileSync(join(this.etc, "rec-session.conf"), text);
  }

  /** argv of a process that runs `command` there under the name `argv0`. */
  args(command: string, argv0: string | undefined, args: readonly string[]): string[] {
    // A login tells its problems to syslog: here nobody listens.
    const mount = `{ [ ! -S /dev/log ] || mount --bind /dev/null /dev/log; }; mount --bind ${this.etc} ${systemFolder}`;
    const exec = argv0 === undefined ? `exec "$@"` : `shift; exec -a ${quote(argv0)} ${quote(command)} "$@"`;
    return ["unshare", "-m", "bash", "-c", `${mount} && ${exec}`, "bash", command, ...args];
  }

  get files(): string[] {
    return readdirSync(this.recordings);
  }

  get recording() {
    return readRecording(join(this.recordings, this.files[0] ?? "none"));
  }
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Whether this machine lets a test have a mount namespace. */
const canMount = ((): boolean => {
  try {
    execFileSync("unshare", ["-m", "sh", "-c", "mount -t tmpfs tmpfs /mnt"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();

/** What is mounted over has to exist. */
let isOurs = false;
beforeAll(() => {
  if (canMount && !existsSync(systemFolder)) isOurs = mkdirSync(systemFolder, { recursive: true }) !== undefined;
});
afterAll(() => {
  if (isOurs) rmdirSync(systemFolder);
});

const needsMount = "needs root, to put a configuration of its own in /etc/rec-session";

interface Call {
  readonly argv0?: string;
  readonly args?: readonly string[];
  readonly environment?: Record<string, string>;
  readonly input?: string;
  readonly command?: string;
}

async function login(host: Host, { argv0, args = [], environment = {}, input = "", command = recSession }: Call) {
  const outcome = await run(host.args(command, argv0, args), {
    path: "/usr/bin/unshare",
    environment: block({ ...plainEnvironment, ...environment }),
    input,
  });
  return { ...outcome, out: outcome.stdout.toString() };
}

describe("with the administrator's file", () => {
  beforeEach((ctx) => ctx.skip(!canMount, needsMount));

  const plain = { notice: "NOTICE\n" };

  test.each([
    ["-rec-session", {}, "-bash"],
    ["rec-session", {}, "bash"],
    ["/usr/bin/rec-session", {}, "/bin/bash"],
    ["/usr/bin/rec-session-shell-bin-sh", {}, "/bin/sh"],
    ["-rec-session-shell-bin-sh", {}, "-sh"],
    ["rec-session", { TLOG_REC_SESSION_SHELL: "/bin/sh" }, "sh"],
    ["rec-session", { REC_SESSION_SHELL: "/bin/sh" }, "sh"],
    ["-tlog-rec-session-shell-bin-dash", {}, "-dash"],
    ["rec-session-shell-bin-sh", { REC_SESSION_SHELL: "/bin/bash" }, "sh"],
  ])(
    "called %s with %j the shell is called %s, is $SHELL's, and exits for us",
    async (argv0, environment, expected) => {
      const host = new Host(plain);
      const { out, stderr, exit } = await login(host, { argv0, environment, input: "echo $0; echo $SHELL; exit 42\n" });
      const [name, shell] = out.split("\n");
      expect({ name, exit }).toEqual({ name: expected, exit: 42 });
      expect(shell).toBe(expected.replace(/^-?(?!\/)/, "/bin/"));
      // Nobody is at a terminal: no notice.
      expect(stderr).not.toContain("NOTICE");
      if (!argv0.includes("tlog")) expect(host.recording.end).toMatchObject({ exit: 42 });
    },
  );

  test("a name with an escaped dash and dashes after it neither loops nor is taken wrong", async () => {
    const host = new Host(plain);
    const folder = join(host.folder, "a-b");
    mkdirSync(folder);
    copyFileSync("/bin/dash", join(folder, "my-sh"));
    const name = `rec-session-shell${folder.replaceAll("-", "\\-").replaceAll("/", "-")}-my\\-sh`;
    const { out, exit } = await login(host, { argv0: name, input: "echo $0\n" });
    expect({ out, exit }).toEqual({ out: "my-sh\n", exit: 0 });
    const missing = await login(host, { argv0: "tlog-rec-session-shell-usr-my\\-bin-zsh", input: "echo $0\n" });
    expect(missing.stderr).toContain("/usr/my-bin/zsh");
    expect(missing.out).toBe("bash\n");
  });

  test("-c: the command string, its name and its arguments; -i and -l reach the shell", async () => {
    const host = new Host(plain);
    const string = await login(host, { args: ["-c", 'echo "$0|$1|$2"; exit 3', "name", "a b", "-x"] });
    expect({ out: string.out, exit: string.exit }).toEqual({ out: "name|a b|-x\n", exit: 3 });
    expect((await login(host, { argv0: "-rec-session", args: ["-c", "shopt -q login_shell && echo login"] })).out).toBe(
      "login\n",
    );
    expect((await login(host, { args: ["-l"], input: "shopt -q login_shell && echo login; echo $0\n" })).out).toBe(
      "login\n-bash\n",
    );
    expect((await login(host, { args: ["-i"], input: "echo flags $-\n" })).out).toMatch(/flags \w*i/);
    const script = join(host.folder, "script");
    writeFileSync(script, 'echo "$0|$1"');
    expect((await login(host, { args: [script, "arg"] })).out).toBe(`${script}|arg\n`);
  });

  test("a command's bytes pass as they are, as sftp and scp need it", async () => {
    const host = new Host(plain);
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    const { stdout, stderr } = await run(host.args(recSession, undefined, ["-c", "cat; echo err >&2"]), {
      path: "/usr/bin/unshare",
      input: bytes,
    });
    expect([stdout.equals(bytes), stderr]).toEqual([true, "err\n"]);
  });

  test.each([
    ["is missing", "/nonexistent/shell", "no such file or directory"],
    ["is a folder", "/tmp", "not a file"],
    ["may not be executed", "/etc/passwd", "permission denied"],
  ])("a shell that %s: a clear sentence, and the fallback", async (_, shell, why) => {
    const host = new Host({ ...plain, "fallback-shell": "/bin/dash" });
    const { out, stderr, exit } = await login(host, {
      environment: { REC_SESSION_SHELL: shell },
      input: "echo $0; exit 5\n",
    });
    expect({ out, exit }).toEqual({ out: "/bin/dash\n", exit: 5 });
    expect(stderr.split("\n")[0]).toBe(`rec-session: cannot use the shell ${shell}: ${why}; running /bin/dash`);
    expect(host.recording.end).toMatchObject({ exit: 5 });
  });

  test.each(["by a link", "by a chain of links", "by its own path", "as tlog-rec-session"])(
    "a shell that is the recorder itself, %s, is no loop",
    async (how) => {
      const host = new Host(plain);
      const link = join(host.folder, how.startsWith("as") ? "tlog-rec-session" : "link");
      symlinkSync(recSession, link);
      const chain = join(host.folder, "chain");
      symlinkSync(link, chain);
      const shell = how === "by its own path" ? recSession : how === "by a chain of links" ? chain : link;
      const { out, stderr, exit } = await login(host, {
        environment: { TLOG_REC_SESSION_SHELL: shell },
        input: "echo $0; exit 6\n",
      });
      expect({ out, exit }).toEqual({ out: "/bin/bash\n", exit: 6 });
      expect(stderr).toContain("it is the recorder itself");
    },
  );

  test.each(["[]", "5", "{", '{"writer": "stone"}', '{"no-such": 1}', "", "\u0000\u00ff", '{"writer":"file"}'])(
    "a configuration of %j locks nobody out, and is told to a person, not to a script",
    async (text) => {
      const host = new Host(text);
      const { out, stderr, exit } = await login(host, {
        environment: { HOME: host.folder },
        input: "echo in; exit 7\n",
      });
      expect({ out, stderr, exit }).toEqual({ out: "in\n", stderr: "", exit: 7 });
      const session = new Session({
        args: host.args(recSession, undefined, ["-c", "echo in; exit 8"]),
        path: "/usr/bin/unshare",
      });
      expect(await session.exited).toEqual({ exit: 8, signal: null });
      const told = session.shownText;
      expect(told).toMatch(/^rec-session: cannot (read|use) the configuration \/etc\/rec-session\/rec-session.conf/);
      expect(told).not.toMatch(/\n\s+at |internal error/);
    },
  );

  test("the notice is for a person at a terminal, and not in the recording", async () => {
    const host = new Host({ notice: "YOU ARE WATCHED\n" });
    const session = new Session({
      args: host.args(recSession, undefined, ["-c", "echo hello"]),
      path: "/usr/bin/unshare",
    });
    expect(await session.exited).toEqual({ exit: 0, signal: null });
    expect(session.shownText).toMatch(/^YOU ARE WATCHED\r\nhello\r\n$/);
    expect(host.recording.output.toString()).toBe("hello\r\n");
  });

  test("the user's environment turns nothing off", async () => {
    for (const name of ["REC_SESSION_CONF_TEXT", "TLOG_REC_SESSION_CONF_TEXT", "REC_CONF_TEXT"]) {
      const host = new Host({ notice: "WATCHED\n" });
      const file = join(host.folder, "conf");
      const text =
        '{"writer":"none","notice":"","log":{"output":false},"limit":{"action":"drop","rate":0,"burst":0},"folder":{"path":"/nonexistent"}}';
      writeFileSync(file, text);
      const environment = {
        [name]: text,
        REC_SESSION_CONF_FILE: file,
        HOME: "/nonexistent",
        XDG_DATA_HOME: "/nonexistent",
        NODE_OPTIONS: "--require /nonexistent",
        LD_PRELOAD: "/nonexistent",
        TMPDIR: "/nonexistent",
      };
      const session = new Session({
        args: host.args(recSession, undefined, ["-c", "echo seen"]),
        path: "/usr/bin/unshare",
        environment,
      });
      expect((await session.exited).exit).toBe(0);
      expect(session.shownText).toContain("WATCHED");
      expect(host.recording.output.toString()).toContain("seen");
    }
  });

  test("options of the recording are not taken from the command line of a login shell", async () => {
    const host = new Host(plain);
    const { exit, stderr } = await login(host, { args: ["-w", "none", "-c", "true"] });
    expect(exit).toBe(2);
    expect(stderr).toMatch(/^rec-session: /);
  });

  test("deaths by signal and statuses pass through a login, too", async () => {
    const host = new Host(plain);
    expect(await login(host, { args: ["-c", "kill -9 $$"] })).toMatchObject({ exit: null, signal: 9 });
    expect(await login(host, { args: ["-c", "exit 255"] })).toMatchObject({ exit: 255 });
  });

  test("a session at a terminal is recorded whole", async () => {
    const host = new Host({ notice: "" });
    const session = new Session({
      args: host.args(recSession, "-rec-session-shell-bin-sh", []),
      path: "/usr/bin/unshare",
      environment: { HOME: host.folder },
    });
    await session.sees(/[#$] $/);
    session.type("echo o''ne\rexit 12\r");
    expect(await session.exited).toEqual({ exit: 12, signal: null });
    expect(session.shownText).toContain("one\r\n");
    const recorded = host.recording;
    expect(recorded.output.equals(session.shown)).toBe(true);
    expect(recorded.head?.start?.command[0]).toBe("-sh");
  });

  test("a recordings folder that cannot be written refuses the session in a sentence: nothing runs unrecorded", async () => {
    const host = new Host({ notice: "", folder: { path: "/proc/nothing" } });
    const { exit, stderr, out } = await login(host, { input: "echo in\n" });
    expect({ exit, out }).toEqual({ exit: 1, out: "" });
    expect(stderr).toMatch(/rec-session: cannot create the recordings folder \/proc\/nothing: /);
  });

  test("it runs through a link in any folder, and the link's name counts", async () => {
    const host = new Host(plain);
    const link = join(host.folder, "rec-session-shell-bin-sh");
    symlinkSync(recSession, link);
    const { out } = await login(host, { command: link, input: "echo $0\n" });
    expect(out).toBe("/bin/sh\n");
    expect(readFileSync(join(host.recordings, host.files[0] ?? ""), "utf8")).toContain("/bin/sh");
  });
});
