/** The pace of playing: which moment of the recording belongs to which moment of the clock. */

/** A timer's usual lateness, made up for by the next waits; what is later than this is not caught up with. */
const slackMs = 50;

/** Keys change the speed within these. */
const slowest = 1 / 16;
const fastest = 64;

export class Pace {
  #mediaMs = 0;
  #clockMs: number;
  #speedRatio: number;
  #isPaused: boolean;

  constructor(nowMs: number, speedRatio: number, isPaused: boolean) {
    this.#clockMs = nowMs;
    this.#speedRatio = speedRatio;
    this.#isPaused = isPaused;
  }

  get speedRatio(): number {
    return this.#speedRatio;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** The recording's moment that is being shown. */
  mediaMs(nowMs: number): number {
    return this.#isPaused ? this.#mediaMs : this.#mediaMs + (nowMs - this.#clockMs) * this.#speedRatio;
  }

  /** How long until the moment is due; 0 when it is, Infinity while paused. */
  waitMs(atMs: number, nowMs: number): number {
    if (this.#isPaused || this.#speedRatio === 0) return Number.POSITIVE_INFINITY;
    return Math.max(0, (atMs - this.mediaMs(nowMs)) / this.#speedRatio);
  }

  /** The moment is shown now. Being late beyond the slack shifts everything that follows: nothing rushes. */
  reach(atMs: number, nowMs: number): void {
    const lateMs = this.#isPaused ? Number.POSITIVE_INFINITY : (this.mediaMs(nowMs) - atMs) / this.#speedRatio;
    this.#mediaMs = atMs;
    this.#clockMs = lateMs >= 0 && lateMs <= slackMs ? nowMs - lateMs : nowMs;
  }

  /** Leaves out what lies between here and the moment. */
  jump(atMs: number, nowMs: number): void {
    this.#mediaMs = atMs;
    this.#clockMs = nowMs;
  }

  /** Leaves out what is more than `limitMs` before the moment. */
  limitIdle(atMs: number, limitMs: number, nowMs: number): void {
    if (this.mediaMs(nowMs) < atMs - limitMs) this.jump(atMs - limitMs, nowMs);
  }

  changeSpeed(change: "double" | "halve" | "normal", nowMs: number): void {
    this.jump(this.mediaMs(nowMs), nowMs);
    if (change === "normal") this.#speedRatio = 1;
    else if (change === "double" && this.#speedRatio * 2 <= fastest) this.#speedRatio *= 2;
    else if (change === "halve" && this.#speedRatio / 2 >= slowest) this.#speedRatio /= 2;
  }

  /** Pauses, or goes on. */
  toggle(nowMs: number): void {
    this.jump(this.mediaMs(nowMs), nowMs);
    this.#isPaused = !this.#isPaused;
  }
}
