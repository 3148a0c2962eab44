/** The report: what was not as it should be in what was played, for people, and the exit status that says so. */
import type { Item, TransferItem } from "../format/item.ts";
import { printable } from "../printable.ts";
import { bytesText } from "./bytes.ts";
import { formatMoment } from "./time.ts";

/** A damaged or hostile recording has any number of wrong places; those beyond are counted. */
const maxLines = 20;

const incomplete = 3;

export class Report {
  #lines: string[] = [];
  #omitted = 0;
  /** What is as the site wants it: worth a line, no reason to fail. */
  readonly #notes: string[] = [];
  #omittedNotes = 0;
  readonly #isLax: boolean;
  #isPlayable = false;
  #isOwn = false;
  #user = "";
  #isEnded = false;
  #firstBad: { readonly place: string; readonly reason: string } | null = null;

  /** A lax one does not tell of missing messages, and finds no reason to fail. */
  constructor(isLax = false) {
    this.#isLax = isLax;
  }

  /** Takes notice of what passes. */
  take(item: Item): void {
    switch (item.kind) {
      case "head":
        this.#isPlayable = true;
        this.#isOwn = item.start !== null;
        this.#user = item.user;
        break;
      case "end":
        this.#isEnded = true;
        break;
      case "gap":
        if (!this.#isLax)
          this.add(`${messages(item.fromId, item.toId)} missing, between ${stretch(item.fromMs, item.toMs)}`);
        break;
      case "lost":
        this.add(
          `the recorder dropped ${lostBytes(item.outBytes, item.inBytes)}, between ${stretch(item.fromMs, item.toMs)}`,
        );
        break;
      case "transfer":
        this.#note(item);
        break;
      case "bad":
        this.#firstBad ??= item;
        this.add(`${item.place} cannot be used: ${item.reason}`);
        break;
      case "unended":
        // tlog never tells an end, so its absence means nothing there.
        if (this.#isOwn) this.add(unended(item.lastMs, item.lastId));
        break;
      default:
    }
  }

  /** What the recording says of itself: who was recorded, and whether our recorder did it. */
  get claim(): { readonly user: string; readonly isOwn: boolean } {
    return { user: this.#user, isOwn: this.#isOwn };
  }

  /** Whether there was a message at all. */
  get isPlayable(): boolean {
    return this.#isPlayable;
  }

  /** Whether the recording told its end. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Why there was none, as far as the first place that could not be used tells. */
  get why(): string | null {
    return this.#firstBad === null ? null : `${this.#firstBad.place}: ${this.#firstBad.reason}`;
  }

  get status(): 0 | 3 {
    return this.#lines.length === 0 || this.#isLax ? 0 : incomplete;
  }

  /** Sentences, safe to print. */
  get lines(): string[] {
    const notes = [...this.#notes, ...more(this.#omittedNotes, "transfer")];
    return [...notes, ...this.#lines, ...more(this.#omitted, "place")].map(printable);
  }

  /** Takes notice of what is not as it should be, in a sentence. */
  add(line: string): void {
    if (this.#lines.length < maxLines) this.#lines.push(line);
    else this.#omitted++;
  }

  #note({ fromMs, toMs, command, inBytes, outBytes }: TransferItem): void {
    if (this.#notes.length === maxLines) {
      this.#omittedNotes++;
      return;
    }
    const what = `${command.join(" ")}: ${bytesText(inBytes)} in, ${bytesText(outBytes)} out`;
    this.#notes.push(`a file transfer passed unrecorded, between ${stretch(fromMs, toMs)}: ${what}`);
  }
}

function more(count: number, what: string): string[] {
  return count === 0 ? [] : [`and ${count} more such ${what}${count === 1 ? "" : "s"}`];
}

/** Notes everything that passes. */
export async function* noted(batches: AsyncIterable<Iterable<Item>>, report: Report): AsyncGenerator<Iterable<Item>> {
  for await (const batch of batches) yield notedBatch(batch, report);
}

function* notedBatch(batch: Iterable<Item>, report: Report): Generator<Item> {
  for (const item of batch) {
    if (item.kind !== "output") report.take(item);
    yield item;
  }
}

function messages(fromId: number, toId: number): string {
  return fromId === toId ? `message ${fromId} is` : `messages ${fromId} to ${toId} are`;
}

function stretch(fromMs: number, toMs: number): string {
  return `${formatMoment(fromMs)} and ${formatMoment(toMs)}`;
}

function lostBytes(outBytes: number, inBytes: number): string {
  const parts = [];
  if (outBytes > 0 || inBytes === 0) parts.push(`${bytesText(outBytes)} of output`);
  if (inBytes > 0) parts.push(`${bytesText(inBytes)} of input`);
  return parts.join(" and ");
}

function unended(lastMs: number, lastId: number): string {
  return `the recording stops at ${formatMoment(lastMs)} (message ${lastId}) without its end: it is still running or was cut off`;
}
