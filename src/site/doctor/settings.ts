/** What a recorder would take from its configuration, as the doctor has to know it. */

/** The recorder of the methods shell and forcecommand, and the one that SSSD hands out. */
export type RecorderName = "rec-session" | "tlog-rec-session";

/** Throws REC_CONFIG_READ where we may not read it. */
export type ReadConfiguration = (recorder: RecorderName) => Configuration;

/** What a recorder takes from its configuration. */
export interface Configuration {
  /** The file that it reads, or would read if there were one. */
  readonly path: string;
  readonly isThere: boolean;
  /** Another file that sets something, which this recorder does not read. */
  readonly passedOver: string | undefined;
  /** What in it cannot be used, as the recorder tells it. */
  readonly faults: readonly string[];
  /** What is passed over in it. */
  readonly notices: readonly string[];
  readonly settings: RecorderSettings;
  /** The settings if the file held that text; undefined where the recorder would find more at fault in it than it does now. */
  readonly whenItSays: (text: string) => RecorderSettings | undefined;
}

/** Those of its settings that decide what is kept. */
export interface RecorderSettings {
  readonly writer: readonly string[];
  readonly "fallback-writer": string;
  readonly required: readonly string[] | undefined;
  readonly "file.path": string | undefined;
  readonly "folder.path": string | undefined;
  readonly "journal.namespace": string | undefined;
  readonly "log.input": boolean;
  readonly "log.output": boolean;
  readonly "limit.action": string;
  readonly "limit.rate": number;
  readonly "buffer.policy": string;
  readonly "buffer.bytes": number;
  readonly shell: string | undefined;
  readonly "fallback-shell": string;
  readonly notice: string;
  readonly environment: boolean;
}
