/** Findings on a host in a folder: what is well, and each thing that can be amiss with its cure. */
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, rmSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { expectCures } from "../../../test/harness/cures.ts";
import { type SiteTree, siteTree } from "../../../test/harness/site-tree.ts";
import { configurationReader } from "../../administer/recorder-configuration.ts";
import { nobody } from "../scope.ts";
import { enable, type SetUp } from "../set-up.ts";
import { userRcDropIn } from "../user-rc.ts";
import { examine } from "./examine.ts";
import { journalReachFindings } from "./journal-reach.ts";

const dropIn = "/etc/sssd/conf.d/zz-rec-session.conf";
const recordings = "/var/log/rec-session";

async function treeWith(method: "sssd" | "shell" | "forcecommand" | undefined): Promise<SiteTree> {
  const tree = siteTree();
  // The line that pam/ tells sites to have.
  tree.write("/etc/pam.d/common-session", `session required pam_unix.so\n${readFileSync("pam/session", "utf8")}`);
  tree.write("/etc/pam.d/sshd", "@include common-auth\n@include common-session\n");
  tree.write(
    "/etc/pam.d/login",
    "session [success=ok default=bad] pam_selinux.so close\nsession include common-session\n",
  );
  tree.write("/var/log/journal/x/system.journal", "");
  tree.write("/etc/group", `root:x:0:\noperators:x:50:bob\nrec:x:${process.getgid?.()}:\n`);
  mkdirSync(join(tree.root, recordings), { recursive: true });
  chmodSync(join(tree.root, recordings), 0o3770);
  tree.write("/programs/timedatectl", "#!/bin/sh\necho yes\n", 0o755);
  const setUp: SetUp = { host: tree.host, call: [], isDry: false, tell: () => {}, show: async () => {} };
  if (method !== undefined) await enable(setUp, { ...nobody, users: ["alice"] }, method);
  return tree;
}

/** What is not well, as "level: sentence -> cure". */
async function ills({ host }: SiteTree, user?: string): Promise<string[]> {
  const findings = await examine(host, user, configurationReader(host));
  for (const { sentence } of findings) expect(sentence).not.toMatch(/[.\s]$/);
  expectCures(findings);
  return findings
    .filter(({ level, sentence }) => level !== "well" && !/(rec-session|witness) is not root:rec/.test(sentence))
    .map(({ level, sentence, cure, decision }) => `${level}: ${sentence} -> ${cure ?? decision}`);
}

