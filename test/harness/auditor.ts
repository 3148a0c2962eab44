/** A player with a screen, drawing on a terminal of the test's own: an independent emulator, which shows what an auditor sees. */
import { tmpdir } from "node:os";
import xterm from "@xterm/headless";
import { onTestFinished } from "vitest";
import { playKeys } from "../../src/config/play-keys.ts";
import type { Item } from "../../src/format/item.ts";
import { Display } from "../../src/play/display.ts";
import { Scene } from "../../src/play/scene.ts";
import { ScreenPlayer, type ScreenPlayerOptions } from "../../src/play/screen-player.ts";
import { Spool } from "../../src/play/timeline/spool.ts";
import type { Tape } from "../../src/play/timeline/tape.ts";
import { Timeline } from "../../src/play/timeline/timeline.ts";
import { until } from "../e2e/play-program.ts";

interface ScreenOptions extends Partial<Omit<ScreenPlayerOptions, "timeline" | "scene" | "clock">> {
  readonly columns?: number;
  readonly rows?: number;
  readonly hasStatus?: boolean;
  readonly isResizing?: boolean;
}

export class AuditorScreen {
  readonly player: ScreenPlayer;
  readonly display: Display;
  readonly #terminal: xterm.Terminal;
  /** Everything that was written to the terminal. */
  output = "";
  /** Nothing until it is over. */
  result: boolean | Error | undefined;

  constructor(items: AsyncIterable<Iterable<Item>> | readonly Item[] | Tape, options: ScreenOptions = {}) {
    const { columns = 80, rows = 24, hasStatus = true, isResizing = false, ...playing } = options;
    this.#terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
    const timeline = timelineOf(items);
    const clock = {
      now: () => performance.now(),
      schedule(delayMs: number, callback: () => void) {
        const timer = setTimeout(callback, delayMs);
        return () => clearTimeout(timer);
      },
    };
    const native = {
      reopenTerminal: () => 99,
      closeDescriptor: () => 0,
      windowSize: (_: number, size: Int32Array) => {
        size.set([this.#terminal.cols, this.#terminal.rows]);
        return 0;
      },
      write: (_: number, bytes: Uint8Array, from: number, length: number) => {
        // As a slow terminal takes it: in pieces.
        const taken = Math.min(length, 1000);
        const piece = bytes.slice(from, from + taken);
        this.output += Buffer.from(piece).toString("latin1");
        this.#terminal.write(piece);
        return taken;
      },
    };
    this.display = new Display({ native, fd: 1, kind: "xterm", onReady: () => scene.change() });
    const formatDate = (ms: number): string => new Date(ms).toISOString().slice(0, 19);
    const scene = new Scene({ display: this.display, clock, keys: playKeys, hasStatus, isResizing, formatDate });
    this.player = new ScreenPlayer({
      untilMs: Number.POSITIVE_INFINITY,
      speedRatio: 1,
      isPaused: true,
      idleLimitMs: Number.POSITIVE_INFINITY,
      isPersistent: false,
      isFollowing: false,
      showsInput: false,
      follow: null,
      ...playing,
      timeline,
      scene,
      clock,
    });
    this.display.open();
    onTestFinished(() => {
      this.player.quit();
      scene.stop();
      timeline.close();
    });
  }

  play(): this {
    const failed = (error: Error): void => {
      this.result = error;
    };
    this.player.play().then((isEnded) => {
      this.result = isEnded;
    }, failed);
    return this;
  }

  press(...keys: string[]): void {
    for (const key of keys) this.player.press(key);
  }

  get lines(): string[] {
    const { active } = this.#terminal.buffer;
    return Array.from({ length: this.#terminal.rows }, (_, row) => active.getLine(row)?.translateToString(true) ?? "");
  }

  get text(): string {
    return this.lines.join("\n").trimEnd();
  }

  /** The terminal has another size from now on. */
  resize(columns: number, rows: number): void {
    this.#terminal.resize(columns, rows);
    this.display.measure();
    this.press("x");
  }

  async shows(text: string | RegExp): Promise<void> {
    const isThere = (): boolean => (typeof text === "string" ? this.text.includes(text) : text.test(this.text));
    await until(isThere, () => `${text} on\n${this.text}`);
  }

  async isOver(): Promise<boolean | Error | undefined> {
    await until(
      () => this.result !== undefined,
      () => `the end of\n${this.text}`,
    );
    return this.result;
  }
}

/** A timeline of the items, one a message, or of what is on the tape, that is built while it is used. */
export function timelineOf(items: AsyncIterable<Iterable<Item>> | readonly Item[] | Tape): Timeline {
  if ("shareBefore" in items) return built(items);
  async function* batches(list: readonly Item[]): AsyncGenerator<Item[]> {
    for (const item of list) yield [item];
  }
  const tape = new Spool(tmpdir());
  tape.fill(Array.isArray(items) ? batches(items) : (items as AsyncIterable<Item[]>)).catch(() => {});
  const timeline = built(tape);
  onTestFinished(() => tape.close());
  return timeline;
}

function built(tape: Tape): Timeline {
  const timeline = new Timeline(tape);
  timeline.build().catch(() => {});
  onTestFinished(() => timeline.close());
  return timeline;
}
