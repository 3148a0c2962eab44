/** The playing: the moment that is on the screen, its pace, and how it goes on. Keys change it, time moves it, the picture tells it. */
import { Deck } from "./deck.ts";
import { Navigation } from "./navigation.ts";
import { Pace } from "./pace.ts";
import type { Clock } from "./player.ts";
import type { Timeline } from "./timeline/timeline.ts";
import { Typed } from "./typed.ts";

export interface PlayingOptions {
  readonly timeline: Timeline;
  readonly clock: Clock;
  readonly speedRatio: number;
  readonly isPaused: boolean;
  /** Infinity plays every pause as long as it was. */
  readonly idleLimitMs: number;
  /** At its end more is waited for. */
  readonly isFollowing: boolean;
}

export interface PlayingListeners {
  /** There is something to show that was not there before. */
  readonly onItem: () => void;
  readonly onNotice: () => void;
}

/** So far the recording has played on when somebody wants the mark before the last. */
const markSlackMs = 1000;
/** A recording that says nothing for this long has no more at present. */
export const stallMs = 50;

export class Playing {
  readonly clock: Clock;
  readonly deck: Deck;
  readonly navigation: Navigation;
  readonly pace: Pace;
  /** So many packets of output are shown at once, whenever they are due. */
  steps = 0;
  /** Where one wanted to go one has gone. */
  hasArrived = false;
  /** What is played may grow. */
  isSourceFollowed: boolean;
  isFollowing: boolean;
  idleLimitMs: number;
  isWallClock = false;
  isHelpShown = false;
  typed = new Typed();

  constructor(options: PlayingOptions, { onItem, onNotice }: PlayingListeners) {
    const { timeline, clock, speedRatio, isPaused, idleLimitMs, isFollowing } = options;
    this.clock = clock;
    this.deck = new Deck({ ...timeline.start(), offset: 0 }, clock.now, onItem);
    this.navigation = new Navigation({
      timeline,
      deck: this.deck,
      onArrival: (atMs, pauses) => this.#arrive(atMs, pauses),
      onNotice,
    });
    this.pace = new Pace(clock.now(), speedRatio, isPaused);
    this.isSourceFollowed = isFollowing;
    this.isFollowing = isFollowing;
    this.idleLimitMs = idleLimitMs;
  }

  /** The moment that is shown: not later than there is something of. */
  get shownMs(): number {
    const lengthMs = Math.max(this.navigation.timeline.lengthMs, this.deck.atMs);
    return Math.min(this.pace.mediaMs(this.clock.now()), lengthMs);
  }

  /** Whether the recording has no more at present. */
  get isStalled(): boolean {
    return this.deck.waitedMs >= stallMs;
  }

  /** Back to the mark before the one that was just gone to, while the recording plays on. */
  get slackMs(): number {
    return this.pace.isPaused ? 0 : markSlackMs * Math.max(1, this.pace.speedRatio);
  }

  #arrive(atMs: number, pauses: boolean): void {
    const nowMs = this.clock.now();
    this.hasArrived = true;
    this.steps = 0;
    this.typed = new Typed();
    this.pace.jump(atMs, nowMs);
    if (pauses && !this.pace.isPaused) this.pace.toggle(nowMs);
  }
}
