/** The player with a screen: shows any moment of a recording, both ways, in time and as keys direct. */
import type { Emulator } from "../emulator/emulator.ts";
import { isPacket } from "../format/item.ts";
import type { Packet } from "../format/packet.ts";
import type { Navigation } from "./navigation.ts";
import { pictureOf } from "./picture.ts";
import { Playing, type PlayingOptions, stallMs } from "./playing.ts";
import { Remote, type RemoteOptions } from "./remote.ts";
import type { Scene } from "./scene.ts";
import { Turn } from "./timeline/turn.ts";

export interface ScreenPlayerOptions extends PlayingOptions, Pick<RemoteOptions, "isPersistent" | "follow"> {
  readonly scene: Scene;
  /** Nothing later is shown. */
  readonly untilMs: number;
  readonly showsInput: boolean;
}

/** How often the status is told anew while nothing happens. */
const tickMs = 250;

export class ScreenPlayer {
  readonly #options: ScreenPlayerOptions;
  readonly #playing: Playing;
  readonly #remote: Remote;
  readonly #turn = new Turn();
  #wake: (() => void) | null = null;
  #isQuitting = false;

  constructor(options: ScreenPlayerOptions) {
    const { scene, isPersistent, follow, idleLimitMs, showsInput } = options;
    this.#options = options;
    this.#playing = new Playing(options, {
      onItem: () => {
        this.#wake?.();
        scene.change();
      },
      onNotice: () => scene.change(),
    });
    this.#remote = new Remote({
      playing: this.#playing,
      idleLimitMs,
      isPersistent,
      follow,
      onMove: (columns, rows) => scene.move(columns, rows),
      onQuit: () => this.quit(),
    });
    scene.show(() => pictureOf(this.#playing, this.#remote.typed, showsInput));
  }

  /** Where it begins is set with this before it plays. */
  get navigation(): Navigation {
    return this.#playing.navigation;
  }

  /** What is on the recorded screen now. */
  get screen(): Emulator {
    return this.#playing.deck.emulator;
  }

  /** Resolved when the recording was played to its end (true) or left before (false). */
  async play(): Promise<boolean> {
    this.#options.scene.change();
    while (!this.#isQuitting) {
      if (this.navigation.isDue) await this.#navigate();
      else if (this.#remote.isBehind && !this.#isStepping) this.#remote.obeyNext();
      else if (!(await this.#goOn())) return true;
      if (this.#turn.isDue) await this.#turn.take();
    }
    return false;
  }

  press(key: string): void {
    if (this.#isQuitting) return;
    this.#remote.press(key);
    this.#options.scene.change();
    this.#wake?.();
  }

  /** Ends the playing now, whatever it does. */
  quit(): void {
    this.#isQuitting = true;
    this.navigation.cancel();
    this.#wake?.();
  }

  /** A step is done as soon as there is a packet for it. */
  get #isStepping(): boolean {
    return this.#playing.steps > 0 && !this.#playing.isStalled;
  }

  /** The recording stands still meanwhile. */
  async #navigate(): Promise<void> {
    const { pace, clock, navigation } = this.#playing;
    const atMs = pace.mediaMs(clock.now());
    this.#playing.hasArrived = false;
    this.#options.scene.change();
    const stopTelling = this.#keepTelling();
    try {
      await navigation.run();
    } finally {
      stopTelling();
    }
    if (!this.#playing.hasArrived) pace.jump(atMs, clock.now());
    this.#options.scene.change();
  }

  /** The status is told anew now and then: what is gone to may not be known yet. */
  #keepTelling(): () => void {
    const { clock, scene } = this.#options;
    let cancel = (): void => {};
    const tell = (): void => {
      scene.change();
      cancel = clock.schedule(tickMs, tell);
    };
    cancel = clock.schedule(tickMs, tell);
    return () => cancel();
  }

  /** Shows what is due, or waits for it or a key; false at the end. */
  async #goOn(): Promise<boolean> {
    const { deck, pace, clock } = this.#playing;
    const item = deck.next;
    if (item === undefined) return await this.#awaitItem();
    if (item === null || ("atMs" in item && item.atMs > this.#options.untilMs)) return await this.#stayAtEnd();
    if (!isPacket(item)) {
      // The beginning is missing: it is not waited for.
      if (item.kind === "gap" && deck.position.packets === 0) pace.jump(item.toMs, clock.now());
      deck.pass(item);
    } else if (item.kind === "input" && !this.#options.showsInput) deck.pass(item);
    else await this.#showWhenDue(item);
    return true;
  }

  async #showWhenDue(packet: Packet): Promise<void> {
    const playing = this.#playing;
    const { deck, pace } = playing;
    const nowMs = playing.clock.now();
    if (!pace.isPaused) pace.limitIdle(packet.atMs, playing.idleLimitMs, nowMs);
    // The first size is that of the empty screen.
    const isFirstSize = packet.kind === "window" && deck.position.packets === 0;
    const waitMs = playing.steps > 0 || isFirstSize ? 0 : pace.waitMs(packet.atMs, nowMs);
    if (waitMs > 0) return await this.#keyOrDelay(waitMs);
    if (packet.kind === "output") playing.steps = Math.max(0, playing.steps - 1);
    if (packet.kind === "input") playing.typed.take(packet.bytes);
    deck.pass(packet);
    pace.reach(packet.atMs, nowMs);
    playing.navigation.highlights = [];
    this.#options.scene.change();
  }

  async #awaitItem(): Promise<boolean> {
    const { isStalled, isSourceFollowed, isFollowing } = this.#playing;
    if (isStalled && isSourceFollowed && !isFollowing) return await this.#stayAtEnd();
    await this.#keyOrDelay(isStalled ? tickMs : stallMs);
    return true;
  }

  /** A paused player stays at the end, so that its last screen can be looked at. */
  async #stayAtEnd(): Promise<boolean> {
    this.#playing.steps = 0;
    if (!this.#playing.pace.isPaused) return false;
    await this.#keyOrDelay(Number.POSITIVE_INFINITY);
    return true;
  }

  async #keyOrDelay(delayMs: number): Promise<void> {
    const { clock, scene } = this.#options;
    let cancel = (): void => {};
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      // Paused nothing moves, not even the status, once the whole length is known.
      const isStill = delayMs === Number.POSITIVE_INFINITY && this.navigation.timeline.isComplete;
      if (!isStill) cancel = clock.schedule(Math.min(delayMs, tickMs), resolve);
    });
    this.#wake = null;
    cancel();
    scene.change();
  }
}
