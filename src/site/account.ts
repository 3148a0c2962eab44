/** Users and groups as the name service of the host tells them. */
import type { Host } from "./host.ts";

export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
  /** "" in /etc/passwd means /bin/sh. */
  readonly shell: string;
}

/** By one source of nsswitch.conf(5), or by all in their order; undefined where it knows no such user. */
export async function accountNamed(host: Host, name: string, source?: "files" | "sss"): Promise<Account | undefined> {
  const { stdout } = await host.run("getent", "passwd", ...(source === undefined ? [] : ["-s", source]), "--", name);
  return parseAccount(stdout.split("\n")[0] ?? "");
}

export function parseAccount(line: string): Account | undefined {
  const [name, , uid, gid, , home = "", shell] = line.split(":");
  if (name === undefined || shell === undefined) return undefined;
  return { name, uid: Number(uid), gid: Number(gid), home, shell };
}

/** The members that the group names itself; undefined where there is no such group. */
export async function membersOf(host: Host, group: string, source?: "files" | "sss"): Promise<string[] | undefined> {
  const { stdout } = await host.run("getent", "group", ...(source === undefined ? [] : ["-s", source]), "--", group);
  const members = stdout.split("\n")[0]?.split(":")[3];
  return members === undefined ? undefined : members.split(",").filter((name) => name !== "");
}

/** The groups that a login of the user would be in, by name. */
export async function groupsOf(host: Host, user: string): Promise<string[]> {
  const { stdout } = await host.run("id", "--groups", "--name", "--zero", "--", user);
  return stdout.split("\0").filter((name) => name !== "");
}
