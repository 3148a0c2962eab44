/** The keys of the player: --help, the man page, the player's own help and the test of every key come from this table. */

export interface PlayKey {
  /** Alternatives: a character, or the name of a key that is none; "TIME" stands for a time that was typed before. */
  readonly keys: readonly string[];
  /** What it does, as a command. */
  readonly help: string;
}

export const playKeys = [
  { keys: ["space", "p"], help: "pause, go on" },
  { keys: ["}", "{", "backspace"], help: "twice, half, normal speed" },
  { keys: ["left", "right"], help: "5 seconds back, on" },
  { keys: ["shift-left", "shift-right", "<", ">"], help: "60 seconds back, on" },
  { keys: [",", "."], help: "one packet back, on" },
  { keys: ["g", "G"], help: "to the start, to the end" },
  { keys: ["TIME g", "TIME G", "NUMBER %"], help: "to TIME, to that part of the whole" },
  { keys: ["[", "]"], help: "previous, next mark: prompt, pause, new size" },
  { keys: ["/", "?"], help: "search on, back in what the screen showed" },
  { keys: ["n", "N"], help: "next, previous of what was searched for" },
  { keys: ["i"], help: "idle limit on, off" },
  { keys: ["t"], help: "wall clock, time from the start" },
  { keys: ["f"], help: "follow: wait at the end for more, or do not" },
  { keys: ["up", "down", "(", ")"], help: "move the view of a larger screen" },
  { keys: ["h", "q"], help: "this help, quit" },
] as const satisfies readonly PlayKey[];
