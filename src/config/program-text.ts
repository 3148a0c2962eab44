/** What --help and the man pages say of each program beside its options. */
import type { ProgramName } from "./option.ts";

export interface ProgramText {
  readonly section: 1 | 8;
  /** What it does, as a command: for the title and the first line of --help. */
  readonly summary: string;
  readonly synopsis: readonly string[];
  readonly description: readonly string[];
  /** Each a command and what it does. */
  readonly examples: readonly (readonly [command: string, meaning: string])[];
  readonly exitStatus: readonly (readonly [status: string, meaning: string])[];
  /** What a configuration may be for, and its lines. */
  readonly fileExample: readonly [meaning: string, ...lines: string[]];
  readonly seeAlso: readonly string[];
}

const usageStatus = ["2", "The command line is wrong."] as const;

export const programTexts: Readonly<Record<ProgramName, ProgramText>> = {
  rec: {
    section: 1,
    summary: "record a command, or a shell, in this terminal",
    synopsis: ["[OPTION]... [--] [COMMAND [ARGUMENT]...]"],
    description: [
      "Runs COMMAND, or without one the user's shell ($SHELL, or the one of the password database), on a terminal of its own and records what is shown, with the time of every piece, so that rec-play shows it again exactly. Nothing is shown that has not been recorded.",
      "Without a terminal the standard input, output and error stay three separate streams.",
    ],
    examples: [
      ["rec", "record a shell in the recordings folder"],
      ["rec -o build.log -- make -j4", "record a command to a file"],
      ["rec-play", "play the newest recording"],
    ],
    exitStatus: [
      ["the command's", "The command was run. A deadly signal is passed on, or shown as 128 + its number."],
      ["126", "The command was found, but may not be run."],
      ["127", "The command was not found."],
      usageStatus,
      ["1", "The recorder failed, and said why on standard error."],
    ],
    fileExample: [
      "Recordings of a terminal that is typed into go to a folder of their own",
      "{",
      '  "folder": {"path": "/srv/recordings"},',
      '  "log": {"input": true}',
      "}",
    ],
    seeAlso: ["rec-play(1)", "rec-session(8)"],
  },
  "rec-session": {
    section: 8,
    summary: "record a login session: the shell of users who are recorded",
    synopsis: ["[-l] [-i] [FILE [ARGUMENT]...]", "[-l] [-i] -c COMMAND_STRING [NAME [ARGUMENT]...]"],
    description: [
      "Takes the place of a user's login shell, finds the real shell, runs it and records the session. It ends as the shell ends. The arguments after the options go to the shell.",
      "What is recorded, and where to, only the administrator decides, in the configuration file; the recorded user has no say in it, neither by arguments nor by the environment.",
      "A configuration that cannot be used is reported, and the defaults take its place, so that nobody is locked out.",
    ],
    examples: [
      ["recctl enable --user alice", "record the logins of alice"],
      ["rec-session -c 'uname -a'", "record a command, as sshd starts it"],
    ],
    exitStatus: [
      ["the shell's", "The shell was run. A deadly signal is passed on, or shown as 128 + its number."],
      ["126", "The shell may not be run."],
      ["127", "The shell was not found."],
      usageStatus,
      ["1", "The recorder failed, and said why on standard error."],
    ],
    fileExample: [
      "The journal, and a file for each session beside it; the journal decides",
      "{",
      '  "writer": ["journal", "folder"],',
      '  "folder": {"path": "/var/log/rec-session"},',
      '  "required": "journal"',
      "}",
    ],
    seeAlso: ["recctl(8)", "rec(1)", "rec-play(1)"],
  },
  "rec-play": {
    section: 1,
    summary: "play a recorded session",
    synopsis: ["[OPTION]... [FILE|FOLDER|ID]"],
    description: [
      "Shows a recording of rec, rec-session or tlog again, in the time it took. The argument is a file, a folder of recordings, or a part of a recording's ID, which is looked for in the recordings folder, then in the journal, and by root last in /var/log/rec-session. Without one the newest recording of the recordings folder is played, or of the journal where the folder holds none.",
      "Anyone may write to the journal. What another process than the recorder wrote under a recording's ID is not played, and told.",
      "On a terminal the recorded screen is drawn, as the emulator in the player has it: escape sequences of the recording do not reach the terminal, nor do the terminal's answers count as keys. A screen larger than the terminal is shown in part, with marks at its edges. At the end the last screen stays on the terminal. Elsewhere, as in a pipe, the recorded bytes are written in the time they took.",
    ],
    examples: [
      ["rec-play", "play the newest recording"],
      ["rec-play -s 4 --idle-limit 2 build.log", "faster, and without the pauses"],
      ["rec-play --format text build.log | less", "only what the screen said"],
      ["rec-play -f -M 79ee-15713", "watch a session that runs"],
      ["rec-play --export 79ee-15713 > x.rec", "carry a recording away"],
    ],
    exitStatus: [
      ["0", "The whole recording was played."],
      ["3", "It was played, but something is missing or forged; standard error says what."],
      usageStatus,
      ["1", "It cannot be played."],
    ],
    fileExample: [
      "Pauses of more than two seconds are shortened, and a journal of its own is read",
      "{",
      '  "idle": {"limit": 2},',
      '  "journal": {"namespace": "recordings"}',
      "}",
    ],
    seeAlso: ["rec(1)", "rec-session(8)"],
  },
};
