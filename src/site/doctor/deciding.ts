/** What decides who is recorded: what recctl enable set up, and what the site itself says to SSSD. */
import { RecError } from "../../errors.ts";
import { shellWord } from "../../shell-word.ts";
import type { Host } from "../host.ts";
import { nsswitchFile } from "../nsswitch.ts";
import { describe, isNobody, type Scope, type Scopes } from "../scope.ts";
import { methods } from "../set-up.ts";
import { type OtherScope, readSssdConfiguration } from "../sssd-configuration.ts";
import { type Cure, decide, type Finding, problem, unseen, well } from "./finding.ts";
import { lineOf } from "./line.ts";

export interface Deciding {
  /** By method; undefined where we may not know. */
  readonly scopes: Scopes;
  /** A site that was recorded before recctl came, as by tlog, goes on by its own files. */
  readonly site: OtherScope | undefined;
}

export function readDeciding(host: Host): Deciding {
  const scopes = new Map<string, Scope | undefined>();
  for (const { name, scope } of methods)
    scopes.set(
      name,
      ifSeen(() => scope(host)),
    );
  const site = ifSeen(() => readSssdConfiguration(host).otherScope);
  return { scopes, site: site === undefined || isNobody(site.whom) ? undefined : site };
}

function ifSeen<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (!(error instanceof RecError)) throw error;
    return undefined;
  }
}

/** Whether a method records somebody, or may. */
export function isUsed({ scopes, site }: Deciding, name: string): boolean {
  const scope = scopes.get(name);
  return scope === undefined || !isNobody(scope) || (name === "sssd" && site !== undefined);
}

/** Whether anybody is recorded, where no user is named. */
export function decidingFindings({ scopes, site }: Deciding): Finding[] {
  const hidden = [...scopes].filter(([, scope]) => scope === undefined).map(([name]) => name);
  if (hidden.length > 0) return [unseen(`whom the method ${hidden.join(", ")} records only root may see`)];
  const isAnyone = [...scopes.values()].some((scope) => scope !== undefined && !isNobody(scope));
  if (site !== undefined) return [bySite(site, isAnyone)];
  if (!isAnyone) return [problem("nobody is recorded: no method is set up", whom)];
  return [well("somebody is recorded: recctl status tells who")];
}

const whom = decide("who is to be recorded", "that is the site's to say: recctl enable with --user, --group or --all");

function bySite({ file, whom }: OtherScope, isBeside: boolean): Finding {
  const sentence = `SSSD records ${describe(whom)}, by the site's own ${file}`;
  return well(isBeside ? `${sentence}; recctl status tells who else is recorded` : sentence);
}

/** The command that sets up again what records, and leaves who is recorded as it is; undefined where recctl records nobody. */
export function enablingAgain({ scopes }: Deciding, wanted?: string): string | undefined {
  for (const [method, scope] of scopes) {
    if (scope === undefined || isNobody(scope) || (wanted !== undefined && method !== wanted)) continue;
    const [user] = scope.users;
    const subject = scope.isAll
      ? "--all"
      : user === undefined
        ? `--group ${shellWord(scope.groups[0] ?? "")}`
        : `--user ${shellWord(user)}`;
    return `recctl enable ${subject} --method ${method}`;
  }
  return undefined;
}

/** As Debian installs it. */
const installed = "/usr/share/libc-bin/nsswitch.conf";
/** Puts sss first where recctl did not, and does not, for want of an own scope. */
const sssFirst = `sed -Ei '/^(passwd|group):/{s/[[:space:]]sss\\b//;s/:[[:space:]]*/&sss /}' ${nsswitchFile}`;

export function nsswitchCure(host: Host, deciding: Deciding): Cure {
  if (host.isLink(nsswitchFile)) {
    return decide(
      nsswitchFile,
      "it is a link, which another program makes, as authselect(8): let that put sss first in passwd and group",
    );
  }
  const text = host.text(nsswitchFile);
  const own = enablingAgain(deciding, "sssd");
  if (text === undefined) {
    const restore =
      host.details(installed) === undefined
        ? `printf 'passwd: files\\ngroup: files\\n' > ${nsswitchFile}`
        : `cp ${installed} ${nsswitchFile}`;
    return `${restore} && ${own ?? sssFirst}`;
  }
  const line = lineOf(host, nsswitchFile, /^\s*(passwd|group)\s*:.*\S\s+sss\s*\[/);
  if (line !== undefined) {
    return decide(
      `${nsswitchFile}:${line.number}`,
      "what its action after sss means in front nobody can tell: put sss first there",
    );
  }
  return own ?? sssFirst;
}
