/** rec-session/format: the recording format, without anything of Node's. */
export type { ErrorCode } from "../errors.ts";
export { RecError } from "../errors.ts";
export { type DecodeOptions, decode } from "../format/decode.ts";
export { type Encodable, type EncodeOptions, type Ending, encode, type RecordingHead } from "../format/encode.ts";
export type {
  BadItem,
  EndItem,
  GapItem,
  HeadItem,
  Item,
  LostItem,
  TransferItem,
  UnendedItem,
} from "../format/item.ts";
export type { BadPlace, Import, RecordingStart } from "../format/message.ts";
export type { InputPacket, OutputPacket, Packet, WindowPacket } from "../format/packet.ts";
export { printable } from "../printable.ts";
