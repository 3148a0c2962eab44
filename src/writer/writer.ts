/** A writer: messages to a medium. */
import type { EncodedMessage } from "../format/message.ts";

/** A writer in its place in a recording. */
export interface Medium {
  readonly writer: Writer;
  /** A required one holds the session to the policy when it fails; another is left out, and that is told at the end. */
  readonly isRequired: boolean;
}

export interface Writer {
  /** What it writes to, for error messages: "/var/log/x". */
  readonly name: string;
  /**
   * Undefined when the medium took the message at once; otherwise resolved when it did. Rejected with the reason when it did not; the caller may then call again
   * with the same message, which goes on where the medium stopped taking it.
   */
  write(message: EncodedMessage): Promise<void> | undefined;
  /** The recording ends: no more waiting for its own sake. */
  hurry?(): void;
  /** Resolved when what was written would survive a power cut, as far as the medium can tell; rejected when some of it would not. */
  flush(): Promise<void>;
  close(): Promise<void>;
}
