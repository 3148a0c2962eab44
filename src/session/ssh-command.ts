/** What sshd has to do with a session: what its client asked for, where ForceCommand put the recorder in its place. */
import { existsSync, readFileSync } from "node:fs";
import { variable } from "./environment.ts";

/** Where OpenSSH's packages have the program that does what sshd's built-in "internal-sftp" does. */
const sftpServers = ["/usr/lib/openssh/sftp-server", "/usr/libexec/openssh/sftp-server", "/usr/lib/ssh/sftp-server"];
const builtIn = "internal-sftp";

/**
 * The command for a shell, in bytes as they came; undefined where a shell was asked for. sshd(8), SSH_ORIGINAL_COMMAND.
 * `isThere` tells which programs this host has.
 */
export function sshCommand(
  environment: Uint8Array,
  isThere: (path: string) => boolean = existsSync,
): Uint8Array | undefined {
  const command = variable(environment, "SSH_ORIGINAL_COMMAND");
  if (command === undefined || !/^internal-sftp(?=\s|$)/.test(command.toString("latin1"))) return command;
  // sshd hands on its own word for it, which no shell knows.
  const server = sftpServers.find((path) => isThere(path)) ?? "sftp-server";
  return Buffer.concat([Buffer.from(server), command.subarray(builtIn.length)]);
}

/** Whether sshd started this process, of which `parent` is the parent: then its stdin is of this session alone. */
export function isStartedBySshd(parent: number): boolean {
  try {
    return /^sshd(-session)?\n/.test(readFileSync(`/proc/${parent}/comm`, "latin1"));
  } catch {
    return false;
  }
}
