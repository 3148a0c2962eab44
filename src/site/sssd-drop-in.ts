/** Our drop-in of SSSD: whom it records, and the domain that lets it serve local users. */
import { listOf, parseIni } from "./ini.ts";
import { isNobody, nobody, type Scope } from "./scope.ts";

export const sssdFolder = "/etc/sssd/conf.d";
/** Drop-ins are read in the order of their names, and the last one decides; one of another package begins with "sssd". */
export const sssdDropIn = `${sssdFolder}/zz-rec-session.conf`;
export const localDomain = "rec-session-local";

/** What the rest of SSSD's configuration leaves to us. */
export interface Lack {
  /** No domain of the site serves local users. */
  readonly domain: boolean;
  /** Nobody says which responders run, and systemd does not start them when they are asked. */
  readonly services: boolean;
}

/** The whole file; the scope is somebody. */
export function formatSssdDropIn(scope: Scope, lack: Lack): string {
  return [
    "# Whom SSSD gives the recorder as login shell; see recctl(8). recctl enable and recctl disable",
    "# write this file. What the site wants beside it belongs in files of its own.",
    "",
    ...(lack.services ? servicesLines : []),
    ...scopeLines(scope),
    ...(lack.domain ? domainLines : []),
  ].join("\n");
}

const servicesLines = [
  "[sssd]",
  "# nss gives the recorder out as the shell, pam tells the recorder the real shell.",
  "services = nss, pam",
  "",
];

function scopeLines({ isAll, users, groups, excludedUsers, excludedGroups }: Scope): string[] {
  const list = (key: string, names: readonly string[]): string[] =>
    names.length === 0 ? [] : [`${key} = ${names.join(", ")}`];
  const names = isAll
    ? [...list("exclude_users", excludedUsers), ...list("exclude_groups", excludedGroups)]
    : [...list("users", users), ...list("groups", groups)];
  return [
    "[session_recording]",
    "# The shell is compiled into SSSD: /usr/bin/tlog-rec-session. Groups cost a look at all groups",
    "# of a user whenever he is looked up; users cost nothing.",
    `scope = ${isAll ? "all" : "some"}`,
    ...names,
    "",
  ];
}

const domainLines = [
  `[domain/${localDomain}]`,
  "# SSSD changes only the shell of users that it serves: this lets it serve those of /etc/passwd.",
  "# Enabled here and not in a list of domains, which would take the place of the site's own list.",
  "enabled = true",
  "id_provider = proxy",
  "proxy_lib_name = files",
  "# Passwords stay with pam_unix, and who may log in stays with the rest of the PAM stack.",
  "auth_provider = none",
  "chpass_provider = none",
  "access_provider = permit",
  "# pam_unix takes anything but x for the password itself, and no password would be right. Here and",
  "# not in [nss]: users of other domains have no line in /etc/shadow. (sssctl config-check of SSSD 2.8",
  "# does not know the option in a domain; its manual page and SSSD itself do.)",
  "pwfield = x",
  "# A changed passwd line counts after so many seconds; SSSD would go by its cache for 90 minutes.",
  "entry_cache_timeout = 60",
  "",
];

/** Nobody where there is no such file. */
export function parseSssdDropIn(text: string | undefined): Scope {
  return scopeOfSection(parseIni(text ?? "").get("session_recording"));
}

/** Whom the section [session_recording] of any file of SSSD's means. */
export function scopeOfSection(section: ReadonlyMap<string, string> | undefined): Scope {
  const names = (key: string): string[] => listOf(section?.get(key)).sort();
  switch (section?.get("scope")) {
    case "all":
      return {
        ...nobody,
        isAll: true,
        excludedUsers: names("exclude_users"),
        excludedGroups: names("exclude_groups"),
      };
    case "some":
      return { ...nobody, users: names("users"), groups: names("groups") };
    default:
      return nobody;
  }
}

/** The drop-in's text for a scope; undefined where none is needed. */
export function sssdDropInFor(scope: Scope, lack: Lack): string | undefined {
  return isNobody(scope) ? undefined : formatSssdDropIn(scope, lack);
}
