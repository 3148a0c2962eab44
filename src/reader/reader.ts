/** A reader: a medium to message lines. */

/** One line of a medium that should be a message. */
export interface SourceLine {
  /** The line without its newline. */
  readonly text: string;
  /** Where it stands, in words: "line 12". */
  readonly place: string;
  /** False when the medium ended inside the line. */
  readonly isWhole: boolean;
  /** Why nothing of this place can be used, in words; `text` is empty then. */
  readonly trouble?: string;
  /** Who wrote it, where the medium knows: journald does, a file does not. */
  readonly origin?: Origin;
  /** The journal entry as it stands in the medium, in journal export format, where that was asked for. */
  readonly entry?: Buffer;
}

/** What journald itself says of an entry; none of it comes from the message. */
export interface Origin {
  /** TLOG_REC, the recording that the entry is filed under; undefined without one. The sender's word, as is the message. */
  readonly rec: string | undefined;
  /** SYSLOG_IDENTIFIER, the program; the sender's word too. */
  readonly identifier?: string | undefined;
  /** When journald took it, milliseconds since the epoch; NaN when it is not told. */
  readonly atMs: number;
  /** What the kernel told journald of the sender, by the names of journald's fields. */
  readonly trusted: Readonly<Partial<Record<TrustedName, string>>>;
}

export const trustedNames = [
  "_UID",
  "_GID",
  "_PID",
  "_EXE",
  "_COMM",
  "_SYSTEMD_UNIT",
  "_TRANSPORT",
  "_AUDIT_SESSION",
  "_AUDIT_LOGINUID",
  "_HOSTNAME",
  "_BOOT_ID",
  "_MACHINE_ID",
] as const;

export type TrustedName = (typeof trustedNames)[number];

export interface Reader {
  /** Lines in the order of the medium; ends at its end, when following only after `close()`. May be called once. */
  lines(): AsyncIterable<SourceLine>;
  /** Ends `lines()` at the next line, also while it waits, and lets go of the medium. */
  close(): Promise<void>;
}

/** Chunks of bytes to lines, in bounded memory; how is up to the format of the medium. */
export interface Splitter {
  /** The lines that end in the chunk. It may be reused when all of them were taken. */
  push(chunk: Buffer): Generator<SourceLine>;
  /** What the medium ended in, if there is something. */
  end(): Generator<SourceLine>;
  /** What is told at the present place instead of a line; what was held of one is dropped. */
  trouble(reason: string): SourceLine;
  /** Begins again, as at the beginning of a medium. */
  restart(): void;
}
