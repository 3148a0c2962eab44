/**
 * Work: what output may cost the emulator. Few bytes can wipe, move or fill a whole screen, so each byte earns some work, and what costs
 * more than is left is not carried out, but counted. It is told in cells touched, not in time: whoever shows the same again omits the same.
 */

/** What a byte earns: of bytes alone a recording is shown at a megabyte a second at least. */
const unitsPerByte = 1000;
/** Earned by so many bytes at once, wherever they are cut. */
const earningBytes = 4096;
/** What there is at the beginning and at most: about a second. Programs never come near to the end of it. */
const maxUnits = 1_000_000_000;
/** Costs less than the bytes that ask for it may. */
const freeUnits = 10_000;

export interface WorkState {
  readonly units: number;
  /** Bytes since the last that earned something. */
  readonly bytes: number;
  readonly omitted: number;
  /** The window that was too much work when it came; it is shown as soon as there is enough. */
  readonly window: readonly [columns: number, rows: number] | null;
}

export class Work {
  #units: number;
  #bytes: number;
  #omitted: number;
  window: WorkState["window"];
  /** Hears that something was omitted. */
  onOmit: () => void = () => {};

  constructor({ units, bytes, omitted, window }: WorkState = { units: maxUnits, bytes: 0, omitted: 0, window: null }) {
    this.#units = units;
    this.#bytes = bytes;
    this.#omitted = omitted;
    this.window = window;
  }

  get state(): WorkState {
    return { units: this.#units, bytes: this.#bytes, omitted: this.#omitted, window: this.window };
  }

  /** How many sequences and windows were not carried out. */
  get omitted(): number {
    return this.#omitted;
  }

  /** Bytes until the next earning. */
  get left(): number {
    return earningBytes - this.#bytes;
  }

  /** So many bytes were shown, `left` at most. Whether they earned something: nothing else may depend on where bytes are cut. */
  earn(bytes: number): boolean {
    this.#bytes += bytes;
    if (this.#bytes < earningBytes) return false;
    this.#bytes = 0;
    this.#units = Math.min(maxUnits, this.#units + earningBytes * unitsPerByte);
    return true;
  }

  /** Whether there is as much left. */
  has(units: number): boolean {
    return units <= this.#units;
  }

  /** Whether it may be done: then it is paid for. The window comes first. */
  pay(units: number): boolean {
    if (units <= freeUnits) return true;
    if (this.window !== null || units > this.#units) {
      this.omit();
      return false;
    }
    this.#units -= units;
    return true;
  }

  omit(): void {
    this.#omitted++;
    this.onOmit();
  }
}
