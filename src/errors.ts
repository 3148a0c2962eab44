/** Every failure this product expects: code, sentence, exit status and remedy in one table. */
import { printable } from "./printable.ts";

interface Template {
  /** Lower-case sentence; `{name}` is replaced by the detail of that name, a list with each of its items on a line. */
  readonly message: string;
  /** 1, 2 for wrong usage; 127 and 126 as a shell says that a command is not there, or is and cannot be run. */
  readonly status: 1 | 2 | 126 | 127;
  /** What to do; `{program}` is replaced when the error is reported. */
  readonly remedy?: string;
}

const table = {
  REC_USAGE: { message: "{what}", status: 2, remedy: "see '{program} --help'" },
  REC_CONFIG_SYNTAX: {
    message: "cannot read the configuration {file}: line {line}, column {column}: {why}",
    status: 1,
    remedy: "see 'man {program}.conf' for what the file may hold",
  },
  REC_CONFIG_VALUE: {
    message: "cannot use the configuration {file}: {key} is {value}: expected {expected}",
    status: 1,
    remedy: "see 'man {program}.conf' for what the file may hold",
  },
  REC_CONFIG_UNKNOWN: {
    message: "cannot use the configuration {file}: {key}: no such option",
    status: 1,
    remedy: "see 'man {program}.conf' for the options",
  },
  REC_CONFIG_READ: { message: "cannot read the configuration {file}: {why}", status: 1 },
  REC_FILE_OPEN: { message: "cannot open {path}: {why}", status: 1 },
  REC_SOCKET_OPEN: {
    message: "cannot open {path}: {why}",
    status: 1,
    remedy: "start the daemon that listens there, or record to another place with the option writer",
  },
  REC_FILE_READ: { message: "cannot read {path}: {why}", status: 1 },
  REC_FILE_WRITE: { message: "cannot write {path}: {why}", status: 1 },
  REC_FILE_EXISTS: {
    message: "cannot write {path}: it is there already",
    status: 1,
    remedy: "name another file, or replace it with --force",
  },
  REC_FOLDER_CREATE: {
    message: "cannot create the recordings folder {path}: {why}",
    status: 1,
    remedy: "name another folder with the option folder.path, or on the command line with --folder-path",
  },
  REC_SHELL_MISSING: {
    message: "cannot use the shell {shell}: {why}; running {instead}",
    status: 1,
    remedy: "name an existing shell with the option shell, or with fallback-shell what to run instead",
  },
  REC_EXEC: { message: "cannot run {command}: {why}", status: 127 },
  REC_EXEC_REFUSED: { message: "cannot run {command}: {why}", status: 126 },
  REC_PTY: { message: "cannot open a pseudo-terminal: {why}", status: 1 },
  REC_TERMINAL: { message: "cannot use the terminal: {what}: {why}", status: 1 },
  REC_RECORDING_UNKNOWN: {
    message: "cannot find the recording {id} in {place}: no recording has such an ID",
    status: 1,
    remedy: "name another folder with --folder-path; '{program} --help' lists where else it may look",
  },
  REC_RECORDING_NONE: {
    message: "cannot find a recording in {place}: there is none",
    status: 1,
    remedy: "make one with 'rec', or name where recordings are: '{program} --help' lists the options",
  },
  REC_RECORDING_FORMAT: { message: "cannot play {path}: {why}", status: 1 },
  REC_RECORDING_EMPTY: { message: "cannot play {path}: it holds no messages", status: 1 },
  REC_RECORDINGS_MANY: {
    message: "cannot choose a recording: {count} recordings match {id}:{list}",
    status: 1,
    remedy: "give more of the ID",
  },
  REC_IMPORT: {
    message: "cannot import {file}: {why}",
    status: 1,
    remedy: "docs/formats.md lists what can be imported; --format names the format where it is not seen",
  },
  REC_JOURNAL_READ: {
    message: "cannot read {journal}: {why}",
    status: 1,
    remedy: "try journalctl with the same words: the recordings are read by it",
  },
  REC_JOURNAL_MATCH: {
    message: "cannot use the journal match {match}: {why}",
    status: 2,
    remedy: "give an ID, or FIELD=VALUE and between them OR or AND",
  },
  REC_JOURNAL_TIME: {
    message: "cannot use the time {time}: {why}",
    status: 2,
    remedy: "give seconds since the epoch, or a time such as yesterday, -1h or '2026-11-21 10:00'",
  },
  REC_INDEX: {
    message: "cannot use the search index {path}: {why}",
    status: 1,
    remedy: "delete it: it is made again; or search with --no-index",
  },
  REC_DELETE_JOURNAL: {
    message: "cannot remove the recording {id}: the journal holds it, and only journald drops entries",
    status: 1,
    remedy:
      "let journald drop what is older, of all programs, by 'journalctl --vacuum-time=90d' or its limits in journald.conf",
  },
  REC_MATCH: {
    message: "cannot use the expression {expression}: at character {position}: {why}",
    status: 2,
    remedy: "such as: --match 'user alice and not (host web1 or command ^vi)'; see the man page of recctl",
  },
  REC_PATTERN: {
    message: "cannot use the pattern {pattern}: {why}",
    status: 2,
    remedy: "give a regular expression as JavaScript has them; a backslash takes a special character as it is",
  },
  REC_LAUNCH: {
    message: "cannot start: cannot read {what}",
    status: 1,
    remedy: "start the program by its command, not by running its script with node",
  },
  REC_BUFFER_FULL: {
    message: "cannot go on recording: {bytes} bytes wait for {writer}: {why}",
    status: 1,
    remedy: "the option buffer.policy says what happens then: wait, drop or stop",
  },
  REC_GOTO: {
    message: "cannot go to {time}: {why}",
    status: 2,
    remedy: "give start, end, or a time as [[HH:]MM:]SS[.SSS], with a minus sign before it to count from the end",
  },
  REC_SEARCH_WORDS: {
    message: "cannot search for {words}: {why}",
    status: 2,
    remedy: "it is a regular expression: put a backslash before characters such as ( [ * that are meant as they are",
  },
  REC_SEARCH_NONE: { message: "cannot start where the screen shows {words}: it never does", status: 1 },
  REC_SITE_ROOT: {
    message: "cannot {what}: only root may",
    status: 1,
    remedy: "run it again as root, or with sudo",
  },
  REC_SITE_REFUSED: { message: "cannot {what}: {why}; {cure}", status: 1 },
  REC_SITE_LOCKED: {
    message: "cannot change who is recorded: another recctl is at it",
    status: 1,
    remedy: "wait until it has ended",
  },
  REC_SITE_STEP: { message: "cannot {what}: {why}", status: 1 },
  REC_SITE_UNDONE: {
    message: "{what}; everything is again as it was",
    status: 1,
    remedy: "see what 'recctl doctor' says",
  },
  REC_SITE_NOT_UNDONE: {
    message: "cannot take back what was begun: {why}",
    status: 1,
    remedy: "mend that and run 'recctl enable' or 'recctl disable' again: they try it first",
  },
  REC_FORMAT_JSON: { message: "not a message: {why}", status: 1 },
  REC_FORMAT_FIELD: { message: "not a message that can be played: field {field}: {why}", status: 1 },
  REC_FORMAT_VERSION: {
    message: "not a message that can be played: version {version} of the format is not known",
    status: 1,
    remedy: "play it with a newer release",
  },
} as const satisfies Record<string, Template>;

