/** What sshd's client asked for, where ForceCommand put the recorder in its place. */
import { existsSync } from "node:fs";
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
