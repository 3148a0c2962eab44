/** The sieve between a reader and the decoder: only lines of the chosen recording that its recorder wrote pass. */
import type { NamedSender, Provenance } from "./provenance.ts";
import type { Reader, SourceLine } from "./reader.ts";
import { recordingOf, type Selection } from "./selection.ts";

/** A message that claims to be the recording's but was written by someone else. */
export interface ForeignMessage {
  readonly place: string;
  readonly foreign: string;
}

export interface SieveOptions {
  readonly selection: Selection;
  readonly provenance: Provenance;
  /** Whether that sender wrote any message of the recording; null where the medium cannot be asked. */
  readonly hasMessagesOf: ((rec: string, sender: NamedSender) => Promise<boolean>) | null;
}

/** Anyone may write foreign messages without end: the first of each kind are told one by one, the others as a number. */
const maxTold = 5;
/** What waits for its sender to be known, where the medium cannot be asked. */
const maxHeldLines = 10_000;
const maxHeldCharacters = 16 * 1024 * 1024;

export async function* sift(reader: Reader, options: SieveOptions): AsyncGenerator<SourceLine | ForeignMessage> {
  const sieve = new Sieve(options);
  for await (const line of reader.lines()) {
    let passed = sieve.take(line);
    while (passed === "ask") {
      await sieve.ask(line);
      passed = sieve.take(line);
    }
    if (passed !== null) yield* passed;
  }
  yield* sieve.finish();
}

class Sieve {
  readonly #options: SieveOptions;
  #held: SourceLine[] = [];
  #heldCharacters = 0;
  #foreign = 0;
  #lastForeign = "";
  readonly #told = new Set<string>();

  constructor(options: SieveOptions) {
    this.#options = options;
  }

  /** What passes now; "ask" when the medium is to be asked first. */
  take(line: SourceLine): Iterable<SourceLine | ForeignMessage> | "ask" | null {
    const { selection, provenance, hasMessagesOf } = this.#options;
    if (line.origin === undefined) return line.trouble !== undefined || selection.admits(line) ? [line] : null;
    if (contradicts(line)) return this.#refuse(line, "its message is of another recording than its TLOG_REC");
    const saysRecording = selection.isMarked(line.text) || recordingOf(line.text) !== null;
    const rec = saysRecording ? this.#admitted(line) : this.#filedUnder(line.origin.rec);
    if (rec === null) return null;
    const verdict = provenance.judge(line, rec);
    if (verdict === "genuine") return this.#held.length === 0 ? [line] : [...this.#release(), line];
    if (verdict !== "undecided") return this.#refuse(line, verdict.foreign);
    if (hasMessagesOf !== null) return "ask";
    return this.#hold(line) ? null : this.resumeHeld();
  }

  /** The recording of a line that says one, if it is the chosen one. */
  #admitted(line: SourceLine): string | null {
    const { selection } = this.#options;
    return selection.admits(line) ? selection.rec : null;
  }

  /** The recording that no message is filed under, if it is the chosen one; a journal is full of other programs' entries. */
  #filedUnder(filed: string | undefined): string | null {
    const { selection } = this.#options;
    if (filed === undefined) return null;
    return filed === selection.rec || (selection.rec === null && selection.isWanted(filed)) ? filed : null;
  }

  async ask(line: SourceLine): Promise<void> {
    const { selection, provenance, hasMessagesOf } = this.#options;
    const rec = selection.rec ?? "";
    const sender = provenance.question(line, rec);
    const isThere = sender !== null && hasMessagesOf !== null && (await hasMessagesOf(rec, sender));
    provenance.decide(sender ?? {}, isThere);
  }

  /** Nobody of the named pid has come: the first sender is believed. */
  *resumeHeld(): Generator<SourceLine | ForeignMessage> {
    if (this.#held.length > 0) this.#options.provenance.decide({}, false);
    yield* this.#release();
  }

  *finish(): Generator<SourceLine | ForeignMessage> {
    yield* this.resumeHeld();
    if (this.#foreign <= this.#told.size) return;
    const others = this.#foreign - 1;
    const foreign = `it and ${others} ${others === 1 ? "other" : "others"} were not written by the recorder`;
    yield { place: this.#lastForeign, foreign };
  }

  *#release(): Generator<SourceLine | ForeignMessage> {
    const held = this.#held;
    this.#held = [];
    this.#heldCharacters = 0;
    for (const line of held) {
      const passed = this.take(line);
      if (passed !== null && passed !== "ask") yield* passed;
    }
  }

  #hold(line: SourceLine): boolean {
    this.#held.push(line);
    this.#heldCharacters += line.text.length;
    return this.#held.length < maxHeldLines && this.#heldCharacters < maxHeldCharacters;
  }

  #refuse({ place }: SourceLine, foreign: string): ForeignMessage[] {
    this.#foreign++;
    this.#lastForeign = place;
    if (this.#told.has(foreign) || this.#told.size >= maxTold) return [];
    this.#told.add(foreign);
    return [{ place, foreign }];
  }
}

/** The sender files its message under one recording and makes it say another. */
function contradicts({ text, origin }: SourceLine): boolean {
  const filed = origin?.rec;
  if (filed === undefined || text === "" || text.includes(`"rec":${JSON.stringify(filed)},`)) return false;
  const rec = recordingOf(text);
  return rec !== null && rec !== filed;
}
