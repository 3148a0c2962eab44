/** An opened recording: what its source says of the one recording that is meant, and what was noticed on the way. */
import { type Attribution, Names } from "./catalog/attribution.ts";
import { badItem, decoded, type Sifted } from "./decoding.ts";
import type { Item } from "./format/item.ts";
import type { Sender } from "./play/info.ts";
import { noted, Report } from "./play/report.ts";
import { Provenance } from "./reader/provenance.ts";
import type { Reader } from "./reader/reader.ts";
import { Selection } from "./reader/selection.ts";
import { sift } from "./reader/sift.ts";
import type { Source } from "./source.ts";

export interface OpenOptions {
  /** At its end more is waited for, until the recording tells its own end. */
  readonly isFollowing: boolean;
  /** Lines come with their journal entries. */
  readonly keepsEntries: boolean;
  /** Missing messages are not told, and are no reason to fail. */
  readonly isLax?: boolean;
}

export class OpenedRecording {
  readonly report: Report;
  readonly provenance: Provenance;
  readonly selection: Selection;
  /** The messages, and what is none; taken once, by this or by `items`. */
  readonly messages: AsyncIterable<Sifted>;
  readonly #names = new Names();
  readonly #reader: Reader;
  readonly #isFollowing: boolean;

  private constructor(reader: Reader, { wanted, hasMessagesOf }: Source, { isFollowing, isLax }: OpenOptions) {
    // A medium that cannot be asked would have to be held back to its end.
    const provenance = new Provenance(hasMessagesOf === null ? undefined : (trusted) => this.#names.recorders(trusted));
    this.provenance = provenance;
    this.#reader = reader;
    this.#isFollowing = isFollowing;
    this.report = new Report(isLax);
    this.selection = new Selection(wanted);
    this.messages = sift(reader, { selection: this.selection, provenance, hasMessagesOf });
  }

  static async open(source: Source, options: OpenOptions): Promise<OpenedRecording> {
    return new OpenedRecording(await source.open(options), source, options);
  }

  /** What they hold, one batch a message; noted in the report as it passes. */
  get items(): AsyncIterable<Iterable<Item>> {
    return noted(decoded(this.messages, this.isOver), this.report);
  }

  /** The messages themselves, a line each, as they stand in the medium, without what is none; noted as `items` are, instead of which they are taken. */
  async *lines(): AsyncGenerator<string, void, undefined> {
    const passed: string[] = [];
    async function* passing(messages: AsyncIterable<Sifted>): AsyncGenerator<Sifted> {
      for await (const line of messages) {
        if ("text" in line && badItem(line) === null && line.text.trim() !== "") passed.push(`${line.text}\n`);
        yield line;
      }
    }
    for await (const batch of noted(decoded(passing(this.messages), this.isOver), this.report)) {
      // They are looked at as they pass.
      for (const _ of batch);
      yield* passed.splice(0);
    }
  }

  /** Who sent it by the kernel's word, once it was read; null where nothing tells. */
  get attribution(): Attribution | null {
    const { first } = this.provenance;
    if (first === null) return null;
    return this.#names.attribute({ ...this.report.claim, identifier: first.identifier ?? "" }, first.trusted);
  }

  /** What journald knows of the sender of the first message; null where nothing tells. */
  get sender(): Sender | null {
    const { first, isNamed } = this.provenance;
    return first === null ? null : { trusted: first.trusted, isNamed, attribution: this.attribution };
  }

  /** Whether nothing more is waited for. */
  get isOver(): () => boolean {
    return () => this.#isFollowing && this.report.isEnded;
  }

  async close(): Promise<void> {
    await this.#reader.close();
  }
}
