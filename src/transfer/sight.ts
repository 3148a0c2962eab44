/** A look at a session without a terminal: whether nothing but a file transfer runs in it. */
import { readlinkSync } from "node:fs";
import { type Process, readProcesses, type Witness } from "./process.ts";
import { isLoaded, type RootsFiles } from "./roots-files.ts";

/** A transfer and nothing else, at one moment. */
export interface Sight {
  /** argv of the program that serves the transfer. */
  readonly command: readonly string[];
  /** Every process of the session, by pid and start: the page faults of its ended children. */
  readonly processes: ReadonlyMap<string, string>;
  readonly content: Content;
}

/** What of its stdout is content of files: a program that runs others of its user's choice passes on what these write. */
export type Content = "all" | "pack" | "none";

export interface Session {
  /** What the recorder, from which all processes of the session descend, started. */
  readonly child: number;
  readonly uid: number;
  /** Paths of programs that transfer files. */
  readonly programs: readonly string[];
  readonly witness: Witness;
}

/** More processes than a transfer has. */
export const mostProcesses = 16;

/** Undefined when another program runs, "ended" when none does. `told`: what a look tells of all that descends from the recorder. */
export function sightOf(told: Uint8Array, session: Session, roots: RootsFiles): Sight | "ended" | undefined {
  const { child, uid, programs, witness } = session;
  const files = new Set(programs.map((program) => roots.file(program)).filter((file) => file !== undefined));
  const mounts = readlinkSync("/proc/self/ns/mnt");
  const all = readProcesses(told, uid, witness);
  if (all.every((process) => process?.image === null)) return "ended";
  const isTransfer = ({ image }: Process): boolean =>
    image === null || (files.has(image.file) && image.mounts === mounts && roots.isCode(image.maps));
  const processes = new Map<string, string>();
  for (const process of all) {
    if (process === undefined || !isTransfer(process)) return undefined;
    processes.set(`${process.pid} ${process.startTime}${process.image === null ? " ended" : ""}`, process.childFaults);
  }
  const server = all.find((process) => process?.pid === child);
  // Another that is not loaded yet has come since the look before, which leaves a doubt anyway.
  if (!server?.image || !isLoaded(server.image.maps)) return undefined;
  const content = contentOf(server.command);
  return content === undefined ? undefined : { command: server.command, processes, content };
}

/**
 * Whether another program can have run between two looks and written what would not be recorded: a process has come, whose
 * past nobody saw, or one has had a child that came and went. git's do; but what they say is no content of it.
 */
export function isDoubtful(before: Sight, after: Sight): boolean {
  if (before.content !== after.content) return true;
  const [one, other] = [before.processes, after.processes];
  const isSame = one.size === other.size && [...other].every(([process, faults]) => one.get(process) === faults);
  return before.content === "all" && !isSame;
}

/** Undefined for a program that by its arguments does more than answer the other side: as a client it runs programs of its user's choice. */
export function contentOf(command: readonly string[]): Content | undefined {
  const [path = "", first = "", ...rest] = command;
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (name === "git") return contentOfGit(first);
  if (name.startsWith("git-")) return contentOfGit(name.slice("git-".length));
  const isServing =
    (name !== "scp" || isScpServer([first, ...rest])) &&
    (name !== "rsync" ||
      (first === "--server" && !rest.some((argument) => /^--(daemon|config|dparam)/.test(argument))));
  return isServing ? "all" : undefined;
}

/** Not upload-archive: what it sends may have gone through a filter of the user's (tar.NAME.command). */
function contentOfGit(name: string): Content | undefined {
  if (name === "upload-pack") return "pack";
  return name === "receive-pack" ? "none" : undefined;
}

/** As a client of scp's calls it: with no option that takes a value, which could be the next one's name. */
function isScpServer(words: readonly string[]): boolean {
  const end = words.findIndex((word) => !word.startsWith("-") || word === "--");
  const options = end === -1 ? words : words.slice(0, end);
  return options.every((option) => /^-[dfpqrtv]+$/.test(option)) && options.some((option) => /[tf]/.test(option));
}
