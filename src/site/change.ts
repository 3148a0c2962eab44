/** A change of the host's set-up: files, login shells and services that belong together, made wholly or not at all. */
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { RecError, systemReason } from "../errors.ts";
import type { Host } from "./host.ts";

/** What a file is to be; null takes it away. */
export interface FileChange {
  readonly path: string;
  readonly content: Uint8Array | null;
  /** Of a new file; one that is there keeps its own, and its owner. */
  readonly mode: number;
}

export interface LoginChange {
  readonly user: string;
  readonly from: string;
  readonly to: string;
}

/** sssd is started, or stopped where its configuration is gone; sshd reads its configuration again; so does systemd, of our journal. */
export type Service = "sssd" | "sshd" | "own-journal";

export interface Change {
  readonly files: readonly FileChange[];
  readonly links: readonly { readonly path: string; readonly target: string }[];
  readonly logins: readonly LoginChange[];
  readonly services: readonly Service[];
}

/** Whole and on disk, or as it was: written beside it and renamed. Throws REC_FILE_WRITE. */
export function writeWhole(host: Host, { path, content, mode }: FileChange): void {
  const place = host.place(path);
  const folder = dirname(place);
  // No program that reads the folder takes a name with a dot in front for its own.
  const unfinished = join(folder, `.${basename(place)}.unfinished`);
  writing(path, () => {
    if (content === null) {
      rmSync(place, { force: true });
      if (isDropInOfUnit(path) && isEmptyFolder(folder)) rmdirSync(folder);
    } else {
      mkdirSync(folder, { recursive: true });
      const before = host.details(path);
      rmSync(unfinished, { force: true });
      try {
        writeDown(unfinished, content);
        if (before !== undefined) chownSync(unfinished, before.uid, before.gid);
        chmodSync(unfinished, before === undefined ? mode : before.mode & 0o7777);
        renameSync(unfinished, place);
      } catch (error) {
        rmSync(unfinished, { force: true });
        throw error;
      }
    }
    syncFolder(existsSync(folder) ? folder : dirname(folder));
  });
}

function writeDown(place: string, content: Uint8Array): void {
  const fd = openSync(place, "wx", 0o600);
  try {
    for (let at = 0; at < content.length; ) at += writeSync(fd, content, at);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Throws REC_FILE_WRITE for `path` where the system refuses what `act` does to it. */
export function writing(path: string, act: () => void): void {
  try {
    act();
  } catch (error) {
    if (error instanceof RecError) throw error;
    throw new RecError("REC_FILE_WRITE", { path, why: systemReason(error) }, error);
  }
}

/** Its folder is made for drop-ins alone, and by whoever has one; those of sshd and SSSD come with them. */
function isDropInOfUnit(path: string): boolean {
  return /^\/(etc|run)\/systemd\/.*\.d\/[^/]+$/.test(path);
}

function isEmptyFolder(folder: string): boolean {
  return existsSync(folder) && readdirSync(folder).length === 0;
}

function syncFolder(folder: string): void {
  const fd = openSync(folder, "r");
  fsyncSync(fd);
  closeSync(fd);
}

/** Only what is not so already. Throws REC_SITE_REFUSED for a link, which another program made: a file would take its place. */
export function pending(host: Host, change: Change): Change {
  const files = change.files.filter(({ path, content }) => {
    const there = host.bytes(path);
    return content === null ? there !== undefined : there === undefined || !there.equals(content);
  });
  const link = files.find(({ path }) => host.isLink(path));
  if (link !== undefined) {
    throw new RecError("REC_SITE_REFUSED", {
      what: `change ${link.path}`,
      why: "it is a link, and another program may make what it leads to",
      cure: "put the file itself in its place",
    });
  }
  return { ...change, files, logins: change.logins.filter(({ from, to }) => from !== to) };
}

export const unchanged: Change = { files: [], links: [], logins: [], services: [] };

/** All as one; each service is asked once. */
export function together(...changes: readonly Change[]): Change {
  return {
    files: changes.flatMap(({ files }) => files),
    links: changes.flatMap(({ links }) => links),
    logins: changes.flatMap(({ logins }) => logins),
    services: [...new Set(changes.flatMap(({ services }) => services))],
  };
}

/** What changes nothing asks no service. */
export function unlessEmpty(change: Change): Change {
  return isEmpty(change) ? unchanged : change;
}

export function isEmpty({ files, logins }: Change): boolean {
  return files.length === 0 && logins.length === 0;
}
