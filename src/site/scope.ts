/** Whom a method records: everyone but some, or some. */

export interface Scope {
  readonly isAll: boolean;
  /** Of no meaning where everyone is recorded. */
  readonly users: readonly string[];
  readonly groups: readonly string[];
  /** Of no meaning where only some are recorded. */
  readonly excludedUsers: readonly string[];
  readonly excludedGroups: readonly string[];
}

/** Whom each method records, by its name; undefined where we may not know. */
export type Scopes = ReadonlyMap<string, Scope | undefined>;

export const nobody: Scope = { isAll: false, users: [], groups: [], excludedUsers: [], excludedGroups: [] };

/** The scope with those of `wanted` recorded too: enabling adds up. Who is wanted by name is not excluded any longer. */
export function widened(scope: Scope, wanted: Scope): Scope {
  if (scope.isAll || wanted.isAll) {
    return {
      ...nobody,
      isAll: true,
      excludedUsers: union(without(scope.excludedUsers, wanted.users), wanted.excludedUsers),
      excludedGroups: union(without(scope.excludedGroups, wanted.groups), wanted.excludedGroups),
    };
  }
  return { ...nobody, users: union(scope.users, wanted.users), groups: union(scope.groups, wanted.groups) };
}

/** The scope without those of `unwanted`; where everyone is recorded they become exceptions. */
export function narrowed(scope: Scope, unwanted: Scope): Scope {
  if (unwanted.isAll) return nobody;
  if (scope.isAll) {
    return {
      ...scope,
      excludedUsers: union(scope.excludedUsers, unwanted.users),
      excludedGroups: union(scope.excludedGroups, unwanted.groups),
    };
  }
  return { ...nobody, users: without(scope.users, unwanted.users), groups: without(scope.groups, unwanted.groups) };
}

export function isNobody({ isAll, users, groups }: Scope): boolean {
  return !isAll && users.length === 0 && groups.length === 0;
}

export function isSame(one: Scope, other: Scope): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** By the names alone: "" says no, else the words for it. `groups`: those the user is in. */
export function reasonRecorded(scope: Scope, user: string, groups: readonly string[]): string {
  if (scope.isAll) {
    const isExcluded =
      scope.excludedUsers.includes(user) || groups.some((group) => scope.excludedGroups.includes(group));
    return isExcluded ? "" : "everyone is";
  }
  if (scope.users.includes(user)) return "named";
  const group = groups.find((name) => scope.groups.includes(name));
  return group === undefined ? "" : `in the group ${group}`;
}

/** In words that follow "records". */
export function describe({ isAll, users, groups, excludedUsers, excludedGroups }: Scope): string {
  const named = (noun: string, names: readonly string[]): string[] =>
    names.length === 0 ? [] : [`the ${noun}${names.length === 1 ? "" : "s"} ${names.join(", ")}`];
  if (!isAll) return [...named("user", users), ...named("group", groups)].join(" and ") || "nobody";
  const but = [...named("user", excludedUsers), ...named("group", excludedGroups)].join(" and ");
  return but === "" ? "everyone" : `everyone but ${but}`;
}

/** Sorted, each once, so that the same scope is the same text. */
function union(some: readonly string[], others: readonly string[]): string[] {
  return [...new Set([...some, ...others])].sort();
}

function without(some: readonly string[], others: readonly string[]): string[] {
  return some.filter((name) => !others.includes(name));
}
