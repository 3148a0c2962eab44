/** The player with a screen: shows any moment of a recording, both ways, as keys direct. */
import type { Emulator } from "../emulator/emulator.ts";
import type { Item } from "../format/item.ts";
import type { Packet } from "../format/packet.ts";
import { type Command, Controls, type Direction } from "./controls.ts";
import { Deck } from "./deck.ts";
import { Navigation } from "./navigation.ts";
import { countGaps } from "./nearest-mark.ts";
import { Pace } from "./pace.ts";
import type { Clock } from "./player.ts";
import type { Picture, Scene } from "./scene.ts";
import type { Timeline } from "./timeline/timeline.ts";
import { Turn } from "./timeline/turn.ts";
import { Typed } from "./typed.ts";

export interface ScreenPlayerOptions {
  readonly timeline: Timeline;
  readonly scene: Scene;
  readonly clock: Clock;
  /** Nothing later is shown. */
  readonly untilMs: number;
  readonly speedRatio: number;
  readonly isPaused: boolean;
  /** Infinity plays every pause as long as it was. */
  readonly idleLimitMs: number;
  /** Nothing that is typed ends the playing. */
  readonly isPersistent: boolean;
  /** At its end more is waited for. */
  readonly isFollowing: boolean;
  readonly showsInput: boolean;
  /** The same recording, of which more is waited for at its end, instead of the other one; null where it comes but once. */
  readonly follow: (() => Promise<Timeline>) | null;
}

/** What the key for it takes where no limit was given. */
const usualIdleMs = 2000;
/** How often the status is told anew while nothing happens. */
const tickMs = 250;
/** So far the recording has played on when somebody wants the mark before the last. */
const markSlackMs = 1000;
/** Keys that begin where the one before them ends: they wait for it. */
const relative: ReadonlySet<Command["kind"]> = new Set(["step", "mark", "search", "again", "follow"]);
/** Those that begin somewhere of their own: nothing before them is waited for. */
const absolute: ReadonlySet<Command["kind"]> = new Set(["skip", "go", "part", "cancel"]);
/** A key that is held down asks for more than can be done meanwhile. */
const maxWaiting = 20;
/** A recording that says nothing for this long has no more at present. */
const stallMs = 50;

export class ScreenPlayer {
  readonly #options: ScreenPlayerOptions;
  readonly #clock: Clock;
  readonly #pace: Pace;
  readonly #controls = new Controls();
  readonly #deck: Deck;
  readonly #navigation: Navigation;
  readonly #turn = new Turn();
  #wake: (() => void) | null = null;
  #waiting: Command[] = [];
  #steps = 0;
  #hasArrived = false;
  #isQuitting = false;
  #isSourceFollowed: boolean;
  #isFollowing: boolean;
  #idleLimitMs: number;
  #isWallClock = false;
  #isHelpShown = false;
  #typed = new Typed();

