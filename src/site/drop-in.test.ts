import { describe, expect, test } from "vitest";
import { nobody, type Scope } from "./scope.ts";
import { formatSshdDropIn, parseSshdDropIn } from "./sshd-drop-in.ts";
import { formatSssdDropIn, parseSssdDropIn, sssdDropInFor } from "./sssd-drop-in.ts";
import { formatUserRcDropIn } from "./user-rc.ts";

const root = "../..";
const lack = { domain: true, services: true };
const some: Scope = { ...nobody, users: ["alice", "bob"], groups: ["operators"] };
const scopes: [string, Scope][] = [
  ["users and groups", some],
  ["users", { ...nobody, users: ["alice"] }],
  ["groups", { ...nobody, groups: ["operators", "staff"] }],
  ["everyone", { ...nobody, isAll: true }],
  ["everyone but a user", { ...nobody, isAll: true, excludedUsers: ["alice"] }],
  ["everyone but users and groups", { ...nobody, isAll: true, excludedUsers: ["alice", "bob"], excludedGroups: ["g"] }],
];

describe("sssd/ and sshd/ have what recctl enable writes", () => {
  test("sssd/rec-session.conf", async () => {
    await expect(formatSssdDropIn(some, lack)).toMatchFileSnapshot(`${root}/sssd/rec-session.conf`);
  });

  test("sshd/rec-session.conf", async () => {
    await expect(formatSshdDropIn(some)).toMatchFileSnapshot(`${root}/sshd/rec-session.conf`);
  });

  test("sshd/00-rec-session-rc.conf", async () => {
    await expect(formatUserRcDropIn()).toMatchFileSnapshot(`${root}/sshd/00-rec-session-rc.conf`);
  });
});

test.each(scopes)("a drop-in is read as it was written: %s", (_, scope) => {
  expect(parseSssdDropIn(formatSssdDropIn(scope, lack))).toEqual(scope);
  expect(parseSshdDropIn(formatSshdDropIn(scope))).toEqual(scope);
});

test("for nobody there is none, and where there is none it is nobody", () => {
  expect([sssdDropInFor(nobody, lack), formatSshdDropIn(nobody)]).toEqual([undefined, undefined]);
  expect([parseSssdDropIn(undefined), parseSshdDropIn(undefined)]).toEqual([nobody, nobody]);
  expect(parseSssdDropIn("[session_recording]\nscope = none\nusers = a\n")).toEqual(nobody);
});

test("only what the site lacks is in it", () => {
  const text = formatSssdDropIn(some, { domain: false, services: false });
  expect(text).not.toMatch(/^\[(domain|sssd)/m);
});
