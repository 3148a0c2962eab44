/** Who is recorded, by which method: enables and disables, one call at a time. */
import { RecError } from "../errors.ts";
import { accountNamed, membersOf } from "./account.ts";
import { carryOut, type Wanted } from "./carry-out.ts";
import { type Change, isEmpty, pending, together, unchanged, unlessEmpty } from "./change.ts";
import type { Host } from "./host.ts";
import { locked } from "./lock.ts";
import type { Method, MethodName } from "./method.ts";
import { methodForcecommand } from "./method-forcecommand.ts";
import { methodShell } from "./method-shell.ts";
import { methodSssd } from "./method-sssd.ts";
import { overlapOf } from "./overlap.ts";
import { ownJournalFault } from "./own-journal.ts";
import { ownJournalStep } from "./own-journal-step.ts";
import type { Fault } from "./recording-shell.ts";
import { describe, isNobody, isSame, narrowed, type Scope, widened } from "./scope.ts";
import { sshdComplaint } from "./sshd.ts";
import { takeBackInterrupted } from "./undo.ts";
import { userRcCaution, userRcChange } from "./user-rc.ts";

export const methods: readonly Method[] = [methodSssd, methodShell, methodForcecommand];

export interface SetUp {
  readonly host: Host;
  /** The words after recctl of the call that asks for it. */
  readonly call: readonly string[];
  /** Shows the change and makes none. */
  readonly isDry: boolean;
  /** For people, a sentence each. */
  readonly tell: (sentence: string) => void;
  /** The change, where it is only shown. */
  readonly show: (change: Change) => Promise<void>;
}

/** Throws REC_SITE_*, REC_FILE_*. */
export async function enable(
  setUp: SetUp,
  wanted: Scope,
  named: MethodName | undefined,
  wantsOwnJournal = false,
): Promise<void> {
  await alone(setUp, async () => {
    const { host, isDry, tell } = setUp;
    await checkNames(host, wanted);
    const method = named === undefined ? await chosen(setUp, wanted) : methodNamed(named);
    const fault = (await method.fault(host, wanted)) ?? (wantsOwnJournal ? await ownJournalFault(host) : undefined);
    if (fault !== undefined) throw refused("enable recording", fault);
    await refuseTwice(host, method, wanted);
    const from = method.scope(host);
    const to = widened(from, wanted);
    await make(setUp, { method, what: "enable recording", from, to, wantsOwnJournal });
    const cautions = [
      isSame(from, to) ? undefined : method.caution(host, to),
      isDry ? undefined : await userRcCaution(host),
    ];
    for (const caution of cautions) if (caution !== undefined) tell(`note: ${caution}`);
  });
}

/** By one method, or by all that record any of those. Throws REC_SITE_*, REC_FILE_*. */
export async function disable(setUp: SetUp, unwanted: Scope, named: MethodName | undefined): Promise<void> {
  await alone(setUp, async () => {
    const { host, tell } = setUp;
    const concerned = (named === undefined ? methods : [methodNamed(named)]).filter((method) => {
      const from = method.scope(host);
      return !isSame(from, narrowed(from, unwanted));
    });
    for (const method of concerned) {
      const from = method.scope(host);
      await make(setUp, { method, what: "disable recording", from, to: narrowed(from, unwanted) });
    }
    if (concerned.length > 0) return;
    tell(`nothing to do: ${unwanted.isAll ? "nobody is recorded" : "nobody of those is recorded by name"}`);
  });
}

/** Recordings of all who are recorded go to a journal of their own, or to the system's again. Throws REC_SITE_*, REC_FILE_*. */
export async function useOwnJournal(setUp: SetUp, isWanted: boolean): Promise<void> {
  await alone(setUp, async () => {
    const { host, isDry, tell, show } = setUp;
    const what = isWanted ? "give recordings a journal of their own" : "take back the recordings' own journal";
    const isAnyone = methods.some(({ scope }) => !isNobody(scope(host)));
    const fault = !isWanted
      ? undefined
      : isAnyone
        ? await ownJournalFault(host)
        : { why: "nobody is recorded", cure: "say who is to be: recctl enable --user NAME --own-journal" };
    if (fault !== undefined) throw refused(what, fault);
    const { change, isActive, works, told } = await ownJournalStep(host, isWanted, false);
    if (isDry) return await show(change);
    const state = { isActive, isEnabled: false };
    const checks = { works, valid: async () => undefined };
    if (change.services.length > 0) await carryOut(setUp, what, change, () => state, checks);
    tell(told ?? "nothing to do: recordings have no journal of their own");
  });
}

function methodNamed(name: MethodName): Method {
  return methods.find((method) => method.name === name) as Method;
}

