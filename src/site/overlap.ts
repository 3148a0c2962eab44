/** Whom two methods would both record, as the host's groups are now. */
import { groupsOf, membersOf } from "./account.ts";
import type { Host } from "./host.ts";
import { describe, isNobody, reasonRecorded, type Scope } from "./scope.ts";

/** In words, and the option of `recctl disable` that ends it for the first of the two. */
export interface Overlap {
  readonly who: string;
  readonly option: string;
}

/**
 * Whom `theirs` records and `wanted` would too; undefined where there is nobody. Of two groups the members that they name
 * themselves are compared: who has one as his primary group is not seen.
 */
export async function overlapOf(host: Host, theirs: Scope, wanted: Scope): Promise<Overlap | undefined> {
  if (isNobody(theirs) || isNobody(wanted)) return undefined;
  if (theirs.isAll || wanted.isAll) return { who: describe(theirs), option: "--all" };
  for (const user of theirs.users) {
    if (await isMeant(host, wanted, user)) return { who: user, option: `--user ${user}` };
  }
  for (const user of theirs.groups.length === 0 ? [] : wanted.users) {
    const group = (await groupsOf(host, user)).find((name) => theirs.groups.includes(name));
    if (group !== undefined) return { who: `${user}, in the group ${group},`, option: `--group ${group}` };
  }
  const members = new Set<string>();
  for (const group of theirs.groups.length === 0 ? [] : wanted.groups) {
    for (const member of (await membersOf(host, group)) ?? []) members.add(member);
  }
  for (const group of theirs.groups) {
    const option = `--group ${group}`;
    if (wanted.groups.includes(group)) return { who: `the group ${group}`, option };
    const member = ((await membersOf(host, group)) ?? []).find((name) => members.has(name));
    if (member !== undefined) return { who: `${member}, in the group ${group},`, option };
  }
  return undefined;
}

/** A process for each user is spared where groups do not count. */
async function isMeant(host: Host, scope: Scope, user: string): Promise<boolean> {
  return reasonRecorded(scope, user, scope.groups.length === 0 ? [] : await groupsOf(host, user)) !== "";
}
