/** Everyone, and who is none of them: exceptions, and root, whom SSSD does not serve. */
import { expect, test } from "vitest";
import { alice, bob, site, stateOf } from "../../test/harness/set-up.ts";
import { nobody, type Scope } from "./scope.ts";
import { disable, enable } from "./set-up.ts";

const everyone: Scope = { ...nobody, isAll: true };

test("SSSD for everyone, and root's login shell beside it, in either order", async () => {
  const root: Scope = { ...nobody, users: ["root"] };
  const { tree, told, setUp } = site();
  const before = stateOf(tree);
  await enable(setUp, everyone, undefined);
  expect(told).toContain(
    "note: not among them, as SSSD does not serve them: root; recctl enable --user root --method shell",
  );
  await enable(setUp, root, undefined);
  expect(told).toContain("shell records the user root");
  await disable(setUp, everyone, undefined);
  await enable(setUp, root, "shell");
  told.length = 0;
  await enable(setUp, everyone, "sssd");
  expect(told).toEqual(["sssd records everyone"]);
  await expect(enable(setUp, alice, "shell")).rejects.toThrow("everyone is recorded by the method sssd already");
  await disable(setUp, everyone, undefined);
  expect(stateOf(tree)).toEqual(before);
});

test("everyone but some: enabling one of them by name ends the exception", async () => {
  const { tree, told, setUp } = site();
  await enable(setUp, { ...everyone, excludedUsers: ["bob"] }, "sssd");
  const shells = await tree.host.run("getent", "passwd", "--", "alice");
  expect(shells.stdout).toMatch(/:\/usr\/bin\/tlog-rec-session\n$/);
  expect((await tree.host.run("getent", "passwd", "--", "bob")).stdout).toMatch(/:\n$/);
  await disable(setUp, alice, undefined);
  expect(told.at(-1)).toBe("sssd records everyone but the users alice, bob");
  await enable(setUp, bob, undefined);
  expect(told.at(-2)).toBe("sssd records everyone but the user alice");
});

test("users of /etc/passwd with uid 0 or a name like a domain's are named, unless they are exceptions", async () => {
  const { tree, told, setUp } = site();
  tree.write("/etc/passwd", `${tree.host.text("/etc/passwd")}toor:x:0:0::/root:/bin/sh\nu@d:x:1999:100::/:/bin/sh\n`);
  await enable(setUp, { ...everyone, excludedUsers: ["toor"] }, "sssd");
  expect(told.at(-1)).toBe(
    "note: not among them, as SSSD does not serve them: root, u@d; recctl enable --user root --user u@d --method shell",
  );
  await enable(setUp, { ...nobody, users: ["root", "u@d"] }, "shell");
  await disable(setUp, bob, undefined);
  expect(told.at(-1)).toBe("sssd records everyone but the users bob, toor");
});
