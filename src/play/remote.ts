/** The remote control: obeys keys, those that begin where another ends when that is done. */
import { type Command, Controls, type Direction } from "./controls.ts";
import type { Playing } from "./playing.ts";
import type { Timeline } from "./timeline/timeline.ts";

export interface RemoteOptions {
  readonly playing: Playing;
  /** What the key for it takes; Infinity where no limit was given. */
  readonly idleLimitMs: number;
  /** Nothing that is typed ends the playing. */
  readonly isPersistent: boolean;
  /** The same recording, of which more is waited for at its end, instead of the other one; null where it comes but once. */
  readonly follow: (() => Promise<Timeline>) | null;
  /** The view of a larger screen is to be moved. */
  readonly onMove: (columns: number, rows: number) => void;
  readonly onQuit: () => void;
}

/** What the key for it takes where no limit was given. */
const usualIdleMs = 2000;
/** Keys that begin where the one before them ends: they wait for it. */
const relative: ReadonlySet<Command["kind"]> = new Set(["step", "mark", "search", "again", "follow"]);
/** Those that begin somewhere of their own: nothing before them is waited for. */
const absolute: ReadonlySet<Command["kind"]> = new Set(["skip", "go", "part", "cancel"]);
/** A key that is held down asks for more than can be done meanwhile. */
const maxWaiting = 20;

export class Remote {
  readonly #options: RemoteOptions;
  readonly #playing: Playing;
  readonly #controls = new Controls();
  #waiting: Command[] = [];

  constructor(options: RemoteOptions) {
    this.#options = options;
    this.#playing = options.playing;
  }

  /** What was typed of a command that is not whole yet. */
  get typed(): string {
    return this.#controls.typed;
  }

  press(key: string): void {
    this.#playing.navigation.notice = "";
    if (this.#playing.isHelpShown) this.#playing.isHelpShown = false;
    else {
      const command = this.#controls.press(key);
      if (command !== null) this.#take(command);
    }
  }

  /** Whether a key waits until what was asked for before is done: then `obeyNext`. */
  get isBehind(): boolean {
    return this.#waiting.length > 0;
  }

  obeyNext(): void {
    const command = this.#waiting.shift();
    if (command !== undefined) this.#obey(command, this.#playing.clock.now());
  }

  #take(command: Command): void {
    const isBusy = this.#playing.navigation.doing !== null || this.isBehind;
    if (isBusy && relative.has(command.kind)) {
      if (this.#waiting.length < maxWaiting) this.#waiting.push(command);
      return;
    }
    if (absolute.has(command.kind)) this.#waiting = [];
    this.#obey(command, this.#playing.clock.now());
  }

  #obey(command: Command, nowMs: number): void {
    const playing = this.#playing;
    const { navigation, pace } = playing;
    switch (command.kind) {
      case "pause":
        pace.toggle(nowMs);
        break;
      case "speed":
        pace.changeSpeed(command.change, nowMs);
        break;
      case "skip":
        navigation.goToTime(Math.max(0, (navigation.aimMs ?? playing.shownMs) + command.byMs));
        break;
      case "step":
        if (command.direction === 1) playing.steps++;
        else if (playing.steps > 0) playing.steps--;
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
        navigation.goToMark(playing.shownMs - (command.direction === -1 ? playing.slackMs : 0), command.direction);
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
        playing.isWallClock = !playing.isWallClock;
        break;
      case "follow":
        this.#follow();
        break;
      case "move":
        this.#options.onMove(command.columns, command.rows);
        break;
      case "help":
        playing.isHelpShown = true;
        break;
      case "quit":
        if (!this.#options.isPersistent) this.#options.onQuit();
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
    const { navigation } = this.#playing;
    try {
      navigation.find(words, direction);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      navigation.notice = error.message;
    }
  }

  #toggleIdle(): void {
    const { idleLimitMs } = this.#options;
    const limitMs = idleLimitMs === Number.POSITIVE_INFINITY ? usualIdleMs : idleLimitMs;
    const isOn = this.#playing.idleLimitMs === limitMs;
    this.#playing.idleLimitMs = isOn ? Number.POSITIVE_INFINITY : limitMs;
    this.#playing.navigation.notice = isOn ? "no idle limit" : `idle limit ${limitMs / 1000} s`;
  }

  #follow(): void {
    const { follow } = this.#options;
    const playing = this.#playing;
    const { navigation } = playing;
    if (playing.isSourceFollowed) {
      playing.isFollowing = !playing.isFollowing;
      navigation.notice = playing.isFollowing ? "following" : "not following";
    } else if (navigation.timeline.marks.at(-1)?.kind === "end") navigation.notice = "the recording has ended";
    else if (follow === null) navigation.notice = "what comes by a pipe comes but once";
    else {
      playing.isSourceFollowed = true;
      playing.isFollowing = true;
      navigation.change(follow);
    }
  }
}