async function alone({ host, isDry, tell }: SetUp, action: () => Promise<void>): Promise<void> {
  // What is only shown needs no lock, and leaves what another call has begun.
  if (isDry) return await action();
  await locked(host, async () => {
    if (await takeBackInterrupted(host)) tell("an earlier call was interrupted: what it had begun is taken back");
    await action();
  });
}

interface Making {
  readonly method: Method;
  readonly what: string;
  readonly from: Scope;
  readonly to: Scope;
  readonly wantsOwnJournal?: boolean;
}

async function make(setUp: SetUp, { method, what, from, to, wantsOwnJournal = false }: Making): Promise<void> {
  const { host, isDry, tell, show } = setUp;
  const own = pending(host, await method.change(host, from, to));
  const isAnyone = methods.some((other) => !isNobody(other === method ? to : other.scope(host)));
  const userRc = unlessEmpty(pending(host, await userRcChange(host, isAnyone)));
  const journal = await ownJournalStep(host, wantsOwnJournal, isAnyone);
  if (isDry) return await show(together(journal.change, unlessEmpty(own), userRc));
  const { valid, works } = method.checks(host, from, to);
  const isSoAlready = isEmpty(own) && (await works(() => true)) === undefined;
  const change = together(journal.change, isSoAlready ? unchanged : own, userRc);
  if (!isSoAlready || !isEmpty(change) || change.services.length > 0) {
    const isSshdAsked = change.services.includes("sshd");
    const checks = {
      works: async (isStopped: () => boolean) => (await works(isStopped)) ?? (await journal.works()),
      valid: async () => (await valid()) ?? (isSshdAsked ? await sshdComplaint(host) : undefined),
    };
    const wanted = method.wanted(host, to);
    const state = { isActive: journal.isActive, isEnabled: false };
    const states: Wanted = (service) => (service === "own-journal" ? state : wanted(service));
    await carryOut(setUp, what, change, states, checks);
  }
  tell(`${method.name} ${isSoAlready ? "already records" : "records"} ${describe(to)}`);
  if (journal.told !== undefined) tell(journal.told);
}

/** SSSD where it is installed; else the login shells, where single users are meant. */
async function chosen({ host, tell }: SetUp, wanted: Scope): Promise<Method> {
  const lack = await methodSssd.fault(host, wanted);
  const already = methods.find((method) => {
    const from = method.scope(host);
    const isServed = method !== methodSssd || lack === undefined;
    return isServed && !isNobody(from) && isSame(from, widened(from, wanted));
  });
  if (already !== undefined) return already;
  if (lack === undefined) return methodSssd;
  if ((await methodShell.fault(host, wanted)) !== undefined) return methodSssd;
  tell(`${lack.why}: changing the login shell instead (method shell)`);
  return methodShell;
}

/** Two recorders, one in the other, would record the same session twice. */
async function refuseTwice(host: Host, method: Method, wanted: Scope): Promise<void> {
  for (const other of methods) {
    if (other === method) continue;
    const theirs = await within(host, method, other.scope(host));
    const overlap = await overlapOf(host, theirs, await within(host, other, wanted));
    if (overlap === undefined) continue;
    throw refused("enable recording", {
      why: `${overlap.who} is recorded by the method ${other.name} already`,
      cure: `run first: recctl disable --method ${other.name} ${overlap.option}`,
    });
  }
}

/** The scope without users whom that method passes over: who is recorded by another one does not have two. */
async function within(host: Host, method: Method, scope: Scope): Promise<Scope> {
  const users: string[] = [];
  for (const user of scope.users) if ((await method.passesOver?.(host, user)) !== true) users.push(user);
  return { ...scope, users };
}

async function checkNames(host: Host, { users, groups, excludedUsers, excludedGroups }: Scope): Promise<void> {
  for (const name of [...users, ...groups, ...excludedUsers, ...excludedGroups]) {
    if (isName(name)) continue;
    throw new RecError("REC_USAGE", { what: `${JSON.stringify(name)} is no name of a user or group` });
  }
  for (const user of [...users, ...excludedUsers]) {
    if ((await accountNamed(host, user)) === undefined) throw unknown("user", user);
  }
  for (const group of [...groups, ...excludedGroups]) {
    if ((await membersOf(host, group)) === undefined) throw unknown("group", group);
  }
}

/** What would be several names, or another line, in a configuration file is none. */
function isName(name: string): boolean {
  return /^[^\s,:#;=\-\p{Cc}]([^,:\p{Cc}]*[^\s,:\p{Cc}])?$/u.test(name);
}

function unknown(kind: "user" | "group", name: string): RecError {
  const database = kind === "user" ? "passwd" : "group";
  return refused("enable recording", {
    why: `there is no ${kind} ${name}`,
    cure: `see what 'getent ${database} ${name}' finds`,
  });
}

function refused(what: string, { why, cure }: Fault): RecError {
  return new RecError("REC_SITE_REFUSED", { what, why, cure });
}
