/** Encoding of what is at hand: what happened in a session to lines of messages. */
import { defaultPayloadBytes, Encoding } from "./encoding.ts";
import type { Item, LostItem, TransferItem } from "./item.ts";
import { type Identity, type RecordingStart, unsetSession } from "./message.ts";
import { greatestSize, type Packet, type WindowPacket } from "./packet.ts";

/** How the recorded program ended, and with it the recording. An `EndItem` is one. */
export interface Ending {
  readonly kind: "end";
  /** Exit status 0 to 255; null when a signal ended the program, or nobody knows. */
  readonly exit: number | null;
  /** Name of the signal that ended the program, such as "SIGTERM"; null when it exited, or nobody knows. */
  readonly signal: string | null;
  /** How long it took, milliseconds; without it, until the last packet. */
  readonly durationMs?: number;
}

/** What a new recording can tell. */
export type Encodable = Packet | LostItem | TransferItem | Ending;

/** What a new recording tells of itself. A `HeadItem` is one. */
export interface RecordingHead {
  /** Its id, by which it is found. Recorders make it of boot id, pid and process start; any other text without blanks will do. */
  readonly rec: Identity["rec"];
  /** Name of the recorded user. */
  readonly user: string;
  /** Host name, "" without it. */
  readonly host?: string;
  /** $TERM of the recorded terminal, "" without it. */
  readonly term?: string;
  /** Audit session id, 1 to 4294967295; the last, which is no session's, without it. */
  readonly session?: number;
  /** Wall clock at `atMs` 0, milliseconds since the epoch; null where nobody knows. */
  readonly startedMs: number | null;
  /** What was run, and where. */
  readonly start?: Partial<RecordingStart> | null;
}

/** What may be asked of an encoder. */
export interface EncodeOptions {
  /** Most bytes of timing, text and binary of one message, as escaped: 32 to any; 32 KiB without it. */
  readonly payloadBytes?: number;
}

const emptyStart: RecordingStart = { command: [], cwd: "", tty: null, peer: null };

/**
 * The messages of a recording that holds these items, one JSON object and a newline each: a file of them is a recording.
 *
 * `atMs` are milliseconds since the recording's beginning; an `atMs` that goes back is taken for the one before it. Fractions are cut
 * off, which does not add up. A message takes a second of the recording at most. It ends with an `Ending`; without one the recording
 * reads as one that was cut off. What `decode` gives may be handed in as it is: heads are passed over, and so is
 * what a new recording cannot tell (`gap`, `bad`, `unended`).
 *
 * Throws RangeError for a window, a session or a start that the format cannot hold.
 *
 * @example
 * const packets = [{ kind: "output", atMs: 0, bytes: new TextEncoder().encode("hello\r\n") }, { kind: "end", exit: 0, signal: null }];
 * for await (const line of encode(packets, { rec: "demo-1", user: "alice", startedMs: 0 })) file.write(line);
 */
export async function* encode(
  items: Iterable<Encodable | Item> | AsyncIterable<Encodable | Item>,
  head: RecordingHead,
  options: EncodeOptions = {},
): AsyncGenerator<string, void, undefined> {
  const { payloadBytes = defaultPayloadBytes } = options;
  const { startedMs } = head;
  if (startedMs !== null && !Number.isFinite(startedMs)) throw new RangeError(`a start at ${startedMs} ms`);
  const start = { ...emptyStart, ...head.start };
  const encoding = new Encoding({ identity: identityOf(head), start, startedMs, payloadBytes });
  const decoder = new TextDecoder();
  for await (const item of items) {
    const isEnd = put(encoding, item);
    for (const { line } of encoding.takeMessages()) yield decoder.decode(line);
    if (isEnd) return;
  }
  encoding.stop();
  for (const { line } of encoding.takeMessages()) yield decoder.decode(line);
}

/** Whether it was the end. */
function put(encoding: Encoding, item: Encodable | Item): boolean {
  switch (item.kind) {
    case "head":
    case "gap":
    case "bad":
    case "unended":
      return false;
    case "end":
      encoding.advance(item.durationMs ?? 0);
      encoding.end({ exit: item.exit, signal: item.signal });
      return true;
    case "window":
      checkSize(item);
      encoding.take(item);
      return false;
    default:
      encoding.take(item);
      return false;
  }
}

function identityOf({ rec, user, host = "", term = "", session = unsetSession }: RecordingHead): Identity {
  if (!Number.isInteger(session) || session < 1 || session > unsetSession) {
    throw new RangeError(`an audit session ${session}`);
  }
  return { rec, user, host, term, session };
}

function checkSize({ columns, rows }: WindowPacket): void {
  for (const size of [columns, rows]) {
    if (!Number.isInteger(size) || size < 0 || size > greatestSize) {
      throw new RangeError(`a terminal of ${columns} columns and ${rows} rows`);
    }
  }
}