  constructor(options: ScreenPlayerOptions) {
    const { clock, timeline, scene } = options;
    this.#options = options;
    this.#clock = clock;
    this.#deck = new Deck({ ...timeline.start(), offset: 0 }, clock.now, () => {
      this.#wake?.();
      scene.change();
    });
    this.#navigation = new Navigation({
      timeline,
      deck: this.#deck,
      onArrival: (atMs, pauses) => this.#arrive(atMs, pauses),
      onNotice: () => scene.change(),
    });
    this.#pace = new Pace(clock.now(), options.speedRatio, options.isPaused);
    this.#isSourceFollowed = options.isFollowing;
    this.#isFollowing = options.isFollowing;
    this.#idleLimitMs = options.idleLimitMs;
    scene.show(() => this.#picture());
  }

  /** Where it begins is set with this before it plays. */
  get navigation(): Navigation {
    return this.#navigation;
  }

  /** What is on the recorded screen now. */
  get screen(): Emulator {
    return this.#deck.emulator;
  }

  /** Resolved when the recording was played to its end (true) or left before (false). */
  async play(): Promise<boolean> {
    this.#options.scene.change();
    while (!this.#isQuitting) {
      if (this.#navigation.isDue) await this.#navigate();
      else if (this.#waiting.length > 0 && !this.#isStepping) this.#obeyNext();
      else if (!(await this.#goOn())) return true;
      if (this.#turn.isDue) await this.#turn.take();
    }
    return false;
  }

  press(key: string): void {
    if (this.#isQuitting) return;
    this.#navigation.notice = "";
    if (this.#isHelpShown) this.#isHelpShown = false;
    else {
      const command = this.#controls.press(key);
      if (command !== null) this.#take(command);
    }
    this.#options.scene.change();
    this.#wake?.();
  }

  /** Ends the playing now, whatever it does. */
  quit(): void {
    this.#isQuitting = true;
    this.#navigation.cancel();
    this.#wake?.();
  }

  #take(command: Command): void {
    const isBusy = this.#navigation.doing !== null || this.#waiting.length > 0;
    if (isBusy && relative.has(command.kind)) {
      if (this.#waiting.length < maxWaiting) this.#waiting.push(command);
      return;
    }
    if (absolute.has(command.kind)) this.#waiting = [];
    this.#obey(command, this.#clock.now());
  }

  #obeyNext(): void {
    const command = this.#waiting.shift();
    if (command !== undefined) this.#obey(command, this.#clock.now());
  }

  /** A step is done as soon as there is a packet for it. */
  get #isStepping(): boolean {
    return this.#steps > 0 && this.#deck.waitedMs < stallMs;
  }

  #obey(command: Command, nowMs: number): void {
    const navigation = this.#navigation;
    switch (command.kind) {
      case "pause":
        this.#pace.toggle(nowMs);
        break;
      case "speed":
        this.#pace.changeSpeed(command.change, nowMs);
        break;
      case "skip":
        navigation.goToTime(Math.max(0, (navigation.aimMs ?? this.#shownMs) + command.byMs));
        break;
      case "step":
        if (command.direction === 1) this.#steps++;
        else if (this.#steps > 0) this.#steps--;
        else navigation.stepBack();
        break;
      case "go":
        if (command.atMs === 0) navigation.goToStart();
        else navigation.goToTime(command.atMs);
        break;
      case "part":
        navigation.goToPart(command.ratio);
        break;
      case "mark":
        navigation.goToMark(this.#shownMs - (command.direction === -1 ? this.#slackMs : 0), command.direction);
        break;
      case "search":
        this.#find(command.words, command.direction);
        break;
      case "again":
        navigation.findAgain(command.direction);
        break;
      case "idle":
        this.#toggleIdle();
        break;
      case "clock":
        this.#isWallClock = !this.#isWallClock;
        break;
      case "follow":
        this.#follow();
        break;
      case "move":
        this.#options.scene.move(command.columns, command.rows);
        break;
      case "help":
        this.#isHelpShown = true;
        break;
      case "quit":
        if (!this.#options.isPersistent) this.quit();
        break;
      case "cancel":
        navigation.cancel();
        break;
      case "wrong":
        navigation.notice = command.why;
        break;
      default:
        command satisfies never;
    }
  }

  #find(words: string, direction: Direction): void {
    try {
      this.#navigation.find(words, direction);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      this.#navigation.notice = error.message;
    }
  }

  #toggleIdle(): void {
    const { idleLimitMs } = this.#options;
    const limitMs = idleLimitMs === Number.POSITIVE_INFINITY ? usualIdleMs : idleLimitMs;
    const isOn = this.#idleLimitMs === limitMs;
    this.#idleLimitMs = isOn ? Number.POSITIVE_INFINITY : limitMs;
    this.#navigation.notice = isOn ? "no idle limit" : `idle limit ${limitMs / 1000} s`;
  }

  #follow(): void {
    const { follow } = this.#options;
    if (this.#isSourceFollowed) {
      this.#isFollowing = !this.#isFollowing;
      this.#navigation.notice = this.#isFollowing ? "following" : "not following";
    } else if (this.#navigation.timeline.marks.at(-1)?.kind === "end")
      this.#navigation.notice = "the recording has ended";
    else if (follow === null) this.#navigation.notice = "what comes by a pipe comes but once";
    else {
      this.#isSourceFollowed = true;
      this.#isFollowing = true;
      this.#navigation.change(follow);
    }
  }

  /** The recording stands still meanwhile. */
  async #navigate(): Promise<void> {
    const atMs = this.#pace.mediaMs(this.#clock.now());
    this.#hasArrived = false;
    this.#options.scene.change();
    const stopTelling = this.#keepTelling();
    try {
      await this.#navigation.run();
    } finally {
      stopTelling();
    }
    if (!this.#hasArrived) this.#pace.jump(atMs, this.#clock.now());
    this.#options.scene.change();
  }

  /** The status is told anew now and then: what is gone to may not be known yet. */
  #keepTelling(): () => void {
    let cancel = (): void => {};
    const tell = (): void => {
      this.#options.scene.change();
      cancel = this.#clock.schedule(tickMs, tell);
    };
    cancel = this.#clock.schedule(tickMs, tell);
    return () => cancel();
  }

  #arrive(atMs: number, pauses: boolean): void {
    const nowMs = this.#clock.now();
    this.#hasArrived = true;
    this.#steps = 0;
    this.#typed = new Typed();
    this.#pace.jump(atMs, nowMs);
    if (pauses && !this.#pace.isPaused) this.#pace.toggle(nowMs);
  }

  /** Shows what is due, or waits for it or a key; false at the end. */
  async #goOn(): Promise<boolean> {
    const item = this.#deck.next;
    if (item === undefined) return await this.#awaitItem();
    if (item === null || ("atMs" in item && item.atMs > this.#options.untilMs)) return await this.#stayAtEnd();
    if (!isPacket(item)) {
      // The beginning is missing: it is not waited for.
      if (item.kind === "gap" && this.#deck.position.packets === 0) this.#pace.jump(item.toMs, this.#clock.now());
      this.#deck.pass(item);
    } else if (item.kind === "input" && !this.#options.showsInput) this.#deck.pass(item);
    else await this.#showWhenDue(item);
    return true;
  }

  async #showWhenDue(packet: Packet): Promise<void> {
    const nowMs = this.#clock.now();
    if (!this.#pace.isPaused) this.#pace.limitIdle(packet.atMs, this.#idleLimitMs, nowMs);
    // The first size is that of the empty screen.
    const isFirstSize = packet.kind === "window" && this.#deck.position.packets === 0;
    const waitMs = this.#steps > 0 || isFirstSize ? 0 : this.#pace.waitMs(packet.atMs, nowMs);
    if (waitMs > 0) return await this.#keyOrDelay(waitMs);
    if (packet.kind === "output") this.#steps = Math.max(0, this.#steps - 1);
    if (packet.kind === "input") this.#typed.take(packet.bytes);
    this.#deck.pass(packet);
    this.#pace.reach(packet.atMs, nowMs);
    this.#navigation.highlights = [];
    this.#options.scene.change();
  }

  async #awaitItem(): Promise<boolean> {
    const isStalled = this.#deck.waitedMs >= stallMs;
    if (isStalled && this.#isSourceFollowed && !this.#isFollowing) return await this.#stayAtEnd();
    await this.#keyOrDelay(isStalled ? tickMs : stallMs);
    return true;
  }

  /** A paused player stays at the end, so that its last screen can be looked at. */
  async #stayAtEnd(): Promise<boolean> {
    this.#steps = 0;
    if (!this.#pace.isPaused) return false;
    await this.#keyOrDelay(Number.POSITIVE_INFINITY);
    return true;
  }

  async #keyOrDelay(delayMs: number): Promise<void> {
    let cancel = (): void => {};
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      // Paused nothing moves, not even the status, once the whole length is known.
      const isStill = delayMs === Number.POSITIVE_INFINITY && this.#navigation.timeline.isComplete;
      if (!isStill) cancel = this.#clock.schedule(Math.min(delayMs, tickMs), resolve);
    });
    this.#wake = null;
    cancel();
    this.#options.scene.change();
  }

  /** Back to the mark before the one that was just gone to, while the recording plays on. */
  get #slackMs(): number {
    return this.#pace.isPaused ? 0 : markSlackMs * Math.max(1, this.#pace.speedRatio);
  }

  /** The moment that is shown: not later than there is something of. */
  get #shownMs(): number {
    const lengthMs = Math.max(this.#navigation.timeline.lengthMs, this.#deck.atMs);
    return Math.min(this.#pace.mediaMs(this.#clock.now()), lengthMs);
  }

  get #state(): string {
    const { doing, timeline } = this.#navigation;
    // What comes but once does not tell how much of it is still to come.
    const isTold = !timeline.isComplete && timeline.progressRatio > 0;
    if (doing !== null) return isTold ? `${doing}, ${Math.floor(timeline.progressRatio * 100)}% is known` : doing;
    if (this.#pace.isPaused) return this.#deck.next === null ? "end" : "paused";
    return this.#isFollowing && this.#deck.waitedMs >= stallMs ? "following" : "playing";
  }

  #picture(): Picture {
    const { timeline, aimMs, notice, highlights } = this.#navigation;
    const { head } = timeline;
    return {
      screen: this.#deck.emulator,
      status: {
        state: this.#state,
        notice: this.#controls.typed === "" ? notice : this.#controls.typed,
        atMs: aimMs ?? this.#shownMs,
        lengthMs: timeline.lengthMs,
        isOpen: !timeline.isComplete,
        isPaused: this.#pace.isPaused,
        startedMs: head?.startedMs ?? null,
        isWallClock: this.#isWallClock,
        speedRatio: this.#pace.speedRatio,
        idleLimitMs: this.#idleLimitMs === Number.POSITIVE_INFINITY ? null : this.#idleLimitMs,
        who: head === null ? "" : `${head.user}@${head.host}`,
        gaps: countGaps(timeline.marks),
        isInexact: this.#deck.emulator.omitted > 0,
      },
      typed: this.#options.showsInput ? this.#typed.text : null,
      highlights,
      isHelpShown: this.#isHelpShown,
    };
  }
}

function isPacket(item: Item): item is Packet {
  return item.kind === "output" || item.kind === "input" || item.kind === "window";
}
