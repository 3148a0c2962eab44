/** One line of the results. */
export interface Figure {
  readonly what: string;
  /** With their units. */
  readonly unrecorded?: string;
  readonly recorded: string;
  readonly goal: string;
  readonly isMet: boolean;
}
