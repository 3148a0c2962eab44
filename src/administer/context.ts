/** What a subcommand has of the world around it. */
import type { Progress } from "../progress.ts";

export interface Context {
  /** The words of the call after recctl. */
  readonly args: readonly string[];
  readonly environment: (name: string) => string | undefined;
  /** To standard output; resolved when there is room for more. Text is written as it is: what is not our own goes through printable first. */
  readonly write: (data: string | Uint8Array) => Promise<void>;
  /** One sentence for people, on standard error; escaped here. */
  readonly tell: (sentence: string) => void;
  /** How wide the terminal is that standard output goes to; null where it goes elsewhere. */
  readonly columns: number | null;
  /** Where this host's recorders keep login sessions, for who may read it: root, and of an installed recctl alone. */
  readonly siteFolder: string | null;
  /** The program of the threads that read recordings for the index; null where there is none. */
  readonly indexer: string | null;
  /** The addon's path; null where there is none. */
  readonly addon: string | null;
  /** Shows how far long work is, of `total` in any unit, where people watch standard error. */
  readonly progress: (what: string, total: number) => Progress;
}
