/** Whether SSSD is asked before the files. */
import type { Host } from "../host.ts";
import { nsswitchFile, sourcesOf } from "../nsswitch.ts";
import { type Cure, type Finding, problem, well } from "./finding.ts";

/** `cure`: what puts SSSD first. */
export function nsswitchFindings(host: Host, cure: Cure): Finding[] {
  const text = host.text(nsswitchFile);
  if (text === undefined) return [problem(`there is no ${nsswitchFile}: SSSD is not asked for users`, cure)];
  return ["passwd", "group"].map((database) => {
    const sources = sourcesOf(text, database) ?? [];
    if (sources[0] === "sss") return well(`${nsswitchFile} asks SSSD first for ${database}`);
    const what = sources.includes("sss") ? `asks ${sources[0]} before SSSD` : "does not ask SSSD";
    return problem(`${nsswitchFile} ${what} for ${database}: the recorder SSSD gives does not count`, cure);
  });
}
