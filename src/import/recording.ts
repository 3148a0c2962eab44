/** An imported recording: what an importer found, encoded as messages like those of a recorder, and marked as what it is. */
import { RecError } from "../errors.ts";
import { Encoder } from "../format/encoder.ts";
import type { BadPlace, EncodedMessage, Identity, RecordingStart } from "../format/message.ts";
import type { WindowPacket } from "../format/packet.ts";
import { greatestMs } from "../format/timing.ts";
import { greatestSize, type ImportEnd, type ImportHead, type ImportItem } from "./item.ts";

/** As the recorders' defaults: a message holds so much, and no more than a second. */
const payloadBytes = 32 * 1024;
const latencyMs = 1000;
/** A spoilt or hostile source has any number of wrong places; those beyond are counted. */
const maxBad = 20;
const maxReasonLength = 300;
/** A source with so many is no recording that anybody could play, and each costs time to tell. */
const mostBad = 100_000;
/** Audit session id of what has none. */
const unsetSession = 4_294_967_295;

export interface ImportOptions {
  /** Id of the recording that comes of it. */
  readonly rec: string;
  /** What is imported, for people. */
  readonly file: string;
  /** Now, milliseconds since the epoch. */
  readonly atMs: number;
  /** Told what a recording cannot hold. */
  readonly notice: (sentence: string) => void;
}

/** The messages of the recording, the first of which tells that it was imported. Throws REC_IMPORT where there is nothing to import. */
export async function* importedMessages(
  items: AsyncIterable<ImportItem>,
  options: ImportOptions,
): AsyncGenerator<EncodedMessage> {
  const bad: BadPlace[] = [];
  let recording: ImportedRecording | null = null;
  for await (const item of items) {
    if (recording !== null) {
      yield* recording.take(item);
      if (recording.isHopeless) break;
    } else if (item.kind === "head") {
      recording = new ImportedRecording(item, options);
      yield* recording.begin();
    } else if (item.kind === "bad") {
      bad.push(item);
      if (bad.length >= maxBad) break;
    }
  }
  if (recording === null) {
    const why = bad[0] === undefined ? "it is empty" : `${bad[0].place}: ${bad[0].reason}`;
    throw new RecError("REC_IMPORT", { file: options.file, why });
  }
  yield* recording.end();
}

class ImportedRecording {
  readonly #head: ImportHead;
  readonly #options: ImportOptions;
  readonly #encoder: Encoder;
  #messages: EncodedMessage[] = [];
  #lastMs = 0;
  #inBytes = 0;
  #outBytes = 0;
  #bad: BadPlace[] = [];
  #moreBad = 0;
  #end: Pick<ImportEnd, "exit" | "signal"> = { exit: null, signal: null };

  constructor(head: ImportHead, options: ImportOptions) {
    this.#head = head;
    this.#options = options;
    const identity: Identity = {
      host: head.host ?? "",
      rec: options.rec,
      user: head.user ?? "",
      term: head.term ?? "",
      session: head.session ?? unsetSession,
    };
    this.#encoder = new Encoder(identity, { payloadBytes, startedMs: head.startedMs, originMs: 0 }, (message) => {
      this.#messages.push(message);
      return true;
    });
  }

  /** Whether nothing more is to be expected. */
  get isHopeless(): boolean {
    return this.#moreBad >= mostBad;
  }

  begin(): EncodedMessage[] {
    const { columns, rows } = this.#head;
    this.#encoder.start(startOf(this.#head, this.#options), 0);
    if (columns !== null && rows !== null) this.#encoder.window(columns, rows, 0);
    return this.#taken();
  }

  take(item: ImportItem): EncodedMessage[] {
    switch (item.kind) {
      case "output":
        this.#outBytes += item.bytes.length;
        this.#encoder.output(item.bytes, this.#moment(item.atMs));
        break;
      case "input":
        this.#inBytes += item.bytes.length;
        this.#encoder.input(item.bytes, this.#moment(item.atMs));
        break;
      case "window":
        this.#window(item);
        break;
      case "lost":
        this.#inBytes += item.inBytes;
        this.#outBytes += item.outBytes;
        this.#encoder.lose(item.inBytes, item.outBytes, this.#moment(item.fromMs));
        break;
      case "transfer":
        this.#inBytes += item.inBytes;
        this.#outBytes += item.outBytes;
        this.#encoder.transfer(item);
        break;
      case "bad":
        this.#note(item);
        break;
      case "end":
        this.#end = item;
        break;
      case "notice":
        this.#options.notice(item.sentence);
        break;
      case "head":
        break;
      default:
        item satisfies never;
    }
    return this.#taken();
  }

  #window({ columns, rows, atMs }: WindowPacket): void {
    const moment = this.#moment(atMs);
    if (columns <= greatestSize && rows <= greatestSize) this.#encoder.window(columns, rows, moment);
    else this.#note({ place: placeOf(moment), reason: `a terminal of ${columns}x${rows} is too large` });
  }

  end(): EncodedMessage[] {
    const more = {
      place: "further on",
      reason: `and ${this.#moreBad} more such places${this.isHopeless ? ": nothing was read after them" : ""}`,
    };
    const bad = this.#moreBad === 0 ? this.#bad : [...this.#bad, more];
    this.#encoder.end(
      {
        exit: this.#end.exit,
        signal: this.#end.signal,
        inBytes: this.#inBytes,
        outBytes: this.#outBytes,
        durationMs: Math.floor(this.#lastMs),
        ...(bad.length === 0 ? {} : { bad }),
      },
      this.#lastMs,
    );
    return this.#taken();
  }

  /** The moment in bounds: it never goes back. A message that is older than the latency is emitted before it. */
  #moment(atMs: number): number {
    if (!(atMs >= this.#lastMs)) {
      // What is less than our resolution nobody sees.
      if (!(this.#lastMs - atMs < 1)) this.#note({ place: placeOf(this.#lastMs), reason: "time goes back" });
      return this.#lastMs;
    }
    if (atMs > greatestMs && this.#lastMs < greatestMs)
      this.#note({ place: placeOf(this.#lastMs), reason: "time is beyond all bounds" });
    this.#lastMs = Math.min(atMs, greatestMs);
    const since = this.#encoder.pendingSinceMs;
    if (since !== undefined && this.#lastMs - since >= latencyMs) this.#encoder.flush(this.#lastMs);
    return this.#lastMs;
  }

  #note({ place, reason }: BadPlace): void {
    if (this.#bad.length < maxBad)
      this.#bad.push({ place: place.slice(0, maxReasonLength), reason: reason.slice(0, maxReasonLength) });
    else this.#moreBad++;
  }

  #taken(): EncodedMessage[] {
    const messages = this.#messages;
    if (messages.length > 0) this.#messages = [];
    return messages;
  }
}

function placeOf(atMs: number): string {
  return `second ${(atMs / 1000).toFixed(3)}`;
}

function startOf(head: ImportHead, { file, atMs }: ImportOptions): RecordingStart {
  const lacks = [
    head.startedMs === null ? "start" : "",
    head.user === null ? "user" : "",
    head.host === null ? "host" : "",
    head.columns === null || head.rows === null ? "size" : "",
    head.command === null ? "command" : "",
    head.cwd === null ? "directory" : "",
    head.hasTimes === false ? "times" : "",
  ].filter((what) => what !== "");
  return {
    command: head.command ?? [],
    cwd: head.cwd ?? "",
    tty: head.tty,
    peer: head.peer ?? null,
    import: { format: head.format, file, atMs: Math.floor(atMs), id: head.id, title: head.title, lacks },
  };
}
