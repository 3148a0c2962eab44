/** The signals that reach the recorder, as events of the relay's poll set. */
import { RecError } from "../errors.ts";
import type { Native } from "./native.ts";
import { checked } from "./system.ts";

export interface SignalEvent {
  readonly signal: number;
  /** True when the kernel sent it (a key, a hang-up), false when a process did. */
  readonly isFromKernel: boolean;
}

export class Signals {
  readonly fd: number;
  readonly #native: Native;
  readonly #bytes = Buffer.alloc(128);

  /** From now on no signal ends the process by itself; those ignored at its start (bit n-1) stay ignored. */
  constructor(native: Native, ignored: bigint) {
    this.#native = native;
    this.fd = checked(
      native.watchSignals(new BigUint64Array([ignored])),
      (why) => new RecError("REC_TERMINAL", { what: "its signals", why }),
    );
  }

  /** What came since the last call. */
  take(): SignalEvent[] {
    const events: SignalEvent[] = [];
    const count = this.#native.read(this.fd, this.#bytes, 0, this.#bytes.length);
    for (let i = 0; i + 1 < count; i += 2) {
      events.push({
        signal: this.#bytes[i] ?? 0,
        isFromKernel: this.#bytes[i + 1] === 1,
      });
    }
    return events;
  }
}
