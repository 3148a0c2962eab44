/** Whether what journald takes survives a reboot. */
import type { Host } from "../host.ts";
import { journaldSettings, settingCommand } from "../journald-configuration.ts";
import { recordingsNamespace } from "../own-journal.ts";
import { type Finding, orUnseen, problem, well } from "./finding.ts";

const folder = "/var/log/journal";
const toDisk = "mkdir -p /var/log/journal && systemd-tmpfiles --create --prefix /var/log/journal && journalctl --flush";

export async function journaldFindings(host: Host): Promise<Finding[]> {
  return await orUnseen("journald's configuration", () => {
    const namespace = recordingsNamespace(host);
    const storage = journaldSettings(host, namespace).get("Storage") ?? "auto";
    const set = settingCommand(host, namespace, "Storage", "persistent");
    if (storage === "none") return [problem("journald keeps nothing (Storage=none)", set)];
    if (storage === "volatile") return [problem("journald keeps everything in memory only (Storage=volatile)", set)];
    if (storage === "persistent" || host.details(folder) !== undefined)
      return [well(`the journal is kept on disk, in ${folder}`)];
    return [problem(`the journal is lost at the next reboot: there is no ${folder}`, toDisk)];
  });
}
