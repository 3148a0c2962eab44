/** A look at a session without a terminal: whether nothing but a file transfer runs in it. */
import { readlinkSync } from "node:fs";
import { descendants, type Process, readProcess, type Witness } from "./process.ts";
import type { RootsFiles } from "./roots-files.ts";

/** A transfer and nothing else, at one moment. */
export interface Sight {
  /** argv of the program that serves the transfer. */
  readonly command: readonly string[];
  /** Every process of the session, by pid and start: the page faults of its ended children. */
  readonly processes: ReadonlyMap<string, string>;
}

export interface Session {
  /** The recorder, from which all processes of the session descend, and what it started. */
  readonly recorder: number;
  readonly child: number;
  readonly uid: number;
  /** Paths of programs that transfer files. */
  readonly programs: readonly string[];
  readonly witness: Witness;
}

/** More processes than a transfer has. */
const mostProcesses = 16;

/** Undefined when another program runs, or what runs cannot be told. */
export function lookAt({ recorder, child, uid, programs, witness }: Session, roots: RootsFiles): Sight | undefined {
  const pids = descendants(recorder, mostProcesses);
  if (pids === undefined || !pids.includes(child)) return undefined;
  const files = new Set(programs.map((program) => roots.file(program)).filter((file) => file !== undefined));
  const mounts = readlinkSync("/proc/self/ns/mnt");
  const all = pids.map((pid) => readProcess(pid, uid, witness));
  const isTransfer = ({ image }: Process): boolean =>
    files.has(image.file) && image.mounts === mounts && roots.isCode(image.maps);
  const processes = new Map<string, string>();
  for (const process of all) {
    if (process === undefined || !isTransfer(process)) return undefined;
    processes.set(`${process.pid} ${process.startTime}`, process.childFaults);
  }
  const server = all.find((process) => process?.pid === child);
  return server !== undefined && isServing(server.command) ? { command: server.command, processes } : undefined;
}

/**
 * Whether no other program can have run between two looks: no process has come, whose past nobody saw, and none has had a
 * child that came and went.
 */
export function isSame(before: Sight, after: Sight): boolean {
  const [one, other] = [before.processes, after.processes];
  return one.size === other.size && [...other].every(([process, faults]) => one.get(process) === faults);
}

/** By its arguments a program that only answers the other side: as a client it would run programs of its user's choice. */
export function isServing(command: readonly string[]): boolean {
  const [path = "", first = "", ...rest] = command;
  const name = path.slice(path.lastIndexOf("/") + 1);
  switch (name) {
    case "scp":
      return optionsOf([first, ...rest]).some((option) => /^-[a-zA-Z]*[tf]/.test(option));
    case "rsync":
      return first === "--server" && !rest.some((argument) => /^--(daemon|config|dparam)/.test(argument));
    case "git":
      return gitServers.includes(first);
    default:
      return name.startsWith("git-") ? gitServers.includes(name.slice("git-".length)) : true;
  }
}

const gitServers = ["upload-pack", "receive-pack", "upload-archive"];

/** Up to the first that is none. */
function optionsOf(words: readonly string[]): readonly string[] {
  const end = words.findIndex((word) => !word.startsWith("-") || word === "--");
  return end === -1 ? words : words.slice(0, end);
}
