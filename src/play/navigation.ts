/** Navigation: goes to other moments of a recording, by time, mark, packet or what is searched for. */
import { RecError } from "../errors.ts";
import type { Direction } from "./controls.ts";
import { type Deck, momentOf } from "./deck.ts";
import type { Highlight } from "./draw/compose.ts";
import { Errands } from "./errand.ts";
import { markText, nearestMark } from "./nearest-mark.ts";
import type { Place } from "./scan.ts";
import { highlightsOf, searchBack, searchOn } from "./search.ts";
import { expressionOf } from "./search-words.ts";
import type { Mark } from "./timeline/mark.ts";
import type { Target, Timeline } from "./timeline/timeline.ts";

export interface NavigationOptions {
  readonly timeline: Timeline;
  readonly deck: Deck;
  /** Another moment is on the deck: the recording goes on from that time. */
  readonly onArrival: (atMs: number, pauses: boolean) => void;
  /** The notice has changed. */
  readonly onNotice: () => void;
}

interface Wanted {
  readonly words: string;
  readonly expression: RegExp;
  readonly direction: Direction;
}

export class Navigation {
  readonly #options: NavigationOptions;
  readonly #deck: Deck;
  readonly #errands = new Errands();
  #timeline: Timeline;
  #aimMs: number | null = null;
  #wanted: Wanted | null = null;
  /** What went wrong, or is being done, in words; may hold what a program or the auditor wrote. */
  notice = "";
  /** Where the screen shows what was searched for. */
  highlights: readonly Highlight[] = [];

  constructor(options: NavigationOptions) {
    this.#options = options;
    this.#deck = options.deck;
    this.#timeline = options.timeline;
  }

  get timeline(): Timeline {
    return this.#timeline;
  }

  /** Where it is to go, while it has not arrived. */
  get aimMs(): number | null {
    return this.#aimMs;
  }

  /** "seeking", "searching"; null when it is where it should be. */
  get doing(): string | null {
    return this.#errands.name;
  }

  get isDue(): boolean {
    return this.#errands.isDue;
  }

  /** Does what was asked for; resolved when it has arrived, or not, or something else was asked for. */
  async run(): Promise<void> {
    await this.#errands.run();
    if (!this.isDue) this.#aimMs = null;
  }

  cancel(): void {
    this.highlights = [];
    this.#errands.cancel();
  }

  /** Counted from the end when it is negative; Infinity is the end. */
  goToTime(atMs: number): void {
    this.#send("seeking", atMs, async (signal) => {
      const fromMs = atMs < 0 ? Math.max(0, (await this.#length(signal)) + atMs) : atMs;
      await this.#seek({ atMs: fromMs }, signal);
    });
  }

  goToStart(): void {
    this.#send("seeking", 0, (signal) => this.#seek({ packets: 0 }, signal));
  }

