/** ~/.ssh/rc is forbidden to sshd while anyone is recorded, and sshd is waited for; test/system has the real one. */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { alice, bob, site, stateOf } from "../../test/harness/set-up.ts";
import type { SiteTree } from "../../test/harness/site-tree.ts";
import { disable, enable } from "./set-up.ts";
import { formatUserRcDropIn, userRcDropIn } from "./user-rc.ts";

describe("~/.ssh/rc", () => {
  const reloads = ({ root }: SiteTree): string[] => {
    const log = join(root, "systemctl.log");
    return existsSync(log) ? (readFileSync(log, "utf8").match(/^(reload|start) .*$/gm) ?? []) : [];
  };

  test("is forbidden by the first method, and allowed when the last is gone", async () => {
    const { tree, told, setUp } = site();
    await enable(setUp, alice, "shell");
    await enable(setUp, bob, "sssd");
    await disable(setUp, alice, undefined);
    expect(stateOf(tree)[userRcDropIn]).toBe(formatUserRcDropIn());
    expect(reloads(tree)).toEqual(["reload ssh.service", "start sssd.service"]);
    await disable(setUp, bob, undefined);
    expect(stateOf(tree)[userRcDropIn]).toBeUndefined();
    expect(reloads(tree)).toEqual(["reload ssh.service", "start sssd.service", "reload ssh.service"]);
    expect(told.join()).not.toContain("~/.ssh/rc");
  });

  test("of who was enabled before there was such a file is forbidden by the next call, which leaves SSSD alone", async () => {
    const { tree, setUp } = site();
    await enable(setUp, alice, "sssd");
    rmSync(join(tree.root, userRcDropIn));
    rmSync(join(tree.root, "systemctl.log"));
    await enable(setUp, alice, "sssd");
    expect(stateOf(tree)[userRcDropIn]).toBe(formatUserRcDropIn());
    expect(reloads(tree)).toEqual(["reload ssh.service"]);
  });

  test("without sshd is left alone, which is told", async () => {
    const { tree, told, setUp } = site();
    rmSync(join(tree.root, "programs/sshd"));
    await enable(setUp, alice, "shell");
    expect(stateOf(tree)[userRcDropIn]).toBeUndefined();
    expect(told).toContain("note: sshd is not installed: there is no ~/.ssh/rc to forbid");
    tree.write(userRcDropIn, "left by an sshd that is gone");
    await disable(setUp, alice, undefined);
    expect(stateOf(tree)[userRcDropIn]).toBeUndefined();
  });

  test("of an sshd that refuses its configuration already is forbidden for later, which is told", async () => {
    const { tree, told, setUp } = site();
    tree.write("/refusing", "");
    await enable(setUp, alice, "shell");
    expect(stateOf(tree)[userRcDropIn]).toBe(formatUserRcDropIn());
    expect(reloads(tree)).toEqual([]);
    expect(told.at(-1)).toBe(
      `note: sshd refuses its configuration (sshd -t: bad configuration): ${userRcDropIn} counts when that is mended`,
    );
  });

  test("that sshd starts all the same, as another file has it, is told", async () => {
    const { tree, told, setUp } = site();
    tree.write("/deaf", "");
    await enable(setUp, alice, "shell");
    expect(told.at(-1)).toContain("note: sshd goes on starting ~/.ssh/rc");
  });

  test("an sshd that does not take the file has all taken back", async () => {
    const { tree, setUp } = site();
    const before = stateOf(tree);
    const sshd = readFileSync(join(tree.root, "programs/sshd"), "utf8");
    const refuse = `[ ! -e $R${userRcDropIn} ] || { echo "Bad configuration option: PermitUserRC" >&2; exit 255; }`;
    tree.write("/programs/sshd", sshd.replace("\n[", `\n${refuse}\n[`), 0o755);
    await expect(enable(setUp, alice, "sssd")).rejects.toThrow(
      "sshd -t: Bad configuration option: PermitUserRC; everything is again as it was",
    );
    expect(stateOf(tree)).toEqual(before);
  });
});

describe("sshd reads its configuration anew", () => {
  const settings = (tree: SiteTree, reload: string): void => {
    const sshd = readFileSync(join(tree.root, "programs/sshd"), "utf8");
    tree.write("/programs/sshd", `${sshd}echo "pidfile /run/sshd.pid"\n`, 0o755);
    tree.write("/run/sshd.pid", "1234\n");
    const systemctl = readFileSync(join(tree.root, "programs/systemctl"), "utf8");
    tree.write("/programs/systemctl", `${systemctl}\n[ "$1" != show ] || echo 1234\n${reload}\n`, 0o755);
  };

  test("and the call returns when it listens", async () => {
    const { tree, setUp } = site();
    settings(
      tree,
      `[ $1 != reload ] || { rm $R/run/sshd.pid; (sleep 0.5; echo 1234 > $R/run/sshd.pid) >/dev/null 2>&1 & }`,
    );
    await enable(setUp, alice, "shell");
    expect(existsSync(join(tree.root, "run/sshd.pid"))).toBe(true);
  });

  test("whose file of its process id is none of it is not waited for", async () => {
    const { tree, setUp } = site();
    settings(tree, "");
    tree.write("/run/sshd.pid", "1\n");
    await enable(setUp, alice, "shell");
    expect(stateOf(tree)[userRcDropIn]).toBe(formatUserRcDropIn());
  });
});
