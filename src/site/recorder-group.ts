/** The group that the launcher gives its recorder, and nobody else has. */
import type { Host } from "./host.ts";

export const group = "rec";

/** Its number; undefined where there is none. */
export async function recorderGroup(host: Host): Promise<number | undefined> {
  const { stdout } = await host.run("getent", "group", "--", group);
  return stdout === "" ? undefined : Number(stdout.split(":")[2]);
}
