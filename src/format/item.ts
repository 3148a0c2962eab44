/** An item: what a decoder finds in a recording. Packets, and in their place everything that is not as it should be. */
import type { Identity, Lost, RecordingEnd, RecordingStart, Transfer } from "./message.ts";
import type { Packet } from "./packet.ts";

/** The recording's first message was met; comes before its packets. */
export interface HeadItem extends Identity {
  readonly kind: "head";
  /** Wall clock at atMs 0, milliseconds since the epoch; null when the recording does not tell. */
  readonly startedMs: number | null;
  /** Null in recordings of tlog and where the first message is missing. */
  readonly start: RecordingStart | null;
}

/** The recording told its end. */
export interface EndItem extends RecordingEnd {
  readonly kind: "end";
}

/** The recorder itself told that it dropped something. */
export interface LostItem extends Lost {
  readonly kind: "lost";
}

/** A file transfer passed, whose content is not recorded because the site wants it so. */
export interface TransferItem extends Transfer {
  readonly kind: "transfer";
}

/** Messages that should be there are not. */
export interface GapItem {
  readonly kind: "gap";
  readonly fromId: number;
  readonly toId: number;
  /** The stretch of recording time in which something may be missing. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** A place in the source that could not be used: not JSON, another format, half a line, repeated or out of order. */
export interface BadItem {
  readonly kind: "bad";
  /** Where, in words: "line 12". */
  readonly place: string;
  /** Why, in words. */
  readonly reason: string;
}

/** The recording stops without telling its end: the recorder was killed, is still running, or is tlog's. */
export interface UnendedItem {
  readonly kind: "unended";
  readonly lastId: number;
  readonly lastMs: number;
}

/** Whatever a decoder finds; `kind` tells which. */
export type Item = Packet | HeadItem | EndItem | LostItem | TransferItem | GapItem | BadItem | UnendedItem;

export function isPacket(item: Item): item is Packet {
  return item.kind === "output" || item.kind === "input" || item.kind === "window";
}
