import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { sourcesOf, withoutSssFirst, withSssFirst } from "./nsswitch.ts";

describe("withSssFirst", () => {
  test.each<[string, string, string]>([
    [
      "Debian's",
      "passwd:         files systemd\ngroup:          files systemd\n",
      "passwd:         sss files systemd\ngroup:          sss files systemd\n",
    ],
    [
      "sss moves, others and comments stay",
      "# x\npasswd: files ldap sss # y\ngroup:\tfiles  sss\n",
      "# x\npasswd: sss files ldap # y\ngroup:\tsss files\n",
    ],
    [
      "what is so already stays as it is",
      "passwd:  sss   files\ngroup: sss files",
      "passwd:  sss   files\ngroup: sss files",
    ],
    [
      "actions stay behind their source",
      "passwd: files [NOTFOUND=return SUCCESS=merge] nis\ngroup: files [!UNAVAIL = return] sss\n",
      "passwd: sss files [NOTFOUND=return SUCCESS=merge] nis\ngroup: sss files [!UNAVAIL = return]\n",
    ],
    ["missing lines come at the end", "hosts: files\n", "hosts: files\npasswd: sss files\ngroup: sss files\n"],
    ["an empty file", "", "passwd: sss files\ngroup: sss files\n"],
    [
      "other databases are none of ours",
      "passwd: sss files\ngroup: sss files\nshadow: files sss\n",
      "passwd: sss files\ngroup: sss files\nshadow: files sss\n",
    ],
  ])("%s", (_, before, after) => {
    expect(withSssFirst(before)).toBe(after);
    expect(withSssFirst(after)).toBe(after);
  });

  test("an action after sss is refused: in front it would shut out the files", () => {
    expect(() => withSssFirst("passwd: files sss [NOTFOUND=return]\ngroup: files\n")).toThrow(
      /its line passwd has an action after sss/,
    );
  });
});

describe("withoutSssFirst", () => {
  const before = "passwd:   files sss # c\ngroup: files\nhosts: files\n";

  test("is the file of before to the byte", () => {
    expect(withoutSssFirst(withSssFirst(before), before)).toBe(before);
  });

  test("what the site changed since stays", () => {
    const since = `${withSssFirst(before).replace("hosts: files", "hosts: files dns")}rpc: db\n`;
    expect(withoutSssFirst(since, before)).toBe("passwd:   files sss # c\ngroup: files\nhosts: files dns\nrpc: db\n");
  });
});

test("sourcesOf: in order; none where there is no line", () => {
  expect(sourcesOf("#passwd: a\n passwd : files [x=y]sss#z\n", "passwd")).toEqual(["files", "[x=y]", "sss"]);
  expect(sourcesOf("passwd: files\n", "group")).toBeUndefined();
});

test("nsswitch/nsswitch.conf shows what Debian's lines become", () => {
  const debian = "passwd:         files systemd\ngroup:          files systemd\n";
  const shown = readFileSync("nsswitch/nsswitch.conf", "utf8");
  expect(shown.replace(/^#.*\n/gm, "")).toBe(withSssFirst(debian));
});