/** What kind of failure it is; docs/errors.md lists them. */
export type ErrorCode = keyof typeof table;

type Placeholder<Text> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Placeholder<Rest> : never;

type Detail = string | number | readonly string[];

/** What a code's sentence wants to be told, each by its name. */
export type ErrorDetails<Code extends ErrorCode> = Readonly<
  Record<Placeholder<(typeof table)[Code]["message"]>, Detail>
>;

type ErrorArguments = { [Code in ErrorCode]: [code: Code, details: ErrorDetails<Code>, cause?: unknown] }[ErrorCode];

export const errorTable: Readonly<Record<ErrorCode, Template>> = table;

/** An expected failure. Anything else that is thrown is a bug. */
export class RecError extends Error {
  /** Which failure: that is what programs ask for, as sentences may change. */
  readonly code: ErrorCode;
  /** Exit status of the program that ends by it. */
  readonly status: Template["status"];
  /** What to do, for people; `{program}` stands for the name of the program. */
  readonly remedy: string | undefined;

  /** `details` fill the placeholders of the table's sentence; what a terminal would obey in them is escaped here. */
  constructor(...[code, details, cause]: ErrorArguments) {
    const template: Template = table[code];
    super(fill(template.message, details), cause === undefined ? undefined : { cause });
    this.name = "RecError";
    this.code = code;
    this.status = template.status;
    this.remedy = template.remedy;
  }
}

/** Does it with errors that have no stack, which costs more than all the rest: for what a file can make fail a million times. */
export function withoutStack<Result>(work: () => Result): Result {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return work();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function fill(template: string, details: Readonly<Record<string, Detail>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const detail = details[name] ?? whole;
    return typeof detail === "object"
      ? detail.map((item) => `\n  ${printable(item)}`).join("")
      : printable(String(detail));
  });
}

// Where libuv has no words (it calls these "Unknown system error"), or words that do not fit what people did.
const ownReasons: Readonly<Record<string, string>> = {
  EDQUOT: "disk quota exceeded",
  EISDIR: "is a directory",
  ESTALE: "stale file handle",
};

const ownNumbers: Readonly<Record<number, string>> = { [-122]: "EDQUOT", [-116]: "ESTALE" };

/** Why a system call failed, in plain words, from an errno name, an errno (of either sign) or what Node threw. */
export function systemReason(error: unknown): string {
  if (error instanceof Error) {
    const { code, errno, message } = error as NodeJS.ErrnoException;
    return errno !== undefined ? systemReason(errno) : isErrnoName(code) ? systemReason(code) : message;
  }
  // Only failures come here, so the start path does not pay for the module.
  const known = process.getBuiltinModule("node:util").getSystemErrorMap();
  if (typeof error === "number") {
    const number = -Math.abs(error);
    const [name, words] = known.get(number) ?? [ownNumbers[number] ?? "", `system error ${-number}`];
    return ownReasons[name] ?? words;
  }
  const name = String(error);
  return ownReasons[name] ?? [...known.values()].find((entry) => entry[0] === name)?.[1] ?? name;
}

function isErrnoName(code: unknown): code is string {
  return typeof code === "string" && /^E[A-Z0-9]+$/.test(code);
}
