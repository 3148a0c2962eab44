/** The daemons that a change of the set-up concerns. */
import { readdirSync, rmSync } from "node:fs";
import { RecError } from "../errors.ts";
import type { Service } from "./change.ts";
import { eventually } from "./eventually.ts";
import { failureOf, type Host } from "./host.ts";
import { ownJournalIll, ownJournalService, ownJournalSocket, ownJournalUnits } from "./own-journal.ts";
import { settingOf, sshdSettings } from "./sshd.ts";
import { localDomain } from "./sssd-drop-in.ts";

export interface ServiceState {
  readonly isActive: boolean;
  /** Whether systemd starts it at boot. */
  readonly isEnabled: boolean;
}

const units = { sssd: "sssd.service", "own-journal": ownJournalSocket } as const;
/** What systemd starts with sssd.service, or for it. */
const responderUnits = ["nss", "pam", "pam-priv", "ssh", "sudo", "autofs", "pac", "ifp"].flatMap((name) =>
  ["socket", "service"].map((kind) => `sssd-${name}.${kind}`),
);
/** ssh is Debian's name, sshd everyone else's. */
const sshdUnits = ["ssh.service", "sshd.service"] as const;

export async function serviceState(host: Host, service: Service): Promise<ServiceState> {
  const unit = service === "sshd" ? await sshdUnit(host) : units[service];
  return { isActive: await isActive(host, unit), isEnabled: await isEnabled(host, unit) };
}

export async function isActive(host: Host, unit: string): Promise<boolean> {
  return (await host.run("systemctl", "is-active", unit)).status === 0;
}

export async function isEnabled(host: Host, unit: string): Promise<boolean> {
  return (await host.run("systemctl", "is-enabled", unit)).status === 0;
}

async function sshdUnit(host: Host): Promise<string> {
  for (const unit of sshdUnits) if (await isActive(host, unit)) return unit;
  return sshdUnits[0];
}

/** Brings it into that state, with its configuration read anew. Throws REC_SITE_STEP. */
export async function takeService(host: Host, service: Service, state: ServiceState): Promise<void> {
  if (service === "own-journal") return await takeOwnJournal(host, state);
  if (service === "sshd") {
    const unit = await sshdUnit(host);
    // One that systemd starts for each connection reads its configuration each time.
    if (await isActive(host, unit)) await reloadSshd(host, unit);
    return;
  }
  const wasEnabled = await isEnabled(host, "sssd.service");
  if (state.isEnabled !== wasEnabled) await system(host, state.isEnabled ? "enable" : "disable", "sssd.service");
  await system(host, "stop", "sssd.service");
  await clearCaches(host);
  // Five starts within 50 s are all that its unit allows, within 10 s its sockets, and users may be enabled one by one. By name: a pattern
  // means those alone that are not at rest. One that this host does not have keeps none of the others from it.
  await host.run("systemctl", "reset-failed", "sssd.service", ...responderUnits);
  if (!state.isActive) return;
  await system(host, "start", "sssd.service");
}

/** One that is as it must be goes on: who writes to it at this moment would lose what he sent. */
async function takeOwnJournal(host: Host, { isActive: isWanted }: ServiceState): Promise<void> {
  await system(host, "daemon-reload");
  if (isWanted && (await ownJournalIll(host)) === undefined) return;
  await system(host, "stop", ...ownJournalUnits);
  await host.run("systemctl", "reset-failed", ...ownJournalUnits);
  // The service too: what it makes of its sockets shows when it runs.
  if (isWanted) await system(host, "start", ownJournalSocket, ownJournalService);
}

/** Returns when it listens again: for some milliseconds it does not, and whoever comes then is refused. */
async function reloadSshd(host: Host, unit: string): Promise<void> {
  // "none" is none.
  const pidFile = settingOf(await sshdSettings(host), "pidfile");
  const main = (await host.run("systemctl", "show", "--property=MainPID", "--value", unit)).stdout.trim();
  const written = (): string | undefined => {
    const details = pidFile?.startsWith("/") === true ? host.details(pidFile) : undefined;
    return details === undefined ? undefined : `${details.ino} ${details.ctimeMs}`;
  };
  const before = written();
  // sshd removes the file when it is told, and writes it when it listens; a file of another process says nothing.
  const isOfMain = before !== undefined && host.text(pidFile ?? "")?.trim() === main;
  await system(host, "reload", unit);
  if (!isOfMain) return;
  const ask = async (): Promise<string | undefined> =>
    [undefined, before].includes(written()) ? "it does not listen again" : undefined;
  const why = await eventually(ask, () => false);
  if (why !== undefined) throw new RecError("REC_SITE_STEP", { what: `reload ${unit}`, why });
}

/** What SSSD knew of users before: it keeps for minutes whether they are recorded, even for who asks while it is stopped. */
async function clearCaches(host: Host): Promise<void> {
  const remove = (folder: string, isMeant: (name: string) => boolean): void => {
    for (const name of names(host, folder)) if (isMeant(name)) rmSync(host.place(`${folder}/${name}`), { force: true });
  };
  remove("/var/lib/sss/mc", () => true);
  // Ours can be had again from /etc/passwd; those of other domains hold what is needed to log in without a network.
  remove("/var/lib/sss/db", (name) => name.endsWith(`_${localDomain}.ldb`));
  // Comes with sssd-tools, which need not be there.
  await host.run("sss_cache", "--everything");
}

function names(host: Host, folder: string): string[] {
  try {
    return readdirSync(host.place(folder));
  } catch {
    return [];
  }
}

async function system(host: Host, verb: string, ...units: readonly string[]): Promise<void> {
  const outcome = await host.run("systemctl", verb, ...units);
  if (outcome.status === 0) return;
  throw new RecError("REC_SITE_STEP", { what: [verb, ...units].join(" "), why: failureOf("systemctl", outcome) });
}
