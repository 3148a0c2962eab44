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
}

export interface Reader {
  /** Lines in the order of the medium; ends at its end, when following only after `close()`. May be called once. */
  lines(): AsyncIterable<SourceLine>;
  /** Ends `lines()` at the next line, also while it waits, and lets go of the medium. */
  close(): Promise<void>;
}
