/** The group that the launcher gives its recorder, and nobody else has. */
import { accountNamed } from "./account.ts";
import type { Host } from "./host.ts";

export const group = "rec";

/** Its number; undefined where there is none. */
export async function recorderGroup(host: Host): Promise<number | undefined> {
  const { stdout } = await host.run("getent", "group", "--", group);
  return stdout === "" ? undefined : Number(stdout.split(":")[2]);
}

/**
 * The command that makes it where it is gone, with the number that files still have. The package could not be installed again
 * before: dpkg goes on with nothing while a group that dpkg-statoverride(1) names is missing.
 */
export async function makingGroup(host: Host): Promise<string> {
  // The user rec has it as his own.
  const gid = (await accountNamed(host, group))?.gid;
  return `groupadd --system${gid === undefined ? "" : ` --gid ${gid}`} ${group}`;
}
