/** An imported recording: what an importer found, encoded as messages like those of a recorder, and marked as what it is. */
import { RecError } from "../errors.ts";
import { defaultPayloadBytes, Encoding } from "../format/encoding.ts";
import { type BadPlace, type EncodedMessage, type RecordingStart, unsetSession } from "../format/message.ts";
import { greatestSize, type WindowPacket } from "../format/packet.ts";
import { greatestMs } from "../format/timing.ts";
import type { ImportEnd, ImportHead, ImportItem } from "./item.ts";

/** A spoilt or hostile source has any number of wrong places; those beyond are counted. */
const maxBad = 20;
const maxReasonLength = 300;
/** A source with so many is no recording that anybody could play, and each costs time to tell. */
const mostBad = 100_000;

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
  readonly #encoding: Encoding;
  #bad: BadPlace[] = [];
  #moreBad = 0;
  #end: Pick<ImportEnd, "exit" | "signal"> = { exit: null, signal: null };

  constructor(head: ImportHead, options: ImportOptions) {
    this.#head = head;
    this.#options = options;
    this.#encoding = new Encoding({
      identity: {
        host: head.host ?? "",
        rec: options.rec,
        user: head.user ?? "",
        term: head.term ?? "",
        session: head.session ?? unsetSession,
      },
      start: startOf(head, options),
      startedMs: head.startedMs,
      payloadBytes: defaultPayloadBytes,
    });
  }

  /** Whether nothing more is to be expected. */
  get isHopeless(): boolean {
    return this.#moreBad >= mostBad;
  }

  begin(): EncodedMessage[] {
    const { columns, rows } = this.#head;
    if (columns !== null && rows !== null) this.#encoding.take({ kind: "window", columns, rows, atMs: 0 });
    return this.#encoding.takeMessages();
  }

  take(item: ImportItem): EncodedMessage[] {
    switch (item.kind) {
      case "output":
      case "input":
        this.#checkMoment(item.atMs);
        this.#encoding.take(item);
        break;
      case "window":
        this.#window(item);
        break;
      case "lost":
        this.#checkMoment(item.fromMs);
        this.#encoding.take(item);
        break;
      case "transfer":
        this.#encoding.take(item);
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
    return this.#encoding.takeMessages();
  }

  #window(window: WindowPacket): void {
    const { columns, rows, atMs } = window;
    this.#checkMoment(atMs);
    if (columns <= greatestSize && rows <= greatestSize) {
      this.#encoding.take(window);
      return;
    }
    this.#encoding.advance(atMs);
    this.#note({ place: this.#place, reason: `a terminal of ${columns}x${rows} is too large` });
  }

  end(): EncodedMessage[] {
    const more = {
      place: "further on",
      reason: `and ${this.#moreBad} more such places${this.isHopeless ? ": nothing was read after them" : ""}`,
    };
    const bad = this.#moreBad === 0 ? this.#bad : [...this.#bad, more];
    const { exit, signal } = this.#end;
    this.#encoding.end({ exit, signal, ...(bad.length === 0 ? {} : { bad }) });
    return this.#encoding.takeMessages();
  }

  /** The encoding holds it in bounds. */
  #checkMoment(atMs: number): void {
    const { lastMs } = this.#encoding;
    if (!(atMs >= lastMs)) {
      // What is less than our resolution nobody sees.
      if (!(lastMs - atMs < 1)) this.#note({ place: this.#place, reason: "time goes back" });
    } else if (atMs > greatestMs && lastMs < greatestMs) {
      this.#note({ place: this.#place, reason: "time is beyond all bounds" });
    }
  }

  /** How far it has come. */
  get #place(): string {
    return `second ${(this.#encoding.lastMs / 1000).toFixed(3)}`;
  }

  #note({ place, reason }: BadPlace): void {
    if (this.#bad.length < maxBad)
      this.#bad.push({ place: place.slice(0, maxReasonLength), reason: reason.slice(0, maxReasonLength) });
    else this.#moreBad++;
  }
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
