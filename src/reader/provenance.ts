/** Provenance: which messages the recorder wrote, by what journald knows of their senders. Anyone may write to a journal. */
import type { Origin, SourceLine, TrustedName } from "./reader.ts";

/** What a recording's id says of its recorder: the boot and the process, in journald's notation. */
export interface NamedSender {
  readonly boot: string;
  readonly pid: string;
  /** The group too, where only the installed recorder is meant. */
  readonly group?: string;
}

/** Null for an id of another form. */
export function namedSender(rec: string): NamedSender | null {
  const [, boot, pid] = /^([0-9a-f]{32})-([0-9a-f]{1,8})-[0-9a-f]+$/.exec(rec) ?? [];
  return boot === undefined || pid === undefined ? null : { boot, pid: String(Number.parseInt(pid, 16)) };
}

/** These never change while a process lives, and journald asks the kernel for them with each message. */
const fixed = ["_BOOT_ID", "_PID", "_UID", "_GID", "_TRANSPORT"] as const satisfies readonly TrustedName[];

/**
 * These journald looks up in /proc and remembers for some seconds: a login shell may be said to run sshd's program, in
 * sshd's unit and audit session, at first. They are also missing where the sender was gone before journald looked.
 */
const settling = [
  "_EXE",
  "_SYSTEMD_UNIT",
  "_AUDIT_SESSION",
  "_AUDIT_LOGINUID",
] as const satisfies readonly TrustedName[];
const settlingMs = 10_000;

type Trusted = Origin["trusted"];

/** "undecided": what the sender is depends on who else wrote messages of the recording, which `question` asks. */
export type Verdict = "genuine" | "undecided" | { readonly foreign: string };

/**
 * A recorder's id names its process. No other process has that pid while the recorder runs, so its messages are told from
 * all others, also from those that were written before. Where nobody of that pid wrote anything (a recorder in a container
 * has another pid in there, a collector writes for others), the first sender is believed, and only that one. A process that had
 * the pid before the recorder, or became it by exec, is told by the group, which is the installed recorder's alone.
 */
export class Provenance {
  readonly #recorders: (trusted: Trusted) => string | null;
  /** The group that is believed alone; null for whoever comes first. */
  #group: string | null | undefined;
  #first: Origin | null = null;
  #expected: Trusted = {};
  #firstMs = Number.NaN;
  #isNamedThere: boolean | null = null;

  /** `recorders`: the group of installed recorders where a sender ran; null where that is not known, or nobody can be asked. */
  constructor(recorders: (trusted: Trusted) => string | null = () => null) {
    this.#recorders = recorders;
  }

  /** Origin of the first genuine message; null before it, and where the medium does not tell any. */
  get first(): Origin | null {
    return this.#first;
  }

  /** Whether the sender is the process that the recording's id names; null when that could not be compared. */
  get isNamed(): boolean | null {
    return this.#first === null || Object.keys(this.#first.trusted).length === 0 ? null : this.#isNamedThere;
  }

  /** Whose messages decide what is undecided. */
  question({ origin }: SourceLine, rec: string): NamedSender | null {
    const named = namedSender(rec);
    const group = origin === undefined || this.#isNamedThere !== true ? null : this.#recorders(origin.trusted);
    return named === null || group === null ? named : { ...named, group };
  }

  /** Whether that one wrote any; until this is known, others are undecided. */
  decide({ group }: Pick<NamedSender, "group">, isThere: boolean): void {
    if (group === undefined) this.#isNamedThere = isThere;
    else this.#group = isThere ? group : null;
  }

  judge(line: SourceLine, rec: string | null): Verdict {
    if (line.origin === undefined) return "genuine";
    const { trusted } = line.origin;
    if (trusted._PID === undefined && trusted._UID === undefined) return this.#judgeUnknown(line.origin);
    const named = rec === null ? null : namedSender(rec);
    if (named !== null && this.#isNamedThere !== false) {
      const isNamed = trusted._PID === named.pid && (trusted._BOOT_ID ?? named.boot) === named.boot;
      if (!isNamed && this.#isNamedThere === null) return "undecided";
      if (!isNamed)
        return { foreign: `${senderOf(trusted)} wrote it, not process ${named.pid}, which the recording's ID names` };
      this.#isNamedThere = true;
      if (this.#first === null && this.#group === undefined) {
        const group = this.#recorders(trusted);
        if (group !== null && group !== trusted._GID) return "undecided";
        this.#group = group;
      }
      if (typeof this.#group === "string" && this.#group !== trusted._GID) {
        return {
          foreign: `${senderOf(trusted)} wrote it, not the installed recorder: _GID is ${trusted._GID ?? "not told"}`,
        };
      }
    }
    if (this.#first === null) this.#begin(line.origin);
    return this.#compare(line.origin);
  }

  /** An export may have been made of a medium that tells no senders; within one that does, such an entry is nobody's. */
  #judgeUnknown(origin: Origin): Verdict {
    if (this.#first === null) this.#begin(origin);
    return this.#expected._PID === undefined ? "genuine" : { foreign: "nobody is told to have written it" };
  }

  #begin(origin: Origin): void {
    this.#first = origin;
    this.#expected = { ...origin.trusted };
    this.#firstMs = origin.atMs;
  }

  #compare({ trusted, atMs }: Origin): Verdict {
    for (const name of fixed) {
      if (trusted[name] !== this.#expected[name]) return this.#differs(name, trusted);
    }
    // Also when no time is told.
    const isSettling = !(Math.abs(atMs - this.#firstMs) > settlingMs);
    for (const name of settling) {
      const value = trusted[name];
      if (value === undefined || value === this.#expected[name]) continue;
      if (this.#expected[name] !== undefined && !isSettling) return this.#differs(name, trusted);
      this.#expected = { ...this.#expected, [name]: value };
    }
    return "genuine";
  }

  #differs(name: TrustedName, trusted: Trusted): Verdict {
    const [value, expected] = [trusted[name] ?? "not told", this.#expected[name] ?? "not told"];
    return {
      foreign: `${senderOf(trusted)} wrote it: ${name} is ${value}, that of the recording's first message ${expected}`,
    };
  }
}

/** In words, for people; values are the sender's own, so they are to be made printable. */
export function senderOf({ _PID, _UID, _EXE, _COMM }: Trusted): string {
  const program = _EXE ?? _COMM;
  const details = [_UID === undefined ? "" : `uid ${_UID}`, program ?? ""].filter((text) => text !== "");
  return `process ${_PID ?? "unknown"}${details.length === 0 ? "" : ` (${details.join(", ")})`}`;
}
