import { expect, test } from "vitest";
import { isStartedBySshd, sshCommand } from "./ssh-command.ts";

const debian = (path: string): boolean => path === "/usr/lib/openssh/sftp-server";
const of = (command: string, isThere = debian): string | undefined => {
  const bytes = sshCommand(Buffer.from(`A=1\0SSH_ORIGINAL_COMMAND=${command}\0B=2\0`, "latin1"), isThere);
  return bytes === undefined ? undefined : Buffer.from(bytes).toString("latin1");
};

test("a command is what the client sent, to the byte", () => {
  expect(of("echo 'a b' | cat; \xff")).toBe("echo 'a b' | cat; \xff");
  expect(of("")).toBe("");
});

test("without one a shell was asked for", () => {
  expect(sshCommand(Buffer.from("A=1\0XSSH_ORIGINAL_COMMAND=ls\0"))).toBeUndefined();
});

test("a process that is not sshd's knows it", () => {
  expect(isStartedBySshd(process.pid)).toBe(false);
  expect(isStartedBySshd(-1)).toBe(false);
});

test("sshd's built-in sftp is the program that does the same, with its options", () => {
  expect(of("internal-sftp")).toBe("/usr/lib/openssh/sftp-server");
  expect(of("internal-sftp -l INFO")).toBe("/usr/lib/openssh/sftp-server -l INFO");
  expect(of("internal-sftp", () => false)).toBe("sftp-server");
  expect(of("internal-sftpx")).toBe("internal-sftpx");
});
