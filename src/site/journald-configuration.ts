/** journald's configuration, as systemd reads it: journald.conf(5). */
import { shellWord } from "../shell-word.ts";
import type { Host } from "./host.ts";

/** A file takes the place of one of the same name in a later folder. */
const folders = ["/etc/systemd", "/run/systemd", "/usr/lib/systemd"];

/** The main file of a journald, by its name; undefined for the system's. One of a namespace reads nothing of the system's. */
function fileOf(namespace: string | undefined): string {
  return namespace === undefined ? "journald.conf" : `journald@${namespace}.conf`;
}

/** The command that sets a key of [Journal], after whatever sets it now, and makes journald read it. */
export function settingCommand(host: Host, namespace: string | undefined, key: string, value: string): string {
  const folder = `/etc/systemd/${fileOf(namespace)}.d`;
  const unit = namespace === undefined ? "systemd-journald" : `systemd-journald@${namespace}`;
  const last = dropInsOf(host, namespace).at(-1)?.name ?? "";
  const usual = `zz-${key}.conf`;
  const name = last <= usual ? usual : last.replace(/\.conf$/, `_${key}.conf`);
  const write = `printf '[Journal]\\n${key}=${value}\\n' > ${folder}/${shellWord(name)}`;
  return `mkdir -p ${folder} && ${write} && systemctl restart ${unit}`;
}

/** The values of [Journal] that are set: the main file first, then drop-ins by name; an empty one is the default again. */
export function journaldSettings(host: Host, namespace: string | undefined): ReadonlyMap<string, string> {
  const settings = new Map<string, string>();
  const main = folders.map((folder) => `${folder}/${fileOf(namespace)}`);
  const first = main.find((path) => host.details(path) !== undefined);
  const inOrder = dropInsOf(host, namespace).map(({ path }) => path);
  for (const path of [...(first === undefined ? [] : [first]), ...inOrder]) {
    for (const line of (host.text(path) ?? "").split("\n")) {
      const [, key = "", value = ""] = /^\s*([A-Za-z]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
      if (key === "") continue;
      if (value === "") settings.delete(key);
      else settings.set(key, value);
    }
  }
  return settings;
}

/** In the order in which they are read. */
function dropInsOf(host: Host, namespace: string | undefined): { readonly name: string; readonly path: string }[] {
  const found = new Map<string, string>();
  for (const folder of folders.map((path) => `${path}/${fileOf(namespace)}.d`).reverse()) {
    for (const name of host.names(folder)) if (name.endsWith(".conf")) found.set(name, `${folder}/${name}`);
  }
  const inOrder = [...found].sort(([one], [other]) => (one < other ? -1 : 1));
  return inOrder.map(([name, path]) => ({ name, path }));
}

const units: ReadonlyMap<string, number> = new Map([..."KMGTPE"].map((unit, index) => [unit, 2 ** (10 * (index + 1))]));

/** "500M" in bytes; undefined for what is none. */
export function parseSize(text: string | undefined): number | undefined {
  const [, number = "", unit = ""] = /^([\d.]+)\s*([KMGTPE]?)B?$/.exec(text ?? "") ?? [];
  const bytes = Number(number) * (units.get(unit) ?? 1);
  return number === "" || Number.isNaN(bytes) ? undefined : bytes;
}

const seconds: ReadonlyMap<string, number> = new Map([
  ["", 1],
  ["s", 1],
  ["sec", 1],
  ["second", 1],
  ["seconds", 1],
  ["ms", 0.001],
  ["us", 1e-6],
  ["m", 60],
  ["min", 60],
  ["minutes", 60],
  ["minute", 60],
  ["h", 3600],
  ["hr", 3600],
  ["hour", 3600],
  ["hours", 3600],
  ["d", 86_400],
  ["day", 86_400],
  ["days", 86_400],
]);

/** "1min 30s" in seconds; undefined for what is none. systemd.time(7) */
export function parseSpan(text: string | undefined): number | undefined {
  const parts = [...(text ?? "").matchAll(/([\d.]+)\s*([a-z]*)\s*/g)];
  if (parts.map(([whole]) => whole).join("") !== (text ?? "") || parts.length === 0) return undefined;
  const values = parts.map(([, number, unit = ""]) => Number(number) * (seconds.get(unit) ?? Number.NaN));
  const sum = values.reduce((total, value) => total + value, 0);
  return Number.isNaN(sum) ? undefined : sum;
}
