/** A message: one JSON record of a recording, as it stands in a file or a journal entry. */

import type { Echo } from "./echo.ts";

/** Audit session id of what belongs to none; no id is greater. */
export const unsetSession = 4_294_967_295;

/** What makes all messages of one recording alike. */
export interface Identity {
  /** Host name of the recorder, or "". */
  readonly host: string;
  /** Recording id: boot id, pid and process start time in hexadecimal, joined by "-". */
  readonly rec: string;
  /** Name of the recorded user. */
  readonly user: string;
  /** $TERM of the recorded terminal, or "". */
  readonly term: string;
  /** Audit session id, 1 to 4294967295 (unset). */
  readonly session: number;
}

/** Where a recording comes from that no recorder of ours made: `recctl import` made it of something else. */
export interface Import {
  /** What it was: "asciicast v2". */
  readonly format: string;
  /** Name of what was imported, without its folders. */
  readonly file: string;
  /** When it was imported, milliseconds since the epoch. */
  readonly atMs: number;
  /** What it was called there: an id of tlog or sudo; null where it had none. */
  readonly id: string | null;
  /** What its maker said it shows; null where he said nothing. */
  readonly title: string | null;
  /** What the source does not tell and nobody made up: "user", "host". */
  readonly lacks: readonly string[];
}

/** What the first message of our recordings tells beyond tlog's fields. */
export interface RecordingStart {
  /** The command and its arguments; bytes that are no UTF-8 are U+FFFD. */
  readonly command: readonly string[];
  /** Working directory, "" where it is not known. */
  readonly cwd: string;
  /** Path of the terminal, null without one. */
  readonly tty: string | null;
  /** SSH_CONNECTION as sshd set it ("client port server port"), null elsewhere. */
  readonly peer: string | null;
  /** True when the strings were too long and only their beginning is here. */
  readonly isCut?: boolean;
  /** Only in recordings that were imported; what the source does not tell is empty or null in the others. */
  readonly import?: Import;
}

/** A place of the source that an import could not use. */
export interface BadPlace {
  /** Where, in words: "line 12". */
  readonly place: string;
  /** Why, in words. */
  readonly reason: string;
}

/** What the last message of our recordings tells; a recording without it is incomplete. */
export interface RecordingEnd {
  /** Exit status 0 to 255, null when a signal ended the program; both are null in an import whose source tells neither. */
  readonly exit: number | null;
  /** Name of the signal that ended the program, null when it exited. */
  readonly signal: string | null;
  /** Bytes that passed, whether logged or not. */
  readonly inBytes: number;
  readonly outBytes: number;
  readonly durationMs: number;
  /** Number of messages of the whole recording, this one included. */
  readonly messages: number;
  /** Only in recordings that were imported, and there only if there were any. */
  readonly bad?: readonly BadPlace[];
}

/** Bytes that passed the terminal but are not in the recording, because policy let them go. */
export interface Lost {
  readonly inBytes: number;
  readonly outBytes: number;
  /** Stretch of recording time, in milliseconds as `pos`. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** A file transfer, whose content passed without being recorded. */
export interface Transfer {
  /** argv of the program that served it; bytes that are no UTF-8 are U+FFFD. */
  readonly command: readonly string[];
  readonly inBytes: number;
  readonly outBytes: number;
  /** Stretch of recording time, in milliseconds as `pos`. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** A message taken apart and checked. */
export interface Message extends Identity {
  readonly ver: string;
  readonly id: number;
  /** Milliseconds from the recording's first packet to this message's first. */
  readonly posMs: number;
  /** Wall clock at `posMs`, milliseconds since the epoch; null in messages that lack it. */
  readonly timeMs: number | null;
  readonly timing: string;
  readonly inTxt: string;
  readonly inBin: readonly number[];
  readonly outTxt: string;
  readonly outBin: readonly number[];
  readonly start: RecordingStart | null;
  readonly end: RecordingEnd | null;
  readonly lost: Lost | null;
  readonly transfer: Transfer | null;
  /** In the order of their places; null where later messages do not refer to this one either. */
  readonly echo: readonly Echo[] | null;
}

/** A message ready for a medium. */
export interface EncodedMessage {
  readonly id: number;
  readonly posMs: number;
  /** The JSON object as UTF-8, with the newline that ends it. */
  readonly line: Uint8Array;
  /** In the first message: what its line tells, for media that index it. */
  readonly start?: RecordingStart;
  /** In a message that tells of one. */
  readonly transfer?: Transfer;
  /** In the last message, which no policy may refuse. */
  readonly end?: RecordingEnd;
}
