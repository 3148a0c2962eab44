/** Whether the place of a program lets its mode count. */
import type { Host } from "../host.ts";
import { type Finding, problem, unseen } from "./finding.ts";

/** mount(8), nosuid: the kernel passes over what the mode of a file there gives. */
export async function mountFindings(host: Host, path: string, danger: string, told = problem): Promise<Finding[]> {
  const { status, stdout } = await host.run("findmnt", "-no", "TARGET,OPTIONS", "--target", host.place(path));
  const [target = "", options = ""] = stdout.trim().split(/\s+(?=\S+$)/);
  if (status !== 0 || options === "") return [unseen(`how the place of ${path} is mounted could not be seen`)];
  if (!options.split(",").includes("nosuid")) return [];
  return [told(`${path} is on ${target}, mounted nosuid: ${danger}`, `mount -o remount,suid ${target}`)];
}
