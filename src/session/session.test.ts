import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { withVariable } from "./environment.ts";
import { candidates, unrunnable } from "./executable.ts";
import { identify } from "./identity.ts";
import { callName, parseLaunch } from "./launch.ts";
import { shellInPasswd } from "./passwd.ts";
import { chooseShell, isLoginName, type ShellSources, shellArguments, shellOfName } from "./shell.ts";

function strings(paths: readonly Uint8Array[]): string[] {
  return paths.map((path) => Buffer.from(path).toString());
}

describe("withVariable", () => {
  test.each([
    ["in an empty block", "", "SHELL=/x\0"],
    ["at the end", "A=1\0", "A=1\0SHELL=/x\0"],
    ["in the place of its first, and once", "A=1\0SHELL=a\0B=2\0SHELL=b\0", "A=1\0SHELL=/x\0B=2\0"],
    ["not of another that ends or begins so", "XSHELL=a\0SHELLX=b\0", "XSHELL=a\0SHELLX=b\0SHELL=/x\0"],
    ["beside entries without a sign, empty ones", "NONAME\0\0=x\0", "NONAME\0\0=x\0SHELL=/x\0"],
  ])("%s", (_, before, after) => {
    expect(Buffer.from(withVariable(Buffer.from(before), "SHELL", "/x")).toString()).toBe(after);
  });

  test("keeps bytes that are no UTF-8", () => {
    const block = Buffer.from([0x41, 0x3d, 0xff, 0x00]);
    expect(Buffer.from(withVariable(block, "S", "x")).subarray(0, 4)).toEqual(block);
  });
});

describe("candidates", () => {
  test.each([
    ["a path is itself", "./x", "/bin", ["./x"]],
    ["a name is looked for", "x", "/a:/b", ["/a/x", "/b/x"]],
    ["an empty part of the path is the working folder", "x", ":/b:", ["./x", "/b/x", "./x"]],
    ["without a PATH the system's", "x", undefined, ["/bin/x", "/usr/bin/x"]],
    ["an empty name is nowhere", "", "/a:/b", [""]],
  ])("%s", (_, command, path, expected) => {
    expect(strings(candidates(Buffer.from(command), path))).toEqual(expected);
  });
});

test("unrunnable tells why", () => {
  expect(["/bin/sh", "/tmp", "/nonexistent", "/etc/passwd/x"].map(unrunnable)).toEqual([
    undefined,
    "not a file",
    "no such file or directory",
    "no such file or directory",
  ]);
});

describe("the shell's name", () => {
  test.each([
    ["rec-session", undefined],
    ["-rec-session", undefined],
    ["/usr/bin/rec-session-shell-bin-sh", "/bin/sh"],
    ["-tlog-rec-session-shell-usr-bin-zsh", "/usr/bin/zsh"],
    ["x-shell-usr-my\\-sh", "/usr/my-sh"],
    ["x-shell-usr-my\\-bin-zsh", "/usr/my-bin/zsh"],
    ["x-shell-a\\\\b", "/a\\b"],
    ["x-shell-a\\", "/a\\"],
    ["x-shell-", "/"],
    ["x-shell", undefined],
  ])("%s names %s", (argv0, shell) => {
    expect(shellOfName(argv0)).toBe(shell);
  });

  test("a million dashes and backslashes take no time", () => {
    expect(shellOfName(`x-shell-${"\\--".repeat(300_000)}`)).toHaveLength(600_001);
  });

  test("a login shell's name begins with a dash, in whatever folder", () => {
    expect(["-sh", "sh", "/usr/bin/-sh", "/a-b/sh", ""].map(isLoginName)).toEqual([true, false, true, false, false]);
  });
});

