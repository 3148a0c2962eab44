/** The entry of utmp that sshd or login made: it names the pseudo-terminal of the shell while the session stands, as who, w and write look for. */
import { monotonicMs } from "./clock.ts";
import type { Native } from "./terminal/native.ts";
import { hasEndedWell, patienceMs, readable, startWitness } from "./witness.ts";

type Needs = Pick<
  Native,
  "pipe" | "spawn" | "wait" | "sendSignal" | "poll" | "read" | "write" | "closeDescriptor" | "terminalName"
>;

export class UtmpEntry {
  readonly #native: Needs;
  readonly #witness: number;
  /** The witness puts the entry back when this has no holder: also after a SIGKILL. */
  readonly #life: number;
  readonly #told: number;

  /** Begins to name the terminal `slave` in the entry of `login`; whether there is one is not waited for, and nothing of it is told. */
  constructor(native: Needs, login: number, slave: number) {
    this.#native = native;
    const ends = new Int32Array(4).fill(-1);
    const isPiped = native.pipe(ends.subarray(0, 2)) >= 0 && native.pipe(ends.subarray(2, 4)) >= 0;
    const [lifeRead = -1, life = -1, told = -1, toldWrite = -1] = ends;
    const words = ["utmp", numberOf(native, slave)];
    this.#witness = isPiped ? startWitness(native, words, [login, toldWrite, lifeRead]) : -1;
    for (const fd of [lifeRead, toldWrite]) if (fd >= 0) native.closeDescriptor(fd);
    this.#life = life;
    this.#told = told;
  }

  /** Waits until it names the shell's terminal, or is not going to. */
  settle(): void {
    if (this.#witness <= 0) return;
    if (this.#wait() <= 0) this.#reap();
  }

  /** Waits until it names the login's terminal again: sshd looks for that when the recorder has ended. */
  release(): void {
    if (this.#witness <= 0) return;
    this.#native.write(this.#life, Buffer.alloc(1), 0, 1);
    this.#native.closeDescriptor(this.#life);
    while (this.#wait() > 0);
    this.#native.closeDescriptor(this.#told);
  }

  #reap(): void {
    hasEndedWell(this.#native, this.#witness, monotonicMs() + patienceMs);
  }

  /** How many bytes the witness told: none when it has ended, or was waited for long enough. */
  #wait(): number {
    const bytes = Buffer.alloc(1);
    const deadlineMs = monotonicMs() + patienceMs;
    for (let leftMs = patienceMs; leftMs > 0; leftMs = Math.ceil(deadlineMs - monotonicMs())) {
      if (this.#native.poll(Int32Array.of(this.#told, readable), 1, leftMs) <= 0) continue;
      return this.#native.read(this.#told, bytes, 0, 1);
    }
    return 0;
  }
}

function numberOf(native: Needs, slave: number): string {
  const name = Buffer.alloc(64);
  const length = native.terminalName(slave, name);
  return /\d+$/.exec(name.toString("latin1", 0, Math.max(0, length)))?.[0] ?? "";
}
