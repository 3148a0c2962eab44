/** An open recording: one recording of a place, read once from its beginning to its end. */
import { checkPlayable, isForeign } from "../conclusion.ts";
import { findSource } from "../finding.ts";
import { type Item, isPacket } from "../format/item.ts";
import type { Packet } from "../format/packet.ts";
import { OpenedRecording } from "../opened.ts";
import { nowhere, type Source } from "../source.ts";
import { journalAt, type Place, pathOf } from "./place.ts";

/** What journald knows of the process that wrote a recording. The kernel told it; nothing here comes from the recording. */
export interface Provenance {
  /**
   * True where it is the process that the recording's id names, false where another wrote it: a recorder in a container, a collector
   * of other hosts' messages, or somebody who made the recording up. Null where the journal does not tell.
   */
  readonly isNamed: boolean | null;
  /** journald's fields of the first message: `_UID`, `_PID`, `_EXE`, `_HOSTNAME` and others; see systemd.journal-fields(7). */
  readonly fields: Readonly<Record<string, string>>;
  /** When journald took the first message, milliseconds since the epoch; null where it is not told. */
  readonly receivedMs: number | null;
}

/**
 * A recording that was opened: iterate over it, once, for its items, in order. What its properties tell is complete when the iteration
 * has come to its end. Leaving the iteration closes it; only one that is never iterated over has to be closed.
 */
export class OpenRecording implements AsyncIterable<Item> {
  readonly #source: Source;
  readonly #opened: OpenedRecording;
  #isTaken = false;
  #isRead = false;

  /** Made by `openRecording`. */
  private constructor(source: Source, opened: OpenedRecording) {
    this.#source = source;
    this.#opened = opened;
  }

  /** @internal */
  static async open(source: Source): Promise<OpenRecording> {
    return new OpenRecording(source, await OpenedRecording.open(source, { isFollowing: false, keepsEntries: false }));
  }

  /** Where it is, in words: a path, or a journal. */
  get place(): string {
    return this.#source.name;
  }

  /** Its whole id; null before its first message, and of messages before version 2.3, which have none. */
  get rec(): string | null {
    return this.#opened.selection.rec;
  }

  /** Ids of other recordings that were met and would have been meant as well: name one of them to have it. */
  get others(): readonly string[] {
    return this.#opened.selection.others;
  }

  /** Who wrote it, where the medium tells: a journal and its exports do, a file of messages does not. Null elsewhere. */
  get provenance(): Provenance | null {
    const { first, isNamed } = this.#opened.provenance;
    if (first === null) return null;
    return { isNamed, fields: { ...first.trusted }, receivedMs: Number.isNaN(first.atMs) ? null : first.atMs };
  }

  /** What is not as it should be, and what was left out by the site's own will, in sentences that are safe to print; 20 of each at most. */
  get problems(): readonly string[] {
    return this.#opened.report.lines;
  }

  /**
   * Whether everything is there that was recorded, to the end, and nobody but whom it names wrote it where that can be told; null
   * before the last item was taken. tlog's recordings never tell an end: its absence says nothing of them.
   */
  get isWhole(): boolean | null {
    if (!this.#isRead) return null;
    return this.#opened.report.status === 0 && !isForeign(this.#opened);
  }

  /** Every item, in order. Throws RecError: what reading throws, and at the end what tells why there was no recording. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Item, void, undefined> {
    for await (const batch of this.#once(this.#opened.items)) yield* batch;
  }

  async *#once<Part>(parts: AsyncIterable<Part>): AsyncGenerator<Part, void, undefined> {
    if (this.#isTaken) throw new TypeError("a recording can be read once: open it again");
    this.#isTaken = true;
    try {
      yield* parts;
      checkPlayable(this.#source, this.#opened);
      this.#isRead = true;
    } finally {
      await this.close();
    }
  }

  /** Only what passed the terminal: output, input where it was recorded, and sizes. Instead of the items, not beside them. */
  async *packets(): AsyncGenerator<Packet, void, undefined> {
    for await (const item of this) {
      if (isPacket(item)) yield item;
    }
  }

  /**
   * The messages themselves, as they stand in the medium, a JSON object and a newline each: a file of them is the same recording, which tlog-play
   * plays, too. What is no message, or another process's, is left out and told by `problems`. Instead of the items, not beside them.
   */
  async *messages(): AsyncGenerator<string, void, undefined> {
    yield* this.#once(this.#opened.lines());
  }

  /** Lets go of the medium; an iteration ends. May be called again. */
  async close(): Promise<void> {
    await this.#opened.close();
  }
}

/**
 * Opens one recording of a place: the one whose id is `id` or has such a part, as `rec-play` takes it. Without an id it is the newest of
 * a folder or of a running journal, and the first of a file. A path may also be that of another recorder's, which is read as what it is:
 * asciicast, ttyrec, a typescript, a folder of sudo's I/O log.
 *
 * In a journal anyone may write under any id: messages that another process than the recording's wrote come as items of kind `bad`, never
 * as packets, and `provenance` tells who wrote the rest.
 *
 * Throws RecError: REC_RECORDING_UNKNOWN, REC_RECORDINGS_MANY (which lists them), REC_RECORDING_NONE, REC_FILE_READ, REC_JOURNAL_READ,
 * REC_IMPORT, REC_USAGE; and, when it is read, REC_RECORDING_EMPTY and REC_RECORDING_FORMAT.
 *
 * @example
 * const recording = await openRecording("/var/log/rec-session", "741f-4384f");
 * for await (const item of recording) if (item.kind === "output") process.stdout.write(item.bytes);
 */
export async function openRecording(place: Place, id?: string): Promise<OpenRecording> {
  return await OpenRecording.open(await sourceOf(place, id));
}

async function sourceOf(place: Place, id: string | undefined): Promise<Source> {
  // What the environment says is for programs: a library looks where it is told to.
  const environment = (): undefined => undefined;
  if (typeof place === "string") {
    return await findSource({ ...nowhere, reader: "file", "file.match": id }, [pathOf(place)], environment);
  }
  const { namespace, file, directory } = journalAt(place);
  const journal = { "journal.namespace": namespace, "journal.file": file, "journal.directory": directory };
  return await findSource(
    { ...nowhere, ...journal, reader: "journal", "journal.match": id === undefined ? undefined : [id] },
    [],
    environment,
  );
}
