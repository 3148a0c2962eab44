/** What every finding of the doctor's owes its reader: a command to paste, or the reason why there is none. */
import { execFileSync } from "node:child_process";
import { expect } from "vitest";
import type { Finding } from "../../src/site/doctor/finding.ts";

/** What a cure may begin with: words for people do not. */
const programs =
  /^(\{ |printf |cp |echo |sed |chmod |chown |install -d |mkdir |mount |apt-get |dnf |systemctl |pam-auth-update |(add|remove)-shell |gpasswd |groupadd |getent |pgrep |sss_cache |timedatectl |chronyc |journalctl |recctl |sudo |su )/;

/** A decision names its place, or its matter, and then what is to be decided. */
const decision = /^\S[^:]*(:\d+)?: \S/;

export function expectCures(findings: readonly Finding[]): void {
  for (const { level, sentence, cure, decision: reason } of findings) {
    const isOne = (cure === null) !== (reason === null);
    // What is unseen without a word of its own is looked at again as root: recctl says how.
    const isRight =
      level === "well" ? cure === null && reason === null : isOne || (level === "unseen" && reason === null);
    expect({ sentence, cure, reason, isRight }).toMatchObject({ isRight: true });
    if (reason !== null) expect(reason).toMatch(decision);
    if (cure === null) continue;
    expect(cure).toMatch(programs);
    // A name in capitals is one that somebody has yet to think of.
    expect(cure).not.toMatch(/\b(NAME|USER|FILE|GROUP)\b/);
    execFileSync("bash", ["-n", "-c", cure]);
  }
}
