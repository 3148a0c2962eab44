/** Whether journald's limits hold what was recorded in the last day. */

import type { Host } from "../host.ts";
import { journaldSettings, parseSize, parseSpan, settingCommand } from "../journald-configuration.ts";
import { recordingsNamespace } from "../own-journal.ts";
import { type Finding, orUnseen, warning, well } from "./finding.ts";

/** What recorders sent to the journal in the last day. */
export interface JournalLoad {
  /** Entries by the unit that sent them and by the second, "unit second": journald limits units. */
  readonly entriesBySecond: ReadonlyMap<string, number>;
  readonly bytes: number;
  /** No more entries were looked at: the figures are from below. */
  readonly isCut: boolean;
}

/** journald.conf(5), "RateLimitIntervalSec="; with much free space it admits some times more. */
const defaultIntervalSeconds = 30;
const defaultBurst = 10_000;
/** journald.conf(5), "SystemMaxUse=": a tenth of the file system, but no more than this. */
const defaultMaxBytes = 4 * 2 ** 30;
/** A recording that nobody has looked at within a week is lost with less. */
const wantedDays = 7;

export async function journalLoadFindings(host: Host, load: JournalLoad): Promise<Finding[]> {
  return await orUnseen("journald's limits", async () => {
    const namespace = recordingsNamespace(host);
    const settings = journaldSettings(host, namespace);
    const set = (key: string, value: string): string => settingCommand(host, namespace, key, value);
    return [rateFinding(settings, load, set), sizeFinding(settings, load, set)];
  });
}

/** The command that makes it so. */
type Setting = (key: string, value: string) => string;

function rateFinding(
  settings: ReadonlyMap<string, string>,
  { entriesBySecond, isCut }: JournalLoad,
  set: Setting,
): Finding {
  const interval = parseSpan(settings.get("RateLimitIntervalSec")) ?? defaultIntervalSeconds;
  const burst = Number(settings.get("RateLimitBurst") ?? defaultBurst);
  if (interval === 0 || burst === 0) return well("journald limits nobody's rate");
  const peak = busiest(entriesBySecond, interval);
  const limit = `journald admits ${burst} entries in ${interval} s of a unit`;
  const cut = isCut ? " (only the newest were counted)" : "";
  if (peak < burst / 2) return well(`${limit}; the busiest recorded session of the last day sent ${peak}${cut}`);
  const what =
    peak < burst
      ? `a recorded session of the last day came near the limit with ${peak}`
      : `a recorded session of the last day sent ${peak}, and what is beyond is dropped where the disk has little free space`;
  return warning(`${limit}: ${what}${cut}`, set("RateLimitBurst", String(10 * Math.max(peak, burst))));
}

/** The most entries that one unit sent within so many seconds. */
function busiest(entriesBySecond: ReadonlyMap<string, number>, seconds: number): number {
  const units = new Map<string, Map<number, number>>();
  for (const [key, count] of entriesBySecond) {
    const at = key.lastIndexOf(" ");
    const unit = key.slice(0, at);
    // A window of journald's begins with its first entry; two halves of ours may be one of its.
    const window = Math.floor(Number(key.slice(at + 1)) / seconds);
    const counts = units.get(unit) ?? new Map<number, number>();
    units.set(unit, counts.set(window, (counts.get(window) ?? 0) + count));
  }
  let most = 0;
  for (const counts of units.values()) for (const count of counts.values()) most = Math.max(most, count);
  return most;
}

function sizeFinding(settings: ReadonlyMap<string, string>, { bytes, isCut }: JournalLoad, set: Setting): Finding {
  const max = parseSize(settings.get("SystemMaxUse")) ?? defaultMaxBytes;
  const days = bytes === 0 ? Number.POSITIVE_INFINITY : max / bytes;
  const limit = `the journal may grow to ${megabytes(max)}${settings.has("SystemMaxUse") ? "" : " or a tenth of its file system"}`;
  const day = `recordings of the last day are ${isCut ? "more than " : ""}${megabytes(bytes)}`;
  if (days >= wantedDays) return well(`${limit}; ${day}`);
  const what = `${limit}, but ${day}: after ${Math.max(1, Math.floor(days))} such days the oldest are deleted`;
  return warning(what, set("SystemMaxUse", `${Math.ceil((bytes * 30) / 2 ** 30)}G`));
}

function megabytes(bytes: number): string {
  return bytes < 10 * 2 ** 20 ? `${(bytes / 2 ** 20).toFixed(1)} MiB` : `${Math.round(bytes / 2 ** 20)} MiB`;
}
