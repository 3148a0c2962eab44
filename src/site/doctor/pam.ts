/** pam_sss in the session stack of what users come in by: it tells the recorder the user's real shell. */
import type { Host } from "../host.ts";
import { isInSession } from "../pam.ts";
import { type Finding, orUnseen, problem, well } from "./finding.ts";

const line = "session optional pam_sss.so";
const services = ["sshd", "login", "su", "su-l", "sudo-i"];

export async function pamFindings(host: Host): Promise<Finding[]> {
  return await orUnseen("the PAM configuration", () => {
    const there = services.filter((service) => host.details(`/etc/pam.d/${service}`) !== undefined);
    const without = there.filter((service) => !isInSession(host, service, "pam_sss.so"));
    if (without.length === 0) return [well(`pam_sss is in the session stack of ${there.join(", ")}`)];
    const what = `pam_sss is not in the session stack of ${without.join(", ")}: the recorder does not learn the user's real shell there, and runs the fallback shell`;
    return [problem(what, adding(host, without))];
  });
}

/** Into what Debian's stacks share; a stack that goes without that has it of its own. */
function adding(host: Host, services: readonly string[]): string {
  const common = "/etc/pam.d/common-session";
  if (host.details(common) !== undefined && !isInSession(host, "common-session", "pam_sss.so")) {
    // Of files that were edited by hand pam-auth-update(8) keeps its hands off, and says nothing that a status tells.
    return `pam-auth-update --enable sss; grep -q '^session.*pam_sss' ${common} || echo '${line}' >> ${common}`;
  }
  return `echo '${line}' | tee -a ${services.map((service) => `/etc/pam.d/${service}`).join(" ")}`;
}
