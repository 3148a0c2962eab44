/** What a process is by the kernel's word: which file it runs, what is mapped into it, what descends from it. */

/** What only the kernel can have told. */
export interface Process {
  readonly pid: number;
  /** Distinguishes it from others that had its number. */
  readonly startTime: string;
  /** Page faults of its children that have ended: a child that ran has some. */
  readonly childFaults: string;
  /** Null when it has ended: it runs no more code. */
  readonly image: Image | null;
  readonly command: readonly string[];
}

/** The file that runs, and where its other code is from. */
interface Image {
  readonly path: string;
  /** Device and inode. */
  readonly file: string;
  readonly mounts: string;
  /** As /proc/PID/maps, with " (changed)" behind the first code that was written over since it was mapped, or is too large to tell. */
  readonly maps: string;
}

/** Tells the image of a process that has closed itself to its user: "path\ndevice inode\nmounts\nmaps", or undefined. */
export type Witness = (pid: number) => string | undefined;

const childSignal = 16n; // SIGCHLD, bit n-1

/** How native/look.c writes. */
const lengthDigits = 8;
const processFields = 11;
const commandField = 10;
const endedMark = "ended";

/** The processes that a look told of (look in native/look.c); undefined for one that is another user's, traced, or whose image nobody tells. */
export function readProcesses(told: Uint8Array, uid: number, witness: Witness): (Process | undefined)[] {
  const fields = readFields(Buffer.from(told.buffer, told.byteOffset, told.length));
  const processes: (Process | undefined)[] = [];
  for (let at = 0; at < fields.length; at += processFields) {
    processes.push(readProcess(fields.slice(at, at + processFields), uid, witness));
  }
  return processes;
}

function readFields(told: Buffer): Buffer[] {
  const fields: Buffer[] = [];
  for (let at = 0; at < told.length; ) {
    const from = at + lengthDigits;
    at = from + Number.parseInt(told.toString("latin1", at, from), 16);
    fields.push(told.subarray(from, at));
  }
  return fields;
}

function readProcess(fields: readonly Buffer[], uid: number, witness: Witness): Process | undefined {
  const [
    pid,
    ids = "",
    tracer,
    ignored,
    childFaults = "",
    startTime = "",
    path = "",
    file = "",
    mounts = "",
    maps = "",
  ] = fields.map((field) => field.toString("latin1"));
  const hasEnded = path === "" && file === endedMark;
  const isPlain = tracer === "0" && ids.split("\t").every((id) => id === String(uid));
  // Children of who ignores SIGCHLD end without a trace.
  const ignoresChildren = ((BigInt(`0x${ignored}`) >> childSignal) & 1n) === 1n;
  if (!isPlain || ignoresChildren) return undefined;
  const image = hasEnded ? null : path === "" ? imageOf(witness(Number(pid))) : { path, file, mounts, maps };
  if (image === undefined) return undefined;
  const command = (fields[commandField] as Buffer).toString().split("\0").slice(0, -1);
  return { pid: Number(pid), startTime, childFaults, image, command };
}

function imageOf(told: string | undefined): Image | undefined {
  if (told === undefined) return undefined;
  const [path = "", file = "", mounts = "", ...maps] = told.split("\n");
  return { path, file, mounts, maps: maps.join("\n") };
}

/** `line` of /proc/PID/maps. */
export function isExecutable(line: string): boolean {
  const permissions = line.indexOf(" ") + 1;
  return permissions > 0 && line[permissions + 2] === "x";
}
