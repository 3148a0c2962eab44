/** ~/.ssh/rc: sshd starts it beside the session, with the session's own stdout, and what it leaves running writes there unrecorded. */
import type { Change } from "./change.ts";
import type { Host } from "./host.ts";
import { hasSetting, isSshdMissing, sshdComplaint, sshdSettings } from "./sshd.ts";

/** Of two values sshd takes the first, and it reads the folder in the order of the names. */
export const userRcDropIn = "/etc/ssh/sshd_config.d/00-rec-session-rc.conf";

/** The whole file. For everyone: sshd compares the name as its client spells it, and a directory may know another spelling. */
export function formatUserRcDropIn(): string {
  return [
    "# What a user leaves running in ~/.ssh/rc may write to his session unseen by its recorder; see recctl(8).",
    "# recctl enable writes this file, recctl disable removes it when nobody is recorded any more.",
    "PermitUserRC no",
    "",
  ].join("\n");
}

/** Forbids it while anyone is recorded; without sshd nothing. A configuration that sshd refuses already is not read anew. */
export async function userRcChange(host: Host, isAnyoneRecorded: boolean): Promise<Change> {
  const isMissing = await isSshdMissing(host);
  const content = isAnyoneRecorded ? Buffer.from(formatUserRcDropIn()) : null;
  return {
    files: isMissing && isAnyoneRecorded ? [] : [{ path: userRcDropIn, content, mode: 0o644 }],
    links: [],
    logins: [],
    services: isMissing || (await sshdComplaint(host)) !== undefined ? [] : ["sshd"],
  };
}

/** For the administrator who enables recording: what is left undone; undefined where nothing is. */
export async function userRcCaution(host: Host): Promise<string | undefined> {
  if (await isSshdMissing(host)) return "sshd is not installed: there is no ~/.ssh/rc to forbid";
  const settings = await sshdSettings(host);
  if (settings.status !== 0) {
    return `sshd refuses its configuration (${await sshdComplaint(host)}): ${userRcDropIn} counts when that is mended`;
  }
  if (!hasSetting(settings, "permituserrc yes")) return undefined;
  return `sshd goes on starting ~/.ssh/rc: see that /etc/ssh/sshd_config includes ${userRcDropIn}, and says nothing else before`;
}
