/** What a process is by the kernel's word: which file it runs, what is mapped into it, what descends from it. */
import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";

/** What only the kernel can have told. */
export interface Process {
  readonly pid: number;
  /** Distinguishes it from others that had its number. */
  readonly startTime: string;
  /** Page faults of its children that have ended: a child that ran has some. */
  readonly childFaults: string;
  readonly image: Image;
  readonly command: readonly string[];
}

/** The file that runs, and where its other code is from. */
interface Image {
  readonly path: string;
  /** Device and inode. */
  readonly file: string;
  readonly mounts: string;
  /** As /proc/PID/maps, with " (changed)" behind code that was written over since it was mapped. */
  readonly maps: string;
}

/** Tells the image of a process that has closed itself to its user: "path\ndevice inode\nmounts\nmaps", or undefined. */
export type Witness = (pid: number) => string | undefined;

const childSignal = 16n; // SIGCHLD, bit n-1

/** Undefined for a process that is gone, another user's, traced, or whose image nobody tells. */
export function readProcess(pid: number, uid: number, witness: Witness): Process | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "latin1");
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const ids = field(status, "Uid").split("\t");
    const isPlain = field(status, "TracerPid") === "0" && ids.every((id) => id === String(uid));
    // Children of who ignores SIGCHLD end without a trace.
    const ignoresChildren = ((BigInt(`0x${field(status, "SigIgn")}`) >> childSignal) & 1n) === 1n;
    if (!isPlain || ignoresChildren) return undefined;
    // After the name in parentheses: state is the first, childFaults (cminflt) field 11, the start field 22 of proc(5).
    const words = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const image = readImage(pid) ?? imageOf(witness(pid));
    if (image === undefined) return undefined;
    // After the image: an execve() between the two must not lend the arguments of the program before to it.
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").slice(0, -1);
    return { pid, startTime: words[19] ?? "", childFaults: words[8] ?? "", image, command };
  } catch {
    return undefined;
  }
}

function readImage(pid: number): Image | undefined {
  try {
    const path = readlinkSync(`/proc/${pid}/exe`);
    const { dev, ino } = statSync(`/proc/${pid}/exe`);
    const mounts = readlinkSync(`/proc/${pid}/ns/mnt`);
    return { path, file: `${dev} ${ino}`, mounts, maps: mapsOf(readFileSync(`/proc/${pid}/smaps`, "latin1")) };
  } catch {
    return undefined;
  }
}

/** As native/witness.c does: a page of its own, or in swap, has what was written to a mapped file since. */
export function mapsOf(smaps: string): string {
  return smaps
    .split(/^(?=[0-9a-f]+-[0-9a-f]+ )/m)
    .map((mapping) => {
      const line = mapping.slice(0, mapping.indexOf("\n"));
      const isChanged = isExecutable(line) && /^(Anonymous|Swap): +[1-9]/m.test(mapping);
      return isChanged ? `${line} (changed)` : line;
    })
    .join("\n");
}

/** `line` of /proc/PID/maps. */
export function isExecutable(line: string): boolean {
  const permissions = line.indexOf(" ") + 1;
  return permissions > 0 && line[permissions + 2] === "x";
}

function imageOf(told: string | undefined): Image | undefined {
  if (told === undefined) return undefined;
  const [path = "", file = "", mounts = "", ...maps] = told.split("\n");
  return { path, file, mounts, maps: maps.join("\n") };
}

function field(status: string, name: string): string {
  const at = status.indexOf(`\n${name}:\t`);
  return at === -1 ? "" : status.slice(at + name.length + 3, status.indexOf("\n", at + 1));
}

/** All that descend from it, of all its threads; undefined where that cannot be told, or are more than `atMost`. */
export function descendants(pid: number, atMost: number): number[] | undefined {
  const found: number[] = [];
  const queue = [pid];
  for (let parent = queue.pop(); parent !== undefined; parent = queue.pop()) {
    try {
      for (const thread of readdirSync(`/proc/${parent}/task`)) {
        const children = readFileSync(`/proc/${parent}/task/${thread}/children`, "latin1").split(" ");
        for (const child of children) if (child !== "") queue.push(Number(child));
      }
    } catch {
      return undefined;
    }
    if (parent !== pid) found.push(parent);
    if (found.length > atMost) return undefined;
  }
  return found;
}
