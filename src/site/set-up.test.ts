/** Whole changes of a host in a folder, with programs that answer as the real ones; test/system has those. */
import { existsSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { alice, bob, dropIn, site, stateOf } from "../../test/harness/set-up.ts";
import type { SiteTree } from "../../test/harness/site-tree.ts";
import type { MethodName } from "./method.ts";
import { nobody, type Scope } from "./scope.ts";
import { disable, enable, methods } from "./set-up.ts";
import { formatUserRcDropIn, userRcDropIn } from "./user-rc.ts";

const operators: Scope = { ...nobody, groups: ["operators"] };
const everyone: Scope = { ...nobody, isAll: true };

async function shellOf({ host }: SiteTree, user: string): Promise<string> {
  return (await host.run("getent", "passwd", "--", user)).stdout.trim().split(":").at(-1) ?? "";
}

describe.each<[MethodName, string]>([
  ["sssd", "/usr/bin/tlog-rec-session"],
  ["shell", "/var/lib/rec-session/shell/rec-session-shell-bin-bash"],
  ["forcecommand", "/bin/bash"],
])("by the method %s", (name, shell) => {
  test("users add up, twice is once, and disabling the last makes all as it was", async () => {
    const { tree, told, setUp } = site();
    const before = stateOf(tree);
    await enable(setUp, alice, name);
    const once = stateOf(tree);
    expect(await shellOf(tree, "alice")).toBe(shell);
    expect(once[userRcDropIn]).toBe(formatUserRcDropIn());
    await enable(setUp, alice, name);
    expect(stateOf(tree)).toEqual(once);
    await enable(setUp, bob, name);
    expect(methods.find((method) => method.name === name)?.scope(tree.host).users).toEqual(["alice", "bob"]);
    await disable(setUp, alice, undefined);
    expect(await shellOf(tree, "alice")).toBe("/bin/bash");
    await disable(setUp, everyone, undefined);
    expect(stateOf(tree)).toEqual(before);
    expect(told.filter((sentence) => !sentence.startsWith("note: "))).toEqual([
      `${name} records the user alice`,
      `${name} already records the user alice`,
      `${name} records the users alice, bob`,
      `${name} records the user bob`,
      `${name} records nobody`,
    ]);
  });

  test("a dry run shows the change and makes none", async () => {
    const { tree, shown, setUp } = site(true);
    const before = stateOf(tree);
    await enable(setUp, alice, name);
    expect(stateOf(tree)).toEqual(before);
    expect(shown.join("\n")).toContain("alice");
    expect(shown).toEqual(expect.arrayContaining(["  PermitUserRC no", "would make sshd read its configuration anew"]));
    expect(existsSync(join(tree.root, "var/lib/rec-session"))).toBe(false);
  });
});

describe("what does not work is taken back", () => {
  test("SSSD does not start", async () => {
    const { tree, setUp } = site();
    tree.write("/broken", "");
    const before = stateOf(tree);
    await expect(enable(setUp, alice, "sssd")).rejects.toThrow(
      "cannot start sssd.service: systemctl: Job for sssd.service failed.; everything is again as it was",
    );
    expect(stateOf(tree)).toEqual(before);
  });

  test("the site's own configuration, with which SSSD would not start again: the one that runs goes on", async () => {
    const { tree, setUp } = site();
    tree.write("/running", "");
    tree.write("/systemctl.log", "");
    const before = stateOf(tree);
    const says = `echo "Failed to load configuration from /etc/sssd/sssd.conf."
echo "[sssd] [sss_ini_config_print_errors] (0x0010): Error (2) on line 1: No closing bracket." >&2`;
    tree.write("/programs/sssctl", `#!/bin/sh\n${says}\nexit 1\n`, 0o755);
    await expect(enable(setUp, alice, "sssd")).rejects.toThrow(
      "cannot use the new configuration: sssctl config-check: Failed to load configuration from /etc/sssd/sssd.conf. Error (2) on line 1: No closing bracket.; everything is again as it was",
    );
    expect(stateOf(tree)).toEqual(before);
    expect(readFileSync(join(tree.root, "systemctl.log"), "utf8")).not.toMatch(/^(stop|start) /m);
  });

  test("a file that cannot be written: nothing was, and SSSD is left alone", async () => {
    const { tree, setUp } = site();
    await enable(setUp, alice, "sssd");
    const before = stateOf(tree);
    const log = (): string => readFileSync(join(tree.root, "systemctl.log"), "utf8");
    const asked = log();
    tree.write("/etc/sssd/conf.d/.zz-rec-session.conf.unfinished/x", "");
    await expect(enable(setUp, bob, "sssd")).rejects.toThrow(
      /^cannot write .*zz-rec-session.conf: .*; everything is again as it was$/,
    );
    expect(stateOf(tree)).toEqual(before);
    expect(log().slice(asked.length)).not.toMatch(/^(stop|start) /m);
  });

  test("sshd refuses its new configuration, or does not read our drop-in", async () => {
    const { tree, setUp } = site();
    const before = stateOf(tree);
    tree.write("/refusing", "");
    await expect(enable(setUp, alice, "forcecommand")).rejects.toThrow("bad configuration");
    rmSync(join(tree.root, "refusing"));
    tree.write("/deaf", "");
    await expect(enable(setUp, alice, "forcecommand")).rejects.toThrow(
      "sshd -T does not tell of the recorder for alice",
    );
    expect(stateOf(tree)).toEqual(before);
  });

  test("usermod fails after another user's shell was changed", async () => {
    const { tree, setUp } = site();
    const before = stateOf(tree);
    const usermod = readFileSync(join(tree.root, "programs/usermod"), "utf8");
    tree.write("/programs/usermod", usermod.replace("\nsed", '\n[ "$4" != bob ] || exit 6\nsed'), 0o755);
    await expect(enable(setUp, { ...nobody, users: ["alice", "bob"] }, "shell")).rejects.toThrow(
      "the login shell of bob",
    );
    expect(stateOf(tree)).toEqual(before);
  });

  test("a link that cannot be made, as a folder has its place, is told and left", async () => {
    const { tree, setUp } = site();
    const before = stateOf(tree);
    tree.write("/var/lib/rec-session/shell/rec-session-shell-bin-bash/x", "");
    await expect(enable(setUp, alice, "shell")).rejects.toThrow(
      /^cannot take back .*: is a directory; it was to be taken back because of this: cannot write .*: is a directory$/,
    );
    expect(stateOf(tree)["/etc/passwd"]).toBe(before["/etc/passwd"]);
  });

  test("what cannot be taken back is told, and why it was to be", async () => {
    const { tree, setUp } = site();
    const usermod = readFileSync(join(tree.root, "programs/usermod"), "utf8");
    const fails = (user: string, shell: string, status: number): string =>
      `\n[ "$4 $2" != "${user} ${shell}" ] || exit ${status}`;
    const link = "/var/lib/rec-session/shell/rec-session-shell-bin-sh";
    tree.write(
      "/programs/usermod",
      usermod.replace("\nsed", `${fails("bob", link, 6)}${fails("alice", "/bin/bash", 8)}\nsed`),
      0o755,
    );
    await expect(enable(setUp, { ...nobody, users: ["alice", "bob"] }, "shell")).rejects.toThrow(
      "cannot take back what was begun: cannot change the login shell of alice: usermod: status 8; it was to be taken back because of this: cannot change the login shell of bob: usermod: status 6",
    );
  });

  test("what fails keeps nothing else from being taken back, and each failure is told", async () => {
    const { tree, setUp } = site();
    const before = stateOf(tree);
    const former = { content: null, mode: 0o644, uid: 0, gid: 0 };
    const undo = {
      files: [
        { path: "/var/lib/rec-session/one", ...former },
        { path: userRcDropIn, ...former },
      ],
      links: ["/var/lib/rec-session/shell/x", "/var/lib/rec-session/shell/y"],
      logins: [
        { user: "eve", shell: "/bin/bash" },
        { user: "alice", shell: "/bin/bash" },
      ],
      services: [{ service: "sssd", state: { isActive: false, isEnabled: false } }],
    };
    tree.write("/var/lib/rec-session/undo.json", JSON.stringify(undo));
    for (const path of ["one", "shell/x", "shell/y"]) tree.write(`/var/lib/rec-session/${path}/z`, "");
    tree.write(userRcDropIn, "half");
    tree.write("/running", "");
    tree.write("/etc/passwd", (before["/etc/passwd"] ?? "").replace("/home/alice:/bin/bash", "/home/alice:/half"));
    const usermod = readFileSync(join(tree.root, "programs/usermod"), "utf8");
    tree.write("/programs/usermod", usermod.replace("\nsed", '\n[ "$4" != eve ] || exit 6\nsed'), 0o755);
    await expect(disable(setUp, alice, undefined)).rejects.toThrow(
      /^cannot take back what was begun: [^;]*\/one: is a directory; [^;]*of eve: usermod: status 6; [^;]*shell\/x: is a directory; [^;]*shell\/y: is a directory$/,
    );
    expect(stateOf(tree)).toEqual({ ...before, "/var/lib/rec-session/undo.json": JSON.stringify(undo) });
  });

  test("nor is a folder where a link was, by a call that was killed", async () => {
    const { tree, setUp } = site();
    const undo = { files: [], links: ["/var/lib/rec-session/shell/x"], logins: [], services: [] };
    tree.write("/var/lib/rec-session/undo.json", JSON.stringify(undo));
    tree.write("/var/lib/rec-session/shell/x/y", "");
    await expect(disable(setUp, alice, undefined)).rejects.toThrow(
      "cannot take back what was begun: cannot write /var/lib/rec-session/shell/x: is a directory",
    );
  });

  test("what cannot be remembered is not begun, and signals end us again as they would anyone", async () => {
    const { tree, setUp } = site();
    const before = stateOf(tree);
    const heard = process.listenerCount("SIGTERM");
    tree.write("/var/lib/rec-session/.undo.json.unfinished/x", "");
    await expect(enable(setUp, alice, "shell")).rejects.toMatchObject({ code: "REC_FILE_WRITE" });
    expect(process.listenerCount("SIGTERM")).toBe(heard);
    expect(stateOf(tree)).toEqual(before);
  });

  test("what a killed call had begun, the next one takes back first", async () => {
    const { tree, told, setUp } = site();
    const before = stateOf(tree);
    const nsswitch = before["/etc/nsswitch.conf"] ?? "";
    const file = (path: string, content: string | null) => ({
      ...{ path, content: content === null ? null : Buffer.from(content).toString("base64") },
      ...{ mode: 0o640, uid: process.getuid?.(), gid: process.getgid?.() },
    });
    const undo = {
      files: [file(dropIn, null), file("/etc/nsswitch.conf", nsswitch)],
      links: ["/var/lib/rec-session/shell/x"],
      logins: [{ user: "alice", shell: "/bin/bash" }],
      services: [],
    };
    tree.write("/var/lib/rec-session/undo.json", JSON.stringify(undo));
    tree.write(dropIn, "half");
    tree.write("/etc/nsswitch.conf", "half");
    tree.write("/etc/passwd", (before["/etc/passwd"] ?? "").replace("/home/alice:/bin/bash", "/home/alice:/half"));
    await disable(setUp, alice, undefined);
    expect(stateOf(tree)).toEqual(before);
    expect(statSync(join(tree.root, "etc/nsswitch.conf")).mode & 0o777).toBe(0o640);
    expect(told[0]).toBe("an earlier call was interrupted: what it had begun is taken back");
  });
});

describe("which method, where none is named", () => {
  test("SSSD where it is installed, else the login shell, which is told", async () => {
    const { tree, told, setUp } = site();
    rmSync(join(tree.root, "usr/lib/x86_64-linux-gnu/sssd"), { recursive: true });
    await enable(setUp, alice, undefined);
    expect(told.slice(0, 2)).toEqual([
      "SSSD is not installed: changing the login shell instead (method shell)",
      "shell records the user alice",
    ]);
    await expect(enable(setUp, everyone, undefined)).rejects.toThrow(
      "SSSD is not installed; run apt install sssd-proxy",
    );
  });

  test("the one that records those already", async () => {
    const { told, setUp } = site();
    await enable(setUp, alice, "shell");
    await enable(setUp, alice, undefined);
    expect(told.at(-1)).toBe("shell already records the user alice");
  });
});

describe("refused, and nothing changed", () => {
  test.each<[string, (tree: SiteTree) => void, Scope, MethodName | undefined, string]>([
    [
      "an unknown user",
      () => {},
      { ...nobody, users: ["eve"] },
      undefined,
      "there is no user eve; see what 'getent passwd eve' finds",
    ],
    ["an unknown group", () => {}, { ...nobody, groups: ["eve"] }, undefined, "there is no group eve"],
    ["what is several names", () => {}, { ...nobody, users: ["a,b"] }, undefined, '"a,b" is no name of a user'],
    ["what is another line", () => {}, { ...nobody, users: ["a\nscope = none"] }, undefined, "is no name of a user"],
    ["what is an option", () => {}, { ...nobody, users: ["-s"] }, undefined, "is no name of a user"],
    [
      "root by SSSD",
      () => {},
      { ...nobody, users: ["root"] },
      "sssd",
      "SSSD never serves root; give --method shell for root",
    ],
    ["everyone by login shells", () => {}, everyone, "shell", "a login shell belongs to one user"],
    [
      "without the recording shell",
      ({ root }) => rmSync(join(root, "usr/bin/tlog-rec-session")),
      alice,
      "sssd",
      "/usr/bin/tlog-rec-session is not there; run apt-get install --reinstall rec-session-tlog",
    ],
    [
      "with a recording shell that is none",
      ({ write }) => write("/usr/bin/tlog-rec-session", "#!/bin/sh\necho hello\n", 0o755),
      alice,
      "sssd",
      'is no recorder that starts: it says it is "hello"',
    ],
    [
      "with one that users may not run",
      ({ write }) => write("/usr/bin/tlog-rec-session", "#!/bin/sh\n", 0o750),
      alice,
      "sssd",
      "is no program that every user may run",
    ],
    [
      "where another file decides whom SSSD records",
      ({ write }) => write("/etc/sssd/sssd.conf", "[session_recording]\nscope = all\n"),
      alice,
      "sssd",
      "/etc/sssd/sssd.conf decides already whom SSSD records (scope = all)",
    ],
    [
      "where another program makes nsswitch.conf",
      ({ root, host }) => host.run("ln", "-sf", `${root}/etc/nsswitch.orig`, `${root}/etc/nsswitch.conf`),
      alice,
      "sssd",
      "it is a link",
    ],
    [
      "where another program makes SSSD's drop-in",
      ({ root, host }) => host.run("sh", "-c", `mkdir -p ${root}/etc/sssd/conf.d; ln -s /nowhere ${root}${dropIn}`),
      alice,
      "sssd",
      `cannot change ${dropIn}: it is a link`,
    ],
  ])("%s", async (_, prepare, wanted, method, sentence) => {
    const { tree, setUp } = site();
    await prepare(tree);
    tree.write("/etc/nsswitch.orig", "passwd: files\n");
    const before = stateOf(tree);
    await expect(enable(setUp, wanted, method)).rejects.toThrow(sentence);
    expect(stateOf(tree)).toEqual(before);
  });

  test("a second method for the same user, or for everyone", async () => {
    const { tree, setUp } = site();
    await enable(setUp, alice, "shell");
    const before = stateOf(tree);
    await expect(enable(setUp, alice, "sssd")).rejects.toThrow("run first: recctl disable --method shell --user alice");
    await expect(enable(setUp, everyone, "sssd")).rejects.toThrow("run first: recctl disable --method shell --all");
    await enable(setUp, bob, "sssd");
    expect(stateOf(tree)["/var/lib/rec-session/shells.json"]).toBe(before["/var/lib/rec-session/shells.json"]);
  });

  test.each<[string, Scope, MethodName, Scope, MethodName, string]>([
    [
      "a user, then his group",
      bob,
      "shell",
      operators,
      "sssd",
      "bob is recorded by the method shell already; run first: recctl disable --method shell --user bob",
    ],
    [
      "a group, then a user in it",
      operators,
      "forcecommand",
      bob,
      "shell",
      "bob, in the group operators, is recorded by the method forcecommand already; run first: recctl disable --method forcecommand --group operators",
    ],
    [
      "a group, and the same again",
      operators,
      "forcecommand",
      operators,
      "sssd",
      "the group operators is recorded by the method forcecommand already",
    ],
    [
      "a group, then another that shares a member",
      operators,
      "forcecommand",
      { ...nobody, groups: ["staff"] },
      "sssd",
      "bob, in the group operators, is recorded by the method forcecommand already",
    ],
  ])("a second method: %s", async (_, first, firstMethod, second, secondMethod, sentence) => {
    const { tree, setUp } = site();
    tree.write("/etc/group", "root:x:0:\noperators:x:50:bob\nstaff:x:51:alice,bob\n");
    await enable(setUp, first, firstMethod);
    const before = stateOf(tree);
    await expect(enable(setUp, second, secondMethod)).rejects.toThrow(sentence);
    expect(stateOf(tree)).toEqual(before);
  });

  test("a second call at the same time", async () => {
    const { tree, setUp } = site();
    tree.write("/programs/usermod", "#!/bin/sh\nsleep 1\nexit 1\n", 0o755);
    const first = enable(setUp, alice, "shell");
    await expect.poll(() => existsSync(join(tree.root, "var/lib/rec-session/undo.json"))).toBe(true);
    await expect(enable(setUp, bob, "shell")).rejects.toThrow("another recctl is at it");
    await expect(first).rejects.toThrow("everything is again as it was");
  });
});
