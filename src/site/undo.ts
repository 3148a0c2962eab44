/** What takes a change of the set-up back: kept on disk while it is made, so that it outlives a kill or a power cut. */
import { chmodSync, lchownSync, rmSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { RecError, systemReason } from "../errors.ts";
import { accountNamed } from "./account.ts";
import { type Change, type FileChange, type Service, writeWhole, writing } from "./change.ts";
import { failureOf, type Host } from "./host.ts";
import { type ServiceState, serviceState, takeService } from "./service.ts";

/** There only while a change is made; what it tells may be secret, as the files are. */
export const undoFile = "/var/lib/rec-session/undo.json";

interface FormerFile {
  readonly path: string;
  /** base64; null where there was no file. */
  readonly content: string | null;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

export interface Undo {
  /** The words after recctl of the call that makes the change; an older version wrote none. */
  readonly call?: readonly string[];
  readonly files: readonly FormerFile[];
  readonly links: readonly string[];
  readonly logins: readonly { readonly user: string; readonly shell: string }[];
  readonly services: readonly { readonly service: Service; readonly state: ServiceState }[];
}

/** Writes down how everything is that the change touches. */
export async function remember(host: Host, change: Change, call: readonly string[]): Promise<Undo> {
  const services = change.services.map(async (service) => ({ service, state: await serviceState(host, service) }));
  const undo: Undo = {
    call,
    files: change.files.map((file) => formerFile(host, file)),
    links: change.links.filter(({ path }) => !host.isLink(path)).map(({ path }) => path),
    logins: change.logins.map(({ user, from }) => ({ user, shell: from })),
    services: await Promise.all(services),
  };
  writeWhole(host, { path: undoFile, content: Buffer.from(JSON.stringify(undo)), mode: 0o600 });
  return undo;
}

function formerFile(host: Host, { path }: Pick<FileChange, "path">): FormerFile {
  const content = host.bytes(path);
  const details = host.details(path);
  if (content === undefined || details === undefined) return { path, content: null, mode: 0o600, uid: 0, gid: 0 };
  const { mode, uid, gid } = details;
  return { path, content: content.toString("base64"), mode: mode & 0o7777, uid, gid };
}

/** Nothing can or need be taken back any more. */
export function forget(host: Host): void {
  writeWhole(host, { path: undoFile, content: null, mode: 0o600 });
}

/** Takes back what a call that was killed had begun; whether there was such a thing. Throws REC_SITE_NOT_UNDONE. */
export async function takeBackInterrupted(host: Host): Promise<boolean> {
  const undo = interruptedUndo(host);
  if (undo === undefined) return false;
  await takeBack(host, undo);
  return true;
}

/** The words after recctl of the call that was killed; undefined where nothing tells them. Throws REC_SITE_NOT_UNDONE, REC_FILE_READ. */
export function interruptedCall(host: Host): readonly string[] | undefined {
  return interruptedUndo(host)?.call;
}

function interruptedUndo(host: Host): Undo | undefined {
  const text = host.bytes(undoFile)?.toString();
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as Undo;
  } catch (error) {
    throw new RecError("REC_SITE_NOT_UNDONE", { why: `${undoFile} is broken` }, error);
  }
}

/**
 * Also what was only half done; doing it twice does no harm. What fails keeps nothing else from being taken back, and is told after all.
 * `since`: why, where it is no earlier call's. Throws REC_SITE_NOT_UNDONE.
 */
export async function takeBack(host: Host, undo: Undo, since?: unknown): Promise<void> {
  const failures: unknown[] = [];
  for (const step of stepsBack(host, undo)) {
    try {
      await step();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length === 0) return forget(host);
  const because = since === undefined ? "" : `; it was to be taken back because of this: ${reason(since)}`;
  throw new RecError("REC_SITE_NOT_UNDONE", { why: `${failures.map(reason).join("; ")}${because}` }, failures[0]);
}

/** Daemons come last: they read what the other steps wrote. */
function stepsBack(host: Host, { files, links, logins, services }: Undo): (() => void | Promise<void>)[] {
  return [
    ...files.map((file) => () => restoreFile(host, file)),
    ...logins.map(({ user, shell }) => async () => {
      if ((await accountNamed(host, user, "files"))?.shell !== shell) await setShell(host, user, shell);
    }),
    ...links.map((path) => () => writing(path, () => rmSync(host.place(path), { force: true }))),
    ...services.map(
      ({ service, state }) =>
        async () =>
          await takeService(host, service, state),
    ),
  ];
}

function reason(error: unknown): string {
  return error instanceof RecError ? error.message : systemReason(error);
}

function restoreFile(host: Host, former: FormerFile): void {
  // Where nothing can be written (a full disk, a read-only one) nothing was: that is no failure.
  if (isDeepStrictEqual(formerFile(host, former), former)) return;
  const { path, content, mode, uid, gid } = former;
  writeWhole(host, { path, content: content === null ? null : Buffer.from(content, "base64"), mode });
  if (content === null) return;
  writing(path, () => {
    lchownSync(host.place(path), uid, gid);
    chmodSync(host.place(path), mode);
  });
}

/** By usermod, which keeps the lock of the passwd file. Throws REC_SITE_STEP. */
export async function setShell(host: Host, user: string, shell: string): Promise<void> {
  const outcome = await host.run("usermod", "--shell", shell, "--", user);
  if (outcome.status === 0) return;
  throw new RecError("REC_SITE_STEP", {
    what: `change the login shell of ${user}`,
    why: failureOf("usermod", outcome),
  });
}
