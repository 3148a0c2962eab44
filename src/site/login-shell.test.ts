import { expect, test } from "vitest";
import { shellOfName } from "../session/shell.ts";
import { formatFormerShells, isShellLink, parseFormerShells, shellFolder, shellLink } from "./login-shell.ts";

test.each([
  ["/bin/bash", "rec-session-shell-bin-bash"],
  ["/usr/bin/my-shell", "rec-session-shell-usr-bin-my\\-shell"],
  ["/a\\b", "rec-session-shell-a\\\\b"],
])("the recorder called by the link of %s runs it", (shell, name) => {
  expect(shellLink(shell)).toBe(`${shellFolder}/${name}`);
  expect(shellOfName(shellLink(shell))).toBe(shell);
  // As login(1) and sshd call it.
  expect(shellOfName(`-${name}`)).toBe(shell);
  expect(isShellLink(shellLink(shell))).toBe(true);
});

test("no other path is such a link", () => {
  expect(["/bin/bash", "/tmp/rec-session-shell-bin-sh", ""].map(isShellLink)).toEqual([false, false, false]);
});

test("the former shells are read as they were written; anything else is nothing", () => {
  const shells = { bob: "", alice: "/bin/bash" };
  expect(parseFormerShells(formatFormerShells(shells))).toEqual(shells);
  for (const text of ["", "[]", "null", '"x"', '{"a":1}', "{"]) expect(parseFormerShells(text)).toBeUndefined();
});