  goToPart(ratio: number): void {
    this.#send("seeking", ratio * this.#timeline.lengthMs, async (signal) => {
      await this.#seek({ atMs: ratio * (await this.#length(signal)) }, signal);
    });
  }

  /** The nearest mark from that time on, or back. */
  goToMark(atMs: number, direction: Direction): void {
    this.#send("seeking", null, async (signal) => {
      const timeline = this.#timeline;
      const nearest = (): Mark | null => nearestMark(timeline.marks, atMs, direction);
      await timeline.until(() => (direction === 1 ? nearest() !== null : timeline.lengthMs >= atMs), signal);
      const mark = nearest();
      if (signal.aborted) return;
      this.#tell(mark !== null ? markText(mark) : direction === 1 ? "no mark after this" : "no mark before this");
      if (mark !== null) await this.#seek({ atMs: mark.atMs }, signal);
    });
  }

  /** To before the last packet that changed the screen. */
  stepBack(): void {
    this.#send("stepping", null, async (signal) => {
      const before = await this.#before(this.#deck.place, signal);
      if (before !== null) this.#arrive(before, momentOf(before), signal, true);
    });
  }

  async #before({ cursor, offset }: Place, signal: AbortSignal): Promise<Place | null> {
    for (let packets = Math.max(0, offset > 0 ? cursor.packets : cursor.packets - 1); ; packets--) {
      const moment = await this.#timeline.seek({ packets }, signal);
      if (moment === null) return null;
      if (packets === 0 || (await moment.cursor.peek())?.kind === "output") return { ...moment, offset: 0 };
      moment.cursor.close();
    }
  }

  /** Goes to where the screen shows it next, and pauses there. Throws SyntaxError for what is no regular expression. */
  find(words: string, direction: Direction): void {
    this.#wanted = { words, expression: expressionOf(words), direction };
    this.#search(this.#wanted, direction, () => this.#tell(`not found: ${words}`));
  }

  /** -1 is the other way than the last time. */
  findAgain(direction: Direction): void {
    const wanted = this.#wanted;
    if (wanted === null) this.notice = "nothing was searched for";
    else {
      const onMiss = (): void => this.#tell(`not found: ${wanted.words}`);
      this.#search(wanted, (wanted.direction * direction) as Direction, onMiss);
    }
  }

  /** The first that is searched for; playing then fails with REC_SEARCH_NONE when the screen never shows it. */
  startAt(words: string): void {
    this.#wanted = { words, expression: expressionOf(words), direction: 1 };
    const onMiss = (): void => {
      throw new RecError("REC_SEARCH_NONE", { words });
    };
    this.#search(this.#wanted, 1, onMiss, false);
  }

  #search({ words, expression }: Wanted, direction: Direction, onMiss: () => void, pauses = true): void {
    const search = direction === 1 ? searchOn : searchBack;
    this.#send("searching", null, async (signal) => {
      const progress = (ratio: number): void => this.#tell(`searching ${Math.floor(ratio * 100)}%: ${words}`);
      const place = await search(this.#timeline, expression, this.#deck.position, { signal, progress });
      if (signal.aborted) place?.cursor.close();
      else if (place === null) onMiss();
      else {
        this.#tell("");
        this.#arrive(place, momentOf(place), signal, pauses);
        this.highlights = highlightsOf(place.emulator, expression);
      }
    });
  }

  /** Goes on in another timeline of the same recording, at the same moment. */
  change(open: () => Promise<Timeline>): void {
    this.#send("following", null, async () => {
      const { packets } = this.#deck.position;
      this.#timeline = await open();
      // It has taken the place of the other one, whatever comes in between.
      const { signal } = new AbortController();
      await this.#seek({ packets }, signal);
    });
  }

  async #seek(target: Target, signal: AbortSignal): Promise<void> {
    const moment = await this.#timeline.seek(target, signal);
    if (moment === null) return;
    const reachedMs = moment.cursor.atMs;
    // A time between two packets is one of the recording, one after the last is not.
    const atMs = "atMs" in target ? Math.min(target.atMs, Math.max(reachedMs, this.#timeline.lengthMs)) : reachedMs;
    this.#arrive({ ...moment, offset: 0 }, atMs, signal, false);
  }

  async #length(signal: AbortSignal): Promise<number> {
    const end = await this.#timeline.seek({ atMs: Number.POSITIVE_INFINITY }, signal);
    end?.cursor.close();
    return this.#timeline.lengthMs;
  }

  #arrive(place: Place, atMs: number, signal: AbortSignal, pauses: boolean): void {
    if (signal.aborted) {
      place.cursor.close();
      return;
    }
    this.#deck.load(place);
    this.highlights = [];
    this.#options.onArrival(atMs, pauses);
  }

  /** `aimMs`: the time that is gone to where it is known before. */
  #send(name: string, aimMs: number | null, run: (signal: AbortSignal) => Promise<void>): void {
    this.highlights = [];
    this.#aimMs = aimMs !== null && aimMs >= 0 && aimMs !== Number.POSITIVE_INFINITY ? aimMs : null;
    this.#errands.send({ name, run });
  }

  #tell(notice: string): void {
    if (this.notice === notice) return;
    this.notice = notice;
    this.#options.onNotice();
  }
}
