/** A packet: the smallest thing that happens in a session, with the moment it happened. */

/** Bytes that a program wrote to its terminal, stdout or stderr. */
export interface OutputPacket {
  readonly kind: "output";
  /** Milliseconds since the recording's first packet; never decreases within a recording. */
  readonly atMs: number;
  readonly bytes: Uint8Array;
}

/** Bytes that the user sent to the program; only in recordings that were asked to log input. */
export interface InputPacket {
  readonly kind: "input";
  readonly atMs: number;
  readonly bytes: Uint8Array;
}

/** Greatest number of columns or rows that a recording can tell. */
export const greatestSize = 65535;

/** The size the terminal has from now on. */
export interface WindowPacket {
  readonly kind: "window";
  readonly atMs: number;
  /** Width in character cells, 0 to 65535. */
  readonly columns: number;
  /** Height in character cells, 0 to 65535. */
  readonly rows: number;
}

/** What passed the terminal; `kind` tells which. */
export type Packet = OutputPacket | InputPacket | WindowPacket;
