/** Whether the times of recordings can be compared with those of other hosts. */
import type { Host } from "../host.ts";
import { type Finding, unseen, warning, well } from "./finding.ts";

export async function clockFindings(host: Host): Promise<Finding[]> {
  const outcome = await host.run("timedatectl", "show", "--property=NTPSynchronized", "--value");
  const answer = outcome.stdout.trim();
  if (outcome.status === 0 && answer === "yes") return [well("the clock is kept by a time server")];
  if (outcome.status === 0 && answer === "no") {
    const what = "no time server keeps the clock: times of recordings may be wrong";
    return [warning(what, "apt install systemd-timesyncd && timedatectl set-ntp true")];
  }
  return [
    unseen(
      "whether a time server keeps the clock could not be seen: timedatectl does not answer",
      "see: chronyc tracking",
    ),
  ];
}