describe("a user", () => {
  test.each(["sssd", "shell"] as const)("recorded by %s is told so, and nothing is amiss", async (method) => {
    const tree = await treeWith(method);
    expect(await ills(tree, "alice")).toEqual([]);
    const [first] = await examine(tree.host, "alice", configurationReader(tree.host));
    expect(first).toMatchObject({
      level: "well",
      sentence: expect.stringMatching(/^alice is recorded from the next login on/),
    });
  });

  test("recorded by sshd alone is told what that leaves out", async () => {
    const found = await ills(await treeWith("forcecommand"), "alice");
    expect(found).toEqual([expect.stringMatching(/^warning: alice is not recorded on the console, by su or by cron/)]);
  });

  test("whom nobody records", async () => {
    expect(await ills(await treeWith(undefined), "alice")).toEqual([
      "problem: alice is not recorded: the login shell is /bin/bash -> recctl enable --user alice",
    ]);
    expect((await ills(await treeWith("sssd"), "bob"))[0]).toMatch(
      /^problem: bob is not recorded: the login shell is \/bin\/sh/,
    );
  });

  test("to whom SSSD gives the recorder by what no file says any more", async () => {
    const tree = await treeWith(undefined);
    const getent = readFileSync(join(tree.root, "programs/getent"), "utf8");
    tree.write("/programs/getent", getent.replace(/ && recorded .*; then/, "; then"), 0o755);
    expect((await ills(tree, "alice"))[0]).toMatch(
      /^warning: no file says that SSSD is to give alice the recorder: .* -> recctl enable --user alice$/,
    );
  });

  test("who is not there", async () => {
    expect(await ills(await treeWith("sssd"), "eve")).toEqual([
      "problem: there is no user eve -> /etc/passwd, or the directory: who has that name is theirs to say; what they answer: getent passwd eve",
    ]);
  });

  test("whose shell was changed back", async () => {
    const tree = await treeWith("shell");
    await tree.host.run("usermod", "--shell", "/bin/bash", "--", "alice");
    expect((await ills(tree, "alice"))[0]).toMatch(
      /though recctl enable had changed it -> recctl enable --user alice --method shell$/,
    );
  });

  test.each(["sssd", "shell"] as const)("by %s whose own shell is missing", async (method) => {
    const tree = await treeWith(method);
    rmSync(join(tree.root, "bin/bash"));
    expect(await ills(tree, "alice")).toContainEqual(
      expect.stringMatching(
        /^problem: the shell of alice, \/bin\/bash, is no program .* -> apt-get install --reinstall bash$/,
      ),
    );
  });

  test("whose ~/.ssh/rc sshd starts", async () => {
    const tree = await treeWith("shell");
    rmSync(join(tree.root, userRcDropIn));
    expect(await ills(tree, "alice")).toEqual([
      "problem: sshd starts ~/.ssh/rc of alice: what is left running there can write to a session unrecorded -> recctl enable --user alice --method shell",
    ]);
    tree.write(userRcDropIn, "");
    expect(await ills(tree)).toEqual([
      expect.stringMatching(
        /^problem: sshd starts ~\/.ssh\/rc: .* -> sed -i '1i Include \/etc\/ssh\/sshd_config.d\/\*.conf' \/etc\/ssh\/sshd_config && { systemctl reload ssh/,
      ),
    ]);
    tree.write("/refusing", "");
    expect(await ills(tree, "alice")).toEqual([
      "unseen: what sshd does beside the recorder could not be seen: sshd -T: bad configuration -> null",
    ]);
    rmSync(join(tree.root, "programs/sshd"));
    expect(await ills(tree, "alice")).toEqual([]);
  });

  test("for whom sshd starts other programs before the recorder, or none at all", async () => {
    const tree = await treeWith("shell");
    const sshd = readFileSync(join(tree.root, "programs/sshd"), "utf8");
    const more = "x11forwarding yes\nxauthlocation /usr/bin/xauth\nsubsystem sftp internal-sftp";
    tree.write("/programs/sshd", `${sshd}echo "${more}"\n`, 0o755);
    // Without xauth sshd forwards nothing.
    const sftp =
      /^warning: sshd serves sftp itself .* -> \/etc\/ssh\/sshd_config:1: whether sftp may be without a recording/;
    expect(await ills(tree, "alice")).toEqual([expect.stringMatching(sftp)]);
    tree.write("/usr/bin/xauth", "");
    tree.write("/etc/ssh/sshrc", "");
    expect(await ills(tree, "alice")).toEqual([
      expect.stringMatching(
        /^warning: sshd forwards X11, and starts \/usr\/bin\/xauth .* -> echo 'X11Forwarding no' >/,
      ),
      expect.stringMatching(/^warning: sshd starts \/etc\/ssh\/sshrc before the recorder/),
      expect.stringMatching(sftp),
    ]);
  });

  test.each(["subsystem sftp internal-sftp -l INFO", "subsystem sftp /bin/sftp\nforcecommand internal-sftp\t-u 7"])(
    "whose sftp sshd serves itself: %j",
    async (setting) => {
      const tree = await treeWith("shell");
      const sshd = readFileSync(join(tree.root, "programs/sshd"), "utf8");
      tree.write("/programs/sshd", `${sshd}echo "${setting}"\n`, 0o755);
      expect(await ills(tree, "alice")).toEqual([expect.stringMatching(/^warning: sshd serves sftp itself/)]);
    },
  );

  test("whom SSSD does not serve, though everyone is meant", async () => {
    const tree = await treeWith("sssd");
    const place = "/etc/sssd/conf.d/zz-rec-session.conf";
    const text = readFileSync(join(tree.root, place), "utf8");
    tree.write(place, text.replace(/^scope = some\nusers = .*$/m, "scope = all"));
    expect((await ills(tree, "root"))[0]).toBe(
      "problem: root is not recorded: the login shell is /bin/bash: SSSD never serves root -> recctl enable --user root --method shell",
    );
  });

  test("who may leave the link with chsh", async () => {
    const tree = await treeWith("shell");
    tree.write("/etc/shells", "/var/lib/rec-session/shell/rec-session-shell-bin-bash\n");
    expect((await ills(tree, "alice"))[0]).toMatch(/^warning: .* alice may leave it with chsh -> remove-shell /);
  });
});

describe("what is amiss is told with its cure", () => {
  test.each<[string, (tree: SiteTree) => void, RegExp]>([
    [
      "files first",
      ({ write }) => write("/etc/nsswitch.conf", "passwd: files sss\ngroup: sss files\n"),
      /asks files before SSSD for passwd.* -> recctl enable --user alice --method sssd$/,
    ],
    [
      "no sss",
      ({ write }) => write("/etc/nsswitch.conf", "passwd: sss\ngroup: files\n"),
      /does not ask SSSD for group/,
    ],
    [
      "SSSD stopped",
      ({ root }) => rmSync(join(root, "running")),
      /SSSD does not run: .* -> systemctl reset-failed sssd.service 'sssd-\*'; systemctl restart sssd \|\| journalctl -u sssd/,
    ],
    [
      "the drop-in for all to read",
      ({ root }) => chmodSync(join(root, dropIn), 0o644),
      /SSSD does not read it -> chown root:root .* && chmod 600/,
    ],
    [
      "another scope",
      ({ write }) => write("/etc/sssd/sssd.conf", "[session_recording]\nscope = all\n"),
      /sssd.conf also decides whom SSSD records/,
    ],
    [
      "no recording shell",
      ({ root }) => rmSync(join(root, "usr/bin/tlog-rec-session")),
      /tlog-rec-session is not there: .* -> apt-get install --reinstall rec-session-tlog/,
    ],
    [
      "one that nobody may run",
      ({ root }) => chmodSync(join(root, "usr/bin/tlog-rec-session"), 0o644),
      /no program that every user may run: .* -> chown root:rec \/usr\/bin\/rec-session && chmod 2755/,
    ],
    [
      "one that is not listed",
      ({ write }) => write("/etc/shells", "/bin/sh\n"),
      /is not in \/etc\/shells: .* -> add-shell \/usr\/bin\/tlog-rec-session/,
    ],
    [
      "no pam_sss",
      ({ write }) => write("/etc/pam.d/common-session", "#session optional pam_sss.so\n"),
      /not in the session stack of sshd, login: .* -> pam-auth-update/,
    ],
    [
      "a stack without end",
      ({ write }) => write("/etc/pam.d/common-session", "session include common-session\n"),
      /not in the session stack/,
    ],
    [
      "a journal in memory",
      ({ root }) => rmSync(join(root, "var/log/journal"), { recursive: true }),
      /lost at the next reboot: .* -> mkdir -p \/var\/log\/journal/,
    ],
    [
      "no journal",
      ({ write }) => write("/etc/systemd/journald.conf", "[Journal]\nStorage=none\n"),
      /journald keeps nothing.* -> mkdir -p \/etc\/systemd\/journald.conf.d && printf '\[Journal\]\\nStorage=persistent\\n' > .* && systemctl restart systemd-journald$/,
    ],
    [
      "a drop-in after the file",
      ({ write }) => write("/etc/systemd/journald.conf.d/x.conf", "[Journal]\nStorage=volatile\n"),
      /in memory only/,
    ],
    [
      "a wrong clock",
      ({ write }) => write("/programs/timedatectl", "#!/bin/sh\necho no\n", 0o755),
      /^warning: no time server/,
    ],
    [
      "a clock nobody tells of",
      ({ root }) => rmSync(join(root, "programs/timedatectl")),
      /^unseen: whether a time server|^warning: no time server/,
    ],
    [
      "members of rec",
      ({ write }) => write("/etc/group", "root:x:0:\nrec:x:997:eve\n"),
      /^warning: the group rec has members, .*: eve -> gpasswd -d eve rec/,
    ],
    [
      "no group rec",
      ({ write }) => write("/etc/group", "root:x:0:\n"),
      /there is no group rec -> groupadd --system rec$/,
    ],
    [
      "no recorder",
      ({ root }) => rmSync(join(root, "usr/bin/rec-session")),
      /rec-session is not there -> apt-get install --reinstall rec-session/,
    ],
    [
      "no witness",
      ({ root }) => rmSync(join(root, "usr/lib/rec-session/witness")),
      /^warning: .*witness is not there: file transfers are recorded in full -> apt-get install --reinstall rec-session/,
    ],
    [
      "a launcher on a mount without privilege",
      ({ write }) => write("/mount-options", "rw,nosuid,relatime"),
      /^problem: \/usr\/bin\/rec-session is on \/, mounted nosuid: .* -> mount -o remount,suid \/$/,
    ],
    [
      "a witness on such a mount",
      ({ write }) => write("/mount-options", "rw,nosuid,relatime"),
      /^warning: .*witness is on \/, mounted nosuid: file transfers are recorded in full/,
    ],
    [
      "a folder for all to write",
      ({ root }) => chmodSync(join(root, "var/lib/rec-session"), 0o777),
      /users can change who is recorded -> chown root:root/,
    ],
    [
      "recordings for all to read",
      ({ write, root }) => {
        write("/var/log/rec-session/x", "");
        chmodSync(join(root, "var/log/rec-session"), 0o755);
      },
      /reach each other's recordings there -> chown root:rec/,
    ],
    [
      "no folder for what the journal does not take",
      ({ root }) => rmSync(join(root, recordings), { recursive: true }),
      /rec-session is not there: .* are refused -> install -d -o root -g rec -m 3770 \/var\/log\/rec-session$/,
    ],
    [
      "such a folder that recorders cannot use",
      ({ root }) => chmodSync(join(root, recordings), 0o700),
      /^problem: recorders may not write to \/var\/log\/rec-session .* -> install -d/,
    ],
    [
      "a killed call",
      ({ write }) => write("/var/lib/rec-session/undo.json", '{"call": ["enable", "--user", "alice"]}'),
      /was killed half way -> recctl enable --user alice$/,
    ],
  ])("%s", async (_, spoil, expected) => {
    const tree = await treeWith("sssd");
    spoil(tree);
    expect(await ills(tree)).toContainEqual(expect.stringMatching(expected));
  });

  test("a launcher without its group", async () => {
    const tree = await treeWith("sssd");
    const found = await examine(tree.host, undefined, configurationReader(tree.host));
    expect(found).toContainEqual(
      expect.objectContaining({ level: "problem", sentence: expect.stringContaining("not root:rec with mode 2755") }),
    );
    expect(found).toContainEqual(
      expect.objectContaining({ level: "warning", sentence: expect.stringContaining("not root:rec with mode 4750") }),
    );
  });

  test("a site that SSSD records by files of its own, without recctl", async () => {
    const tree = await treeWith(undefined);
    tree.write("/etc/sssd/sssd.conf", "[session_recording]\nscope = some\nusers = alice\n");
    tree.write("/etc/nsswitch.conf", "passwd: files sss systemd\ngroup: files systemd\n");
    const sed = "sed -Ei '/^(passwd|group):/{s/[[:space:]]sss\\b//;s/:[[:space:]]*/&sss /}' /etc/nsswitch.conf";
    const [first] = await examine(tree.host, undefined, configurationReader(tree.host));
    expect(first?.sentence).toBe("SSSD records the user alice, by the site's own /etc/sssd/sssd.conf");
    const found = await ills(tree, "alice");
    expect(found).toEqual([
      "problem: alice is not recorded: the login shell is /bin/bash: SSSD is to give the recorder, but does not know alice -> sss_cache -E && systemctl restart sssd",
      `problem: /etc/nsswitch.conf asks files before SSSD for passwd: the recorder SSSD gives does not count -> ${sed}`,
      `problem: /etc/nsswitch.conf does not ask SSSD for group: the recorder SSSD gives does not count -> ${sed}`,
      expect.stringMatching(/^problem: SSSD does not run/),
      expect.stringMatching(/^problem: sshd starts ~\/.ssh\/rc of alice: .* -> echo 'PermitUserRC no' > /),
    ]);
    execFileSync("sh", ["-c", sed.replace(" /etc/", ` ${tree.root}/etc/`)]);
    expect(tree.host.text("/etc/nsswitch.conf")).toBe("passwd: sss files systemd\ngroup: sss files systemd\n");
    expect((await ills(tree, "bob"))[0]).toMatch(
      /^problem: bob is not recorded: .* -> recctl enable --user bob --method shell$/,
    );
  });

  test("nobody at all", async () => {
    expect(await ills(await treeWith(undefined))).toEqual([
      "problem: nobody is recorded: no method is set up -> who is to be recorded: that is the site's to say: recctl enable with --user, --group or --all",
    ]);
  });
});

test("a journal that begins after recording was enabled has lost recordings, unless it holds a week", async () => {
  const { host, root } = await treeWith("shell");
  const enabledMs = Date.parse("2026-11-01");
  utimesSync(join(root, "var/lib/rec-session/shells.json"), new Date(enabledMs), new Date(enabledMs));
  const day = 86_400_000;
  const found = (begins: number | undefined, now: number): string[] =>
    journalReachFindings(host, begins, now, (ms) => new Date(ms).toISOString()).map(
      ({ level, sentence }) => `${level}: ${sentence}`,
    );
  expect(found(enabledMs + day, enabledMs + 2 * day)).toEqual([
    expect.stringMatching(
      /^warning: the journal reaches back to 2026-11-02.*, and recording was enabled before: older/,
    ),
  ]);
  expect(found(enabledMs - day, enabledMs + day)).toEqual([expect.stringMatching(/^well: .* 2026-10-31/)]);
  expect(found(enabledMs + day, enabledMs + 9 * day)).toEqual([expect.stringMatching(/^well: /)]);
  expect(found(undefined, enabledMs)).toEqual([]);
});
