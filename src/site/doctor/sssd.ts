/** SSSD: installed, running, and with our configuration in force. */
import type { Host } from "../host.ts";
import { installing, isDnf } from "../packages.ts";
import { isActive, isEnabled } from "../service.ts";
import { readSssdConfiguration } from "../sssd-configuration.ts";
import { sssdDropIn } from "../sssd-drop-in.ts";
import { decide, type Finding, orUnseen, problem, unseen, warning, well } from "./finding.ts";
import { placeOf } from "./line.ts";

/** Started too often it is not started again; where it does not start, why it does not is shown. */
const start = "systemctl reset-failed sssd.service 'sssd-*'; systemctl restart sssd || journalctl -u sssd -n 20";

const sssdPackages = ["sssd-common", "sssd-proxy", "libnss-sss", "libpam-sss"];

export async function sssdFindings(host: Host): Promise<Finding[]> {
  if (host.details("/usr/sbin/sssd") === undefined) {
    return [
      problem(
        "SSSD is not installed",
        installing(host, isDnf(host) ? ["sssd-common", "sssd-proxy", "sssd-client"] : sssdPackages),
      ),
    ];
  }
  return [
    ...(await runs(host)),
    ...(await orUnseen(`the mode of ${sssdDropIn}`, () => mode(host))),
    ...(await orUnseen("SSSD's configuration", () => scope(host))),
    ...(await cacheFindings(host)),
  ];
}

async function runs(host: Host): Promise<Finding[]> {
  if ((await host.run("systemctl", "--version")).isMissing) {
    return [unseen("whether SSSD runs could not be seen: there is no systemctl", "pgrep -a sssd")];
  }
  const findings = [
    (await isActive(host, "sssd.service"))
      ? well("SSSD runs")
      : problem("SSSD does not run: whoever logs in meanwhile gets his own shell, unrecorded", start),
  ];
  if (!(await isEnabled(host, "sssd.service"))) {
    findings.push(problem("SSSD is not started at boot", "systemctl enable sssd"));
  }
  return findings;
}

/** SSSD refuses files that others than root may read or write, and then does not start at all. */
function mode(host: Host): Finding[] {
  const details = host.details(sssdDropIn);
  if (details === undefined) return [];
  const isRoots = details.uid === 0 && details.gid === 0 && (details.mode & 0o777) === 0o600;
  if (isRoots) return [well(`${sssdDropIn} is root's alone`)];
  return [
    problem(
      `${sssdDropIn} is not root's alone: SSSD does not read it`,
      `chown root:root ${sssdDropIn} && chmod 600 ${sssdDropIn} && systemctl restart sssd`,
    ),
  ];
}

function scope(host: Host): Finding[] {
  const other = readSssdConfiguration(host).otherScope;
  // One that is alone decides for the site, as it did before recctl came.
  if (other === undefined || host.details(sssdDropIn) === undefined) return [];
  const place = placeOf(host, other.file, /^\s*\[session_recording\]/);
  const what = `${other.file} also decides whom SSSD records (scope = ${other.scope})`;
  return [
    problem(
      what,
      decide(
        place,
        `which of the two decides is the site's to say: take the section out there, and enable with recctl whom it named, or run recctl disable --all --method sssd`,
      ),
    ),
  ];
}

/** A second cache in front of SSSD goes on giving the old shell. */
async function cacheFindings(host: Host): Promise<Finding[]> {
  if (!(await isActive(host, "nscd.service"))) return [];
  return [
    warning(
      "nscd caches users in front of SSSD: a change of who is recorded comes late",
      "systemctl disable --now nscd",
    ),
  ];
}
