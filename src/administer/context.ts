/** What a subcommand has of the world around it. */
export interface Context {
  readonly environment: (name: string) => string | undefined;
  /** To standard output; resolved when there is room for more. Text is written as it is: what is not our own goes through printable first. */
  readonly write: (data: string | Uint8Array) => Promise<void>;
  /** One sentence for people, on standard error; escaped here. */
  readonly tell: (sentence: string) => void;
  /** Whether people read standard output. */
  readonly isOnTerminal: boolean;
}
