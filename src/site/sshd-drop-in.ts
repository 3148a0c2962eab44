/** Our drop-in of sshd: whose sessions run the recorder whatever they ask for. */
import { listOf } from "./ini.ts";
import { isNobody, nobody, type Scope } from "./scope.ts";

export const sshdDropIn = "/etc/ssh/sshd_config.d/rec-session.conf";
export const forcedCommand = "/usr/bin/rec-session --ssh-command";

/** The whole file; undefined where none is needed. */
export function formatSshdDropIn(scope: Scope): string | undefined {
  if (isNobody(scope)) return undefined;
  const matches = scope.isAll
    ? [exceptions(scope)]
    : [
        ...(scope.users.length === 0 ? [] : [`User ${scope.users.join(",")}`]),
        ...(scope.groups.length === 0 ? [] : [`Group ${scope.groups.join(",")}`]),
      ];
  return [
    "# Whose sessions sshd records; see recctl(8). recctl enable and recctl disable write this file.",
    "# Shells, commands and sftp all become the recorder, which runs what was asked for. sshd starts it",
    "# by the user's own shell: what his ~/.bashrc or ~/.zshenv does comes before it, and is not recorded.",
    ...matches.flatMap((match) => [
      "",
      `Match ${match}`,
      `    ForceCommand ${forcedCommand}`,
      "    # ~/.ssh/rc would run outside of the recording.",
      "    PermitUserRC no",
    ]),
    "",
  ].join("\n");
}

function exceptions({ excludedUsers, excludedGroups }: Scope): string {
  const but = (names: readonly string[]): string => ["*", ...names.map((name) => `!${name}`)].join(",");
  const user = `User ${but(excludedUsers)}`;
  return excludedGroups.length === 0 ? user : `${user} Group ${but(excludedGroups)}`;
}

/** Nobody where there is no such file. */
export function parseSshdDropIn(text: string | undefined): Scope {
  let scope = nobody;
  for (const line of (text ?? "").split("\n")) {
    const match = /^Match (.*)$/.exec(line)?.[1];
    if (match === undefined) continue;
    const users = listOf(/\bUser (\S+)/.exec(match)?.[1]);
    const groups = listOf(/\bGroup (\S+)/.exec(match)?.[1]);
    if (users.includes("*"))
      return { ...nobody, isAll: true, excludedUsers: denied(users), excludedGroups: denied(groups) };
    scope = { ...scope, users: [...scope.users, ...users], groups: [...scope.groups, ...groups] };
  }
  return scope;
}

function denied(patterns: readonly string[]): string[] {
  return patterns.filter((pattern) => pattern.startsWith("!")).map((pattern) => pattern.slice(1));
}
