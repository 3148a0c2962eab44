/** The question whether a session is within a recorded one. */
import { expect, test } from "vitest";
import { isWithinRecording, type ProcessStatus, readStatus } from "./ancestors.ts";

const own = { parent: 50, uid: 1000, egid: 999 };
const shell = { parent: 40, uid: 1000, gid: 1000, egid: 1000 };

test.each<[string, Partial<ProcessStatus> | undefined, boolean]>([
  ["a recorder of the user", { egid: 999 }, true],
  ["a recorder of another user", { uid: 1001, egid: 999 }, false],
  ["a process whose own group it is, as a member's", { gid: 999, egid: 999 }, false],
  ["none", {}, false],
  ["what cannot be seen", undefined, false],
])("above the shell: %s", (_, above, isWithin) => {
  const all = new Map([
    [50, shell],
    [40, above === undefined ? undefined : { ...shell, parent: 1, ...above }],
  ]);
  expect(isWithinRecording(own, (pid) => all.get(pid))).toBe(isWithin);
});

test("a ring of parents, as when ids are used again while we look, ends", () => {
  expect(isWithinRecording(own, () => ({ ...shell, parent: 50 }))).toBe(false);
});

test("a status is read of this host", () => {
  expect(readStatus(process.pid)).toEqual({
    parent: process.ppid,
    uid: process.getuid?.(),
    gid: process.getgid?.(),
    egid: process.getegid?.(),
  });
  expect(readStatus(4_194_305)).toBeUndefined();
});
