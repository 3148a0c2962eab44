/** Everything that the doctor looks at on the host, in the order in which a login comes along it. */
import type { Host } from "../host.ts";
import { isOurs } from "../recording-shell.ts";
import { isNobody, type Scope, type Scopes } from "../scope.ts";
import { methods } from "../set-up.ts";
import { undoFile } from "../undo.ts";
import { accountFindings } from "./account.ts";
import { clockFindings } from "./clock.ts";
import { configurationFindings } from "./configuration.ts";
import { type Finding, problem, unseen, well } from "./finding.ts";
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
  const scopes = readScopes(host);
  const isUsed = (name: string): boolean => {
    const scope = scopes.get(name);
    return scope === undefined || !isNobody(scope);
  };
  return [
    ...interrupted(host),
    ...(user === undefined ? scopeFindings(scopes) : await accountFindings(host, user, scopes)),
    ...(isUsed("sssd") ? await viaSssd(host) : []),
    ...(await sshdFindings(host, user, scopes)),
    ...(await launcherFindings(host)),
    ...(await witnessFindings(host)),
    ...(await configured(host, isUsed, read)),
    ...(await ownJournalFindings(host)),
    ...(await journaldFindings(host)),
    ...(await clockFindings(host)),
    ...(await folderFindings(host)),
  ];
}

async function viaSssd(host: Host): Promise<Finding[]> {
  return [
    ...nsswitchFindings(host),
    ...(await sssdFindings(host)),
    ...(await shellFindings(host)),
    ...(await pamFindings(host)),
  ];
}

/** By SSSD the recorder has tlog's name, and may be tlog's own, whose configuration is no matter of ours. */
async function configured(
  host: Host,
  isUsed: (method: string) => boolean,
  read: ReadConfiguration,
): Promise<Finding[]> {
  const recorders: RecorderName[] = [];
  if (isUsed("sssd") && (await isOurs(host))) recorders.push("tlog-rec-session");
  if (isUsed("shell") || isUsed("forcecommand") || !isUsed("sssd")) recorders.push("rec-session");
  const found: Finding[] = [];
  for (const recorder of recorders) found.push(...(await configurationFindings(host, () => read(recorder))));
  // Both may read one file.
  return found.filter((one, at) => found.findIndex(({ sentence }) => sentence === one.sentence) === at);
}

function readScopes(host: Host): Scopes {
  const scopes = new Map<string, Scope | undefined>();
  for (const { name, scope } of methods) {
    try {
      scopes.set(name, scope(host));
    } catch {
      scopes.set(name, undefined);
    }
  }
  return scopes;
}

function scopeFindings(scopes: Scopes): Finding[] {
  const hidden = [...scopes].filter(([, scope]) => scope === undefined).map(([name]) => name);
  const isAnyone = [...scopes.values()].some((scope) => scope !== undefined && !isNobody(scope));
  if (hidden.length > 0) return [unseen(`whom the method ${hidden.join(", ")} records only root may see`)];
  if (!isAnyone) return [problem("nobody is recorded: no method is set up", "recctl enable --user NAME")];
  return [well("somebody is recorded: recctl status tells who")];
}

function interrupted(host: Host): Finding[] {
  if (host.details(undoFile) === undefined) return [];
  const cure = "call recctl enable or recctl disable again as it was: it takes back first what was begun";
  return [problem("a call of recctl enable or recctl disable was killed half way", cure)];
}
