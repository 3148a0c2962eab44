/** File transfers in a login without a terminal: what hears its bytes then, and how the recorder looks at its processes. */
import { monotonicMs } from "./clock.ts";
import type { Tap } from "./tap/tap.ts";
import type { Flow } from "./terminal/flow.ts";
import type { Native } from "./terminal/native.ts";
import { Passage } from "./terminal/passage.ts";
import type { Listener } from "./terminal/relay.ts";
import { Exemption, type View } from "./transfer/exemption.ts";
import { RootsFiles } from "./transfer/roots-files.ts";
import { mostProcesses, type Session, sightOf } from "./transfer/sight.ts";
import { startWitness, toldBy } from "./witness.ts";

/** What a process that closed itself runs is asked for this rarely: it changes by execve() alone, which opens the process again. */
const witnessMs = 1000;
/** Root may replace a program; a transfer that runs then is seen as what it is after this. */
const filesMs = 1000;
/** More than a look at transfers tells; where it is more, nothing is exempt. */
const lookBytes = 1 << 20;
/** A look that came between two states is repeated so often. */
const mostLooks = 5;

export interface Exempted {
  readonly child: number;
  readonly stdin: Flow | undefined;
  readonly stdout: Flow | undefined;
  readonly programs: readonly string[];
}

export interface Exempting {
  readonly listener: Listener;
  readonly passage: Passage | undefined;
  /** To be called before the tap's end. */
  end(): void;
}

/** Of the session's program `child`; `stdout`: its stdout; `programs`: paths of programs that transfer files. */
export function exempting(native: Native, tap: Tap, { child, stdin, stdout, programs }: Exempted): Exempting {
  const witness = witnessOf(native);
  const session = { child, uid: process.getuid?.() ?? -1, programs, witness };
  const { look, told } = lookout(native, session);
  const pending = (): number => (stdout === undefined ? 0 : Math.max(0, native.pendingBytes(stdout.from)));
  const readInto: View["readInto"] = (room, place) => stdout?.readInto(room, place);
  const exemption = new Exemption(tap, { look, pending, readInto });
  const listener: Listener = {
    recordsInput: tap.recordsInput,
    output: (bytes, atMs, from) => (from === stdout?.from ? exemption : tap).output(bytes, atMs),
    input: (bytes, atMs) => exemption.input(bytes, atMs),
    passInput: (length, atMs) => exemption.passInput(length, atMs),
    window: (columns, rows, atMs) => tap.window(columns, rows, atMs),
    tick: (nowMs) => {
      exemption.tick(nowMs);
      if (nowMs >= (tap.deadlineMs ?? Number.POSITIVE_INFINITY)) tap.tick(nowMs);
    },
    get isFull() {
      return tap.isFull;
    },
    get mustStop() {
      return tap.mustStop;
    },
    get deadlineMs() {
      const [one, other] = [tap.deadlineMs, exemption.deadlineMs];
      return one === undefined || other === undefined ? (one ?? other) : Math.min(one, other);
    },
  };
  const passage = stdout === undefined ? undefined : new Passage(native, stdin, stdout, exemption, told);
  return { listener, passage, end: () => exemption.end() };
}

/** Looks: while the kernel tells the same, byte for byte, as at the look before, so do we. */
function lookout(native: Native, session: Session): { look: View["look"]; told: () => Uint8Array } {
  const place = Buffer.alloc(64);
  const mappedAs = (path: string): string | undefined => {
    const length = native.mappedAs(Buffer.from(`${path}\0`, "latin1"), place);
    return length < 0 ? undefined : place.toString("latin1", 0, length);
  };
  let files = new RootsFiles(mappedAs);
  let filesAtMs = monotonicMs();
  let sight: ReturnType<View["look"]>;
  let [told, before] = [Buffer.allocUnsafeSlow(lookBytes), Buffer.allocUnsafeSlow(lookBytes)];
  let length = -1;
  let isAsked = false;
  const witness: Session["witness"] = (pid) => {
    isAsked = true;
    return session.witness(pid);
  };
  const lookOnce = (): boolean => {
    const count = native.look(process.pid, mostProcesses, told);
    if (count < 0) return false;
    const nowMs = monotonicMs();
    const isOld = nowMs - filesAtMs >= filesMs;
    if (!isOld && count === length && isSame(told, before, count)) return true;
    if (isOld) [files, filesAtMs] = [new RootsFiles(mappedAs), nowMs];
    isAsked = false;
    sight = sightOf(told.subarray(0, count), { ...session, witness }, files);
    [told, before] = [before, told];
    // The witness was asked later: what it told counts when nothing has changed meanwhile.
    const isSettled =
      !isAsked || (native.look(process.pid, mostProcesses, told) === count && isSame(told, before, count));
    length = isSettled ? count : -1;
    return isSettled;
  };
  const look = (): ReturnType<View["look"]> => {
    // Programs of git's come and go: one that ended while it was looked at is no reason to doubt the others.
    for (let i = 0; i < mostLooks; i++) if (lookOnce()) return sight;
    return undefined;
  };
  return { look, told: () => before.subarray(0, Math.max(0, length)) };
}

function isSame(one: Buffer, other: Buffer, length: number): boolean {
  return one.compare(other, 0, length, 0, length) === 0;
}

function witnessOf(native: Native): (pid: number) => string | undefined {
  let asked = { pid: 0, atMs: Number.NEGATIVE_INFINITY, told: undefined as string | undefined };
  return (pid) => {
    const atMs = monotonicMs();
    if (asked.pid !== pid || atMs - asked.atMs >= witnessMs) asked = { pid, atMs, told: ask(native, pid) };
    return asked.told;
  };
}

/** What the witness tells; undefined where it may not be run or refuses. */
function ask(native: Native, pid: number): string | undefined {
  const ends = new Int32Array(2);
  if (native.pipe(ends) < 0) return undefined;
  const [read = -1, write = -1] = ends;
  const asked = startWitness(native, [String(pid)], [-1, write, -1]);
  native.closeDescriptor(write);
  const told = asked < 0 ? undefined : toldBy(native, asked, read);
  native.closeDescriptor(read);
  return told;
}
