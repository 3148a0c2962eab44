/** The scene: puts together what the auditor sees, and has it painted no more often than can be seen. */
import type { Display } from "./display.ts";
import { compose, type Screen } from "./draw/compose.ts";
import { helpLines, type Key } from "./draw/help.ts";
import { statusText } from "./draw/status.ts";
import { View } from "./draw/view.ts";
import type { Picture } from "./picture.ts";
import type { Clock } from "./player.ts";

/** Time between two frames. */
const frameMs = 30;

export interface SceneOptions {
  readonly display: Display;
  readonly clock: Clock;
  readonly keys: readonly Key[];
  readonly hasStatus: boolean;
  /** The terminal is asked to take the size of the recorded one. */
  readonly isResizing: boolean;
  /** Wall clock as people read it. */
  readonly formatDate: (ms: number) => string;
}

export class Scene {
  readonly #options: SceneOptions;
  readonly #view = new View();
  #take: () => Picture = () => {
    throw new Error("nothing to show");
  };
  #cancel: (() => void) | null = null;
  #drawnMs = Number.NEGATIVE_INFINITY;
  #askedSize = "";

  constructor(options: SceneOptions) {
    this.#options = options;
  }

  /** Where pictures come from. */
  show(take: () => Picture): void {
    this.#take = take;
  }

  /** Something has changed: it is drawn as soon as the last frame was seen for a while, and taken. */
  change(): void {
    if (this.#cancel !== null) return;
    const { clock } = this.#options;
    const delayMs = Math.max(0, this.#drawnMs + frameMs - clock.now());
    this.#cancel = clock.schedule(delayMs, () => {
      this.#cancel = null;
      this.#draw();
    });
  }

  /** Moves a screen that is larger than the terminal. */
  move(columns: number, rows: number): void {
    this.#view.move(columns, rows);
    this.change();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = () => {};
  }

  #draw(): void {
    const { display, clock } = this.#options;
    // When it is ready it asks for the newest.
    if (!display.isReady) return;
    this.#drawnMs = clock.now();
    const { screen, status, typed, highlights, isHelpShown } = this.#take();
    if (this.#options.isResizing && screen.hasWindow) this.#ask(screen);
    const { hasStatus, keys, formatDate } = this.#options;
    const { columns } = display.size;
    const part = `part of ${screen.columns}x${screen.rows}`;
    const lines = [
      ...(typed === null ? [] : [() => `typed: ${typed}`]),
      ...(hasStatus
        ? [(isPart: boolean) => statusText({ ...status, part: isPart ? part : "" }, formatDate, columns)]
        : []),
      ...(!hasStatus && status.notice !== "" ? [() => status.notice] : []),
    ];
    const overlay = isHelpShown ? helpLines(keys) : [];
    display.paint(compose({ screen, view: this.#view, lines, overlay, highlights }, display.size));
  }

  #ask(screen: Screen): void {
    const rows = screen.rows + (this.#options.hasStatus ? 1 : 0);
    const size = `${screen.columns}x${rows}`;
    if (size === this.#askedSize) return;
    this.#askedSize = size;
    this.#options.display.ask({ columns: screen.columns, rows });
  }
}
