/** A bench: the sizes of one run, its contestants, and the rounds in which they take turns. */
import { closeSync, fsyncSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { type Name, presentContestants, wrap } from "./contestant.ts";

export interface Sizes {
  readonly rounds: number;
  readonly textBytes: number;
  /** Keystrokes in a round of echo, starts in a round of start. */
  readonly keystrokes: number;
  readonly starts: number;
  /** What is shown while the writer stalls. */
  readonly floodBytes: number;
  /** For so long journald is away. */
  readonly awayMs: number;
  /** In the journal that is listed. */
  readonly recordings: number;
  readonly messagesEach: number;
  /** Recordings in the folder that is listed. */
  readonly listed: number;
  /** What the recordings that are searched showed, in whole megabytes. */
  readonly searchedBytes: number;
}

export const megabyte = 1_000_000;

export const fullSizes: Sizes = {
  rounds: 5,
  textBytes: 64 * megabyte,
  keystrokes: 1000,
  starts: 5,
  floodBytes: 1000 * megabyte,
  awayMs: 10_000,
  recordings: 1000,
  messagesEach: 100,
  listed: 10_000,
  searchedBytes: 100 * megabyte,
};

export const quickSizes: Sizes = {
  rounds: 2,
  textBytes: 4 * megabyte,
  keystrokes: 100,
  starts: 1,
  floodBytes: 64 * megabyte,
  awayMs: 2000,
  recordings: 100,
  messagesEach: 10,
  listed: 1000,
  searchedBytes: 4 * megabyte,
};

/** Figures of all rounds, by contestant. */
export type Samples = Partial<Record<Name, number[]>>;

export class Bench {
  readonly sizes: Sizes;
  readonly contestants: readonly Name[];
  /** Text of lines of 60 to 98 printable characters. */
  readonly text: string;
  /** Where recordings go. */
  readonly log: string;
  readonly folder: string;

  constructor(folder: string, sizes: Sizes) {
    this.folder = folder;
    this.sizes = sizes;
    this.contestants = presentContestants(folder);
    this.text = join(folder, "text");
    this.log = join(folder, "log");
    writeText(this.text, sizes.textBytes);
  }

  /** The command line that runs `command` under the contestant, recorded in `log`. */
  command(name: Name, command: readonly string[]): readonly string[] {
    return wrap[name](command, this.log);
  }

  /** Round 1 of every contestant, then round 2 of every contestant, and so on; each finds no log and leaves none. */
  async interleave<N extends Name>(
    names: readonly N[],
    run: (name: N) => void | Promise<void>,
    mostRounds = this.sizes.rounds,
  ): Promise<void> {
    for (let round = 0; round < Math.min(mostRounds, this.sizes.rounds); round++) {
      for (const name of names) {
        if (!this.contestants.includes(name)) continue;
        try {
          await run(name);
        } finally {
          rmSync(this.log, { force: true });
        }
      }
    }
  }
}

/** Adds a figure to those of a contestant. */
export function add(samples: Samples, name: Name, figure: number): void {
  const figures = samples[name] ?? [];
  samples[name] = figures;
  figures.push(figure);
}

/** The same text in every run, on the medium before anything is measured. */
function writeText(path: string, bytes: number): void {
  const piece = pieceOfText();
  const fd = openSync(path, "w", 0o600);
  for (let left = bytes; left > 0; left -= megabyte) writeSync(fd, piece, 0, Math.min(left, megabyte));
  fsyncSync(fd);
  closeSync(fd);
}

function pieceOfText(): Buffer {
  const piece = Buffer.alloc(megabyte);
  const below = dice(1);
  for (let at = 0; at < megabyte; at++) {
    for (const end = at + 60 + below(39); at < end; at++) piece[at] = 0x20 + below(95);
    piece[at] = 0x0a;
  }
  piece[megabyte - 1] = 0x0a;
  return piece;
}

/** Whole numbers below what is asked for, the same ones for the same seed everywhere: Numerical Recipes' generator. */
export function dice(first: number): (bound: number) => number {
  let seed = first;
  return (bound) => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((seed / 2 ** 32) * bound);
  };
}