describe("chooseShell", () => {
  const sources: ShellSources = {
    names: ["rec-session"],
    environment: [],
    configured: undefined,
    passwd: [],
    fallback: "/bin/sh",
  };

  test.each<[string, Partial<ShellSources>, string]>([
    ["the name first", { names: ["rec-session", "x-shell-bin-sh"], environment: ["/bin/bash"] }, "/bin/sh"],
    [
      "then the environment, tlog's variable first",
      { environment: ["/bin/bash", "/bin/sh"], configured: "/bin/sh" },
      "/bin/bash",
    ],
    ["empty ones say nothing", { environment: ["", undefined], configured: "", passwd: ["/bin/bash"] }, "/bin/bash"],
    ["then the configuration", { configured: "/bin/bash", passwd: ["/bin/sh"] }, "/bin/bash"],
    ["then passwd", { passwd: ["/bin/bash", "/bin/sh"] }, "/bin/bash"],
    ["the line that SSSD hides", { passwd: ["/bin/cat", "/bin/bash"] }, "/bin/bash"],
    ["the recorder in passwd says nothing", { passwd: ["/bin/cat", undefined], fallback: "/bin/bash" }, "/bin/bash"],
  ])("%s", (_, given, path) => {
    expect(chooseShell({ ...sources, ...given }, ["/bin/cat"])).toEqual({ path, refused: [] });
  });

  test("the recorder itself, by any link, is refused, and so is what is not there; the last resort always is", () => {
    const folder = mkdtempSync(join(tmpdir(), "rec-shell-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    symlinkSync("/bin/cat", join(folder, "link"));
    const loop = chooseShell({ ...sources, environment: [join(folder, "link")] }, ["/bin/cat"]);
    expect(loop).toEqual({
      path: "/bin/sh",
      refused: [{ shell: `${folder}/link`, why: "it is the recorder itself" }],
    });
    const nothing = chooseShell({ ...sources, configured: "/no/1", fallback: "/no/2" }, ["/bin/cat"]);
    expect(nothing.path).toBe("/bin/sh");
    expect(nothing.refused.map(({ shell }) => shell)).toEqual(["/no/1", "/no/2"]);
  });

  test.each<[string, (link: string) => Partial<ShellSources>]>([
    ["told as the user's shell", (link) => ({ environment: [link] })],
    ["configured", (link) => ({ configured: link })],
    ["in the passwd entry", (link) => ({ passwd: ["/bin/cat", link] })],
  ])("a link to the recorder that says a shell means it: %s", (_, given) => {
    const folder = mkdtempSync(join(tmpdir(), "rec-shell-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const link = join(folder, "rec-session-shell-bin-bash");
    symlinkSync("/bin/cat", link);
    expect(chooseShell({ ...sources, ...given(link) }, ["/bin/cat"])).toEqual({ path: "/bin/bash", refused: [] });
  });

  test("a relative shell is what the working folder holds", () => {
    const folder = mkdtempSync(join(tmpdir(), "rec-shell-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, "x"), "", { mode: 0o644 });
    const { refused } = chooseShell({ ...sources, configured: join(folder, "x") }, ["/bin/cat"]);
    expect(refused).toEqual([{ shell: join(folder, "x"), why: "permission denied" }]);
  });
});

test("the shell of the password file is that of the user's own line", () => {
  const folder = mkdtempSync(join(tmpdir(), "rec-passwd-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "passwd");
  writeFileSync(path, "al:x:1:1::/:/bin/sh\nalice:x:2:2:A, B:/home/alice:/bin/zsh\nbare:x:3:3::/:\nbroken\n");
  const shells = ["alice", "bare", "broken", "nobody", "x", ""].map((user) => shellInPasswd(user, path));
  expect(shells).toEqual(["/bin/zsh", "", undefined, undefined, undefined, undefined]);
  expect(shellInPasswd("alice", join(folder, "none"))).toBeUndefined();
});

describe("shellArguments", () => {
  const none = { invokedAs: "/usr/bin/rec-session", login: false, interactive: false, command: false };
  test.each([
    [none, [], ["/bin/sh"]],
    [{ ...none, invokedAs: "rec-session", command: true }, ["c"], ["sh", "-c", "c"]],
    [{ ...none, login: true }, [], ["-sh"]],
    [{ ...none, interactive: true }, ["f"], ["/bin/sh", "-i", "f"]],
    [{ ...none, command: true, interactive: true }, ["c", "n"], ["/bin/sh", "-c", "c", "n"]],
  ])("%j %j", (flags, given, expected) => {
    const args = shellArguments(
      "/bin/sh",
      flags,
      given.map((text) => Buffer.from(text)),
    );
    expect(args.map(String)).toEqual(expected);
  });
});

describe("parseLaunch", () => {
  test("arguments with newlines, environment with anything", () => {
    const text =
      "3\n5\n4003\n200\n 1 18446744073709551615\n 7 9\n3\n/usr/bin/rec-session\0-rec\0a\nb\0\0A=1\0A=2\0B=\xff\0NONAME\0";
    const launch = parseLaunch(Buffer.from(text, "latin1"));
    expect(launch).toMatchObject({
      executed: "/usr/bin/rec-session",
      isInstalled: true,
      isPrivileged: true,
      argv0: "-rec",
      args: ["a\nb", ""],
      closed: 5,
      inherited: [7, 9],
      ignoredSignals: 0x4003n,
      blockedSignals: 0x200n,
      limits: [1n, 2n ** 64n - 1n],
    });
    expect([launch.env("A"), launch.env("B"), launch.env("NONAME"), launch.env("C")]).toEqual([
      "1",
      "\ufffd",
      undefined,
      undefined,
    ]);
    expect(Buffer.from(launch.environment).toString("latin1")).toBe("A=1\0A=2\0B=\xff\0NONAME\0");
  });

  test("no arguments, no environment, no descriptors", () => {
    expect(parseLaunch(Buffer.from("0\n0\n0\n0\n\n\n0\n\0"))).toMatchObject({
      argv0: "",
      args: [],
      inherited: [],
      limits: [],
    });
  });
});

describe("the name whose configuration counts", () => {
  const launch = parseLaunch(Buffer.from("0\n0\n0\n0\n\n\n0\n\0"));
  test.each([
    [false, "/usr/bin/tlog-rec-session", "-rec-session", "-rec-session"],
    [true, "/usr/bin/tlog-rec-session", "-rec-session", "/usr/bin/tlog-rec-session"],
    [true, "/bin/rec-session-shell-bin-sh", "", "/bin/rec-session-shell-bin-sh"],
    [true, "/home/user/tlog-rec-session", "tlog-rec-session", "rec-session"],
    [true, "tlog-rec-session", "tlog-rec-session", "rec-session"],
    [true, "/usr/bin/../../home/user/tlog-rec-session", "", "rec-session"],
  ])("installed: %s, executed %s as %s", (isInstalled, executed, argv0, name) => {
    expect(callName({ ...launch, isInstalled, executed, argv0 })).toBe(name);
  });
});

test("identify tells this host, this process, this user", () => {
  const identity = identify("xterm");
  expect(identity).toMatchObject({ term: "xterm" });
  expect(identity.rec).toMatch(new RegExp(`^[0-9a-f]{32}-${process.pid.toString(16)}-[0-9a-f]+$`));
  expect(identity.user).not.toBe("");
  expect(identity.session).toBeGreaterThan(0);
  expect(identify(undefined).term).toBe("");
  expect(identify(`a\u0001\n${"é".repeat(1000)}`).term).toBe(`a??${"?".repeat(61)}`);
});
