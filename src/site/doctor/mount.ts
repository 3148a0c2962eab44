/** Whether the place of a program lets its mode count. */
import { shellWord } from "../../shell-word.ts";
import type { Host } from "../host.ts";
import { type Finding, problem, unseen } from "./finding.ts";
import { lineOf, replacing } from "./line.ts";

/** mount(8), nosuid: the kernel passes over what the mode of a file there gives. */
export async function mountFindings(host: Host, path: string, danger: string, told = problem): Promise<Finding[]> {
  const { status, stdout } = await host.run("findmnt", "-no", "TARGET,OPTIONS", "--target", host.place(path));
  const [target = "", options = ""] = stdout.trim().split(/\s+(?=\S+$)/);
  if (status !== 0 || options === "") return [unseen(`how the place of ${path} is mounted could not be seen`)];
  if (!options.split(",").includes("nosuid")) return [];
  return [told(`${path} is on ${target}, mounted nosuid: ${danger}`, remounting(host, target))];
}

/** Now, and at the next boot where fstab(5) says so. */
function remounting(host: Host, target: string): string {
  const place = target.replaceAll(/[^\w/-]/g, "\\$&");
  const line = lineOf(host, "/etc/fstab", new RegExp(`^[^#\\s]\\S*\\s+${place}\\s+\\S+\\s+\\S*nosuid`));
  const now = `mount -o remount,suid ${shellWord(target)}`;
  return line === undefined ? now : `${replacing(line, "nosuid", "suid")} && ${now}`;
}
