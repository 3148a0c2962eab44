/** Who sent a recording to the journal: the kernel's word, in the names of this host, beside what the recording says of itself. */
import { execFileSync } from "node:child_process";
import { machineId } from "../machine-id.ts";

/** What a recording says of itself. Anyone may say anything. */
export interface Claim {
  readonly user: string;
  /** SYSLOG_IDENTIFIER: the program. */
  readonly identifier: string;
  /** It begins as only our recorders begin. */
  readonly isOwn: boolean;
}

/** Values by journald's names. */
export type Trusted = Readonly<Partial<Record<string, string>>>;

export interface Attribution {
  /**
   * recorder: the installed recorder of login sessions. user: a process of the user, as `rec` is. unproven: the same, but the
   * recording calls itself a login session's. uid N: a process of another user than it says, or of one who is not known here.
   */
  readonly by: "recorder" | "user" | "unproven" | `uid ${string}`;
  /** Why the recording is not what it says, in words; null where that is not certain. */
  readonly lie: string | null;
}

const group = "rec";
/** Users cannot have many uids, but a container's may. */
const maxAsked = 1000;
const batchLength = 100;

/** The names of this host: looked up when they are needed, once. */
export class Names {
  readonly #ask: (database: string, keys: readonly string[]) => string;
  readonly #machine: string;
  #groupId: string | null | undefined;
  readonly #users = new Map<string, string | null>();

  constructor(ask = getent, machine = machineId()) {
    this.#ask = ask;
    this.#machine = machine;
  }

  /** Null where nothing can be said: no journal tells who sent it, or that of another machine, whose names are its own. */
  attribute(claim: Claim, trusted: Trusted): Attribution | null {
    const { _UID: uid, _GID: gid } = trusted;
    if (uid === undefined || this.#machine === "" || trusted["_MACHINE_ID"] !== this.#machine) return null;
    if (gid !== undefined && gid === this.#group()) return { by: "recorder", lie: null };
    const name = this.#nameOf(uid);
    if (claim.user !== name && claim.user !== uid) {
      // What root sends for others a collector may have handed on.
      const lie = name === null || uid === "0" ? null : `uid ${uid} (${name}) wrote it, who is not ${claim.user}`;
      return { by: `uid ${uid}`, lie };
    }
    if (this.#group() === null || !isLogin(claim)) return { by: "user", lie: null };
    return { by: "unproven", lie: "it calls itself a login session's, but the installed recorder did not send it" };
  }

  /** Looks the users up at once that will be asked for. */
  prepare(entries: Iterable<Trusted>): void {
    const uids = new Set<string>();
    for (const { _UID: uid, _MACHINE_ID: machine, _GID: gid } of entries) {
      if (uid !== undefined && machine === this.#machine && gid !== this.#group()) uids.add(uid);
    }
    this.#lookUp([...uids]);
  }

  #nameOf(uid: string): string | null {
    if (!this.#users.has(uid)) this.#lookUp([uid]);
    return this.#users.get(uid) ?? null;
  }

  #lookUp(uids: readonly string[]): void {
    const wanted = uids.filter((uid) => /^\d{1,10}$/.test(uid) && !this.#users.has(uid));
    const asked = wanted.slice(0, Math.max(0, maxAsked - this.#users.size));
    for (let at = 0; at < asked.length; at += batchLength) {
      const batch = asked.slice(at, at + batchLength);
      for (const uid of batch) this.#users.set(uid, null);
      for (const line of this.#ask("passwd", batch).split("\n")) {
        const [name, , uid] = line.split(":");
        if (name !== undefined && uid !== undefined) this.#users.set(uid, name);
      }
    }
  }

  /** The group of installed recorders on this host; null where there is none. */
  get recordersHere(): string | null {
    return this.#group();
  }

  /** The group of installed recorders where the sender ran; null where there is none, or names of another machine would be needed. */
  recorders(trusted: Trusted): string | null {
    return this.#machine === "" || trusted["_MACHINE_ID"] !== this.#machine ? null : this.#group();
  }

  /** The group that no process of a recorded user can have; null where no recorder is installed. */
  #group(): string | null {
    // Not `??=`: null is the answer where there is none.
    if (this.#groupId === undefined) this.#groupId = this.#ask("group", [group]).split(":")[2] ?? null;
    return this.#groupId;
  }
}

/** Only sessions have that program's names; tlog's own recorder has no group of ours. */
function isLogin({ identifier, isOwn }: Claim): boolean {
  return isOwn && /^-?(tlog-)?rec-session$/.test(identifier);
}

/** What the name service knows of the keys; "" where it cannot be asked. */
function getent(database: string, keys: readonly string[]): string {
  try {
    return execFileSync("getent", [database, "--", ...keys], {
      env: { PATH: "/usr/bin:/bin", LC_ALL: "C" },
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      timeout: 10_000,
    });
  } catch (error) {
    // Status 2: some of the keys are not known; the others are printed.
    const { stdout } = error as { stdout?: string };
    return stdout ?? "";
  }
}
