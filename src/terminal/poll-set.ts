/** What the relay waits for in one turn: an array of struct pollfd, reused. */

/** Signals, Node's loop, and one end, that which it waits for, of each of at most four flows. */
const capacity = 16;

export class PollSet {
  static readonly readable = 1; // POLLIN
  static readonly writable = 4; // POLLOUT
  /** Pairs of the descriptor and its events, with what happened in the upper half, as poll(2) wants them. */
  readonly words = new Int32Array(capacity * 2);
  count = 0;

  clear(): void {
    this.count = 0;
  }

  /** The slot to ask isReady() for. */
  add(fd: number, events: number): number {
    const slot = this.count++;
    this.words[slot * 2] = fd;
    this.words[slot * 2 + 1] = events;
    return slot;
  }

  /** Ready, at its end, or broken: in all three the next call tells more without waiting. */
  isReady(slot: number): boolean {
    return slot >= 0 && (this.words[slot * 2 + 1] ?? 0) >>> 16 !== 0;
  }
}
