/** Progress of long work: one line on a terminal, redrawn in place, gone when the work is over. */
import { printable } from "./printable.ts";

export interface Progress {
  /** How much is done by now, in the unit of the total. Cheap: what need not be drawn is not. */
  advance(done: number): void;
  /** Takes the line away. Call it before anything else is printed on that terminal. */
  end(): void;
}

export interface ProgressOptions {
  /** What is done, as a noun: "indexing". */
  readonly what: string;
  readonly total: number;
  /** Width of the terminal. */
  readonly columns: number;
  readonly write: (text: string) => void;
  /** Monotonic milliseconds. */
  readonly now: () => number;
}

/** Work that is over sooner shows nothing. */
const patienceMs = 500;
const redrawMs = 100;
const maxBarLength = 40;

/** For standard error that nobody watches. */
export const noProgress: Progress = { advance() {}, end() {} };

export function openProgress({ what, total, columns, write, now }: ProgressOptions): Progress {
  const startedMs = now();
  let drawnMs = startedMs + patienceMs - redrawMs;
  let isDrawn = false;
  return {
    advance(done) {
      const nowMs = now();
      if (nowMs - drawnMs < redrawMs) return;
      drawnMs = nowMs;
      isDrawn = true;
      write(`\r${line(what, Math.min(1, total > 0 ? done / total : 0), nowMs - startedMs, columns)}\x1b[K`);
    },
    end() {
      if (isDrawn) write("\r\x1b[K");
      isDrawn = false;
      drawnMs = now();
    },
  };
}

/** Never longer than the terminal is wide: a wrapped line cannot be redrawn. */
function line(what: string, ratio: number, elapsedMs: number, columns: number): string {
  const left = ratio > 0.01 ? `  ${clock((elapsedMs / ratio) * (1 - ratio))} left` : "";
  const end = ` ${String(Math.floor(ratio * 100)).padStart(3)}%${left}`;
  const title = printable(what);
  const room = Math.min(maxBarLength, columns - 1 - title.length - end.length - 3);
  if (room < 4) return `${title}${end}`.slice(0, Math.max(0, columns - 1));
  const full = Math.floor(ratio * room);
  return `${title} [${"#".repeat(full)}${".".repeat(room - full)}]${end}`;
}

/** M:SS */
function clock(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
