/** Everything that the doctor looks at on the host, in the order in which a login comes along it. */
import { RecError } from "../../errors.ts";
import { shellWord } from "../../shell-word.ts";
import type { Host } from "../host.ts";
import { isOurs } from "../recording-shell.ts";
import { interruptedCall, undoFile } from "../undo.ts";
import { accountFindings } from "./account.ts";
import { clockFindings } from "./clock.ts";
import { configurationFindings } from "./configuration.ts";
import { type Deciding, decidingFindings, isUsed, nsswitchCure, readDeciding } from "./deciding.ts";
import { type Cure, decide, type Finding, problem } from "./finding.ts";
import { folderFindings } from "./folders.ts";
import { journaldFindings } from "./journald.ts";
import { launcherFindings } from "./launcher.ts";
import { nsswitchFindings } from "./nsswitch.ts";
import { ownJournalFindings } from "./own-journal.ts";
import { pamFindings } from "./pam.ts";
import type { ReadConfiguration, RecorderName } from "./settings.ts";
import { shellFindings } from "./shells.ts";
import { sshdFindings } from "./sshd.ts";
import { sssdFindings } from "./sssd.ts";
import { witnessFindings } from "./witness.ts";

/** For one user, or for the host as a whole. `read` tells what recorders are configured to do. */
export async function examine(host: Host, user: string | undefined, read: ReadConfiguration): Promise<Finding[]> {
  const deciding = readDeciding(host);
  return [
    ...interrupted(host),
    ...(user === undefined ? decidingFindings(deciding) : await accountFindings(host, user, deciding)),
    ...(isUsed(deciding, "sssd") ? await viaSssd(host, deciding) : []),
    ...(await sshdFindings(host, user, deciding)),
    ...(await launcherFindings(host)),
    ...(await witnessFindings(host)),
    ...(await configured(host, deciding, read)),
    ...(await ownJournalFindings(host)),
    ...(await journaldFindings(host)),
    ...(await clockFindings(host)),
    ...(await folderFindings(host)),
  ];
}

async function viaSssd(host: Host, deciding: Deciding): Promise<Finding[]> {
  return [
    ...nsswitchFindings(host, nsswitchCure(host, deciding)),
    ...(await sssdFindings(host)),
    ...(await shellFindings(host)),
    ...(await pamFindings(host)),
  ];
}

/** By SSSD the recorder has tlog's name, and may be tlog's own, whose configuration is no matter of ours. */
async function configured(host: Host, deciding: Deciding, read: ReadConfiguration): Promise<Finding[]> {
  const recorders: RecorderName[] = [];
  const [bySssd, byShell, bySshd] = ["sssd", "shell", "forcecommand"].map((method) => isUsed(deciding, method));
  if (bySssd && (await isOurs(host))) recorders.push("tlog-rec-session");
  if (byShell || bySshd || !bySssd) recorders.push("rec-session");
  const found: Finding[] = [];
  for (const recorder of recorders) found.push(...(await configurationFindings(host, () => read(recorder))));
  // Both may read one file.
  return found.filter((one, at) => found.findIndex(({ sentence }) => sentence === one.sentence) === at);
}

function interrupted(host: Host): Finding[] {
  if (host.details(undoFile) === undefined) return [];
  return [problem("a call of recctl enable or recctl disable was killed half way", again(host))];
}

/** The same call: it takes back first what was begun. */
function again(host: Host): Cure {
  try {
    const call = interruptedCall(host);
    if (call !== undefined) return ["recctl", ...call].map(shellWord).join(" ");
    return decide(
      undoFile,
      "it does not tell which call it was: the next call of recctl enable or recctl disable takes it back",
    );
  } catch (error) {
    if (!(error instanceof RecError)) throw error;
    return decide(undoFile, `${error.message}; the next call of recctl enable or recctl disable takes it back`);
  }
}
