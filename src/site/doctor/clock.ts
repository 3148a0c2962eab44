/** Whether the times of recordings can be compared with those of other hosts. */
import type { Host } from "../host.ts";
import { installing, isDnf } from "../packages.ts";
import { type Finding, unseen, warning, well } from "./finding.ts";

export async function clockFindings(host: Host): Promise<Finding[]> {
  const outcome = await host.run("timedatectl", "show", "--property=NTPSynchronized", "--value");
  const answer = outcome.stdout.trim();
  if (outcome.status === 0 && answer === "yes") return [well("the clock is kept by a time server")];
  if (outcome.status === 0 && answer === "no") {
    const what = "no time server keeps the clock: times of recordings may be wrong";
    return [warning(what, keeping(host))];
  }
  return [
    unseen("whether a time server keeps the clock could not be seen: timedatectl does not answer", "chronyc tracking"),
  ];
}

/** By the time server that is there: another would take its place, or be in its way. */
function keeping(host: Host): string {
  if (host.details("/usr/sbin/chronyd") !== undefined)
    return `systemctl enable --now ${isDnf(host) ? "chronyd" : "chrony"}`;
  if (host.details("/usr/sbin/ntpd") !== undefined) return "systemctl enable --now ntpsec";
  if (isDnf(host)) return `${installing(host, ["chrony"])} && systemctl enable --now chronyd`;
  return `${installing(host, ["systemd-timesyncd"])} && timedatectl set-ntp true`;
}
