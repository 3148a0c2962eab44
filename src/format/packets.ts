/** Packets of a message: its text and binary put together again, byte by byte, each at its time. */
import { RecError } from "../errors.ts";
import { type Echo, echoedBytes } from "./echo.ts";
import type { LostItem } from "./item.ts";
import type { Message } from "./message.ts";
import type { Packet } from "./packet.ts";
import { greatestMs, parseTiming } from "./timing.ts";
import { skipCharacters } from "./utf8.ts";

const encoder = new TextEncoder();
const nothing = new Uint8Array(0);

/** The bytes that a reference stands for, undefined when they are not there. */
export type Resolve = (echo: Echo) => Uint8Array | undefined;

/**
 * The packets of `message`; neighbours of one direction and time are one packet. What a reference of it stands for is lost where
 * `resolve` does not know it. Throws REC_FORMAT_FIELD when `timing`
 * asks for more than the message holds; what it does not ask for is left out, as tlog leaves it out.
 */
export function packetsOf(message: Message, resolve: Resolve): (Packet | LostItem)[] {
  const echoes = message.echo ?? [];
  const input = new Source("in", message.inTxt, message.inBin);
  const output = new Source("out", message.outTxt, message.outBin, lengthOf(echoes));
  const packets: (Packet | LostItem)[] = [];
  let echoAt = 0;
  let atMs = message.posMs;
  // The packet being collected: bytes of one source since `from`.
  let open: Source | undefined;
  let from = 0;

  const close = () => {
    if (open !== undefined && open.length > from) {
      packets.push({ kind: open === input ? "input" : "output", atMs, bytes: open.bytes.subarray(from, open.length) });
    }
    open = undefined;
  };
  const take = (source: Source) => {
    if (open === source) return source;
    close();
    open = source;
    from = source.length;
    return source;
  };

  const takeEcho = (echo: Echo) => {
    const bytes = resolve(echo);
    if (bytes !== undefined) {
      take(output).takeEcho(bytes);
      return;
    }
    close();
    packets.push({ kind: "lost", inBytes: 0, outBytes: echo.length, fromMs: atMs, toMs: atMs });
  };

  for (const { mark, count, extra } of parseTiming(message.timing)) {
    // Records of nothing, which tlog's reader takes, part nothing; a window of no size is still a window.
    if (count === 0 && extra === 0 && mark !== "=") {
      const echo = mark === ">" ? echoes[echoAt++] : undefined;
      if (echo !== undefined) takeEcho(echo);
    } else if (mark === ">") take(output).takeText(count);
    else if (mark === "<") take(input).takeText(count);
    else if (mark === "]") take(output).takeBinary(count, extra);
    else if (mark === "[") take(input).takeBinary(count, extra);
    else {
      close();
      if (mark === "=") packets.push({ kind: "window", atMs, columns: count, rows: extra });
      else atMs = Math.min(greatestMs, atMs + count);
    }
  }
  close();
  if (echoAt < echoes.length) throw wrongEcho("has more references than timing has places");
  return packets;
}

function lengthOf(echoes: readonly Echo[]): number {
  const bytes = echoes.reduce((sum, { length }) => sum + length, 0);
  if (bytes > echoedBytes) throw wrongEcho(`stands for more than ${echoedBytes} bytes`);
  return bytes;
}

function wrongEcho(why: string): RecError {
  return new RecError("REC_FORMAT_FIELD", { field: "echo", why });
}

/** One direction's text and binary, from which the original bytes are put together. */
class Source {
  readonly bytes: Uint8Array;
  /** Bytes put together so far. */
  length = 0;
  readonly #name: string;
  readonly #text: Uint8Array;
  readonly #words: DataView;
  readonly #isAscii: boolean;
  readonly #binary: readonly number[];
  #textAt = 0;
  #binaryAt = 0;

  constructor(name: string, text: string, binary: readonly number[], echoBytes = 0) {
    this.#name = name;
    this.#text = text === "" ? nothing : encoder.encode(text);
    this.#words = new DataView(this.#text.buffer, this.#text.byteOffset, this.#text.length);
    this.#isAscii = this.#text.length === text.length;
    this.#binary = binary;
    // Text alone is already the original bytes.
    const more = binary.length + echoBytes;
    this.bytes = more === 0 ? this.#text : new Uint8Array(this.#text.length + more);
  }

  takeText(characters: number): void {
    const end = this.#skip(characters);
    const isInPlace = this.bytes === this.#text && this.length === this.#textAt;
    if (!isInPlace) this.#copy(this.#textAt, end);
    this.length += end - this.#textAt;
    this.#textAt = end;
  }

  takeBinary(placeholders: number, count: number): void {
    this.#textAt = this.#skip(placeholders);
    const end = this.#binaryAt + count;
    if (end > this.#binary.length) throw this.#wrong("bin", "bytes");
    while (this.#binaryAt < end) this.bytes[this.length++] = this.#binary[this.#binaryAt++] as number;
  }

  takeEcho(bytes: Uint8Array): void {
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  #copy(from: number, end: number): void {
    // Calling set() costs more than copying what usually stands between broken sequences.
    if (end - from > 64) this.bytes.set(this.#text.subarray(from, end), this.length);
    else for (let at = from; at < end; at++) this.bytes[this.length + at - from] = this.#text[at] as number;
  }

  #skip(characters: number): number {
    const end = this.#isAscii
      ? this.#textAt + characters
      : skipCharacters(this.#text, this.#words, this.#textAt, characters);
    if (end > this.#text.length) throw this.#wrong("txt", "characters");
    return end;
  }

  #wrong(kind: string, what: string): RecError {
    return new RecError("REC_FORMAT_FIELD", {
      field: `${this.#name}_${kind}`,
      why: `has fewer ${what} than timing tells`,
    });
  }
}
