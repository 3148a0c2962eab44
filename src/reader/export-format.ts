/** Journal export format, taken apart: chunks of bytes to entries, in bounded memory, whatever the bytes are. */

// https://systemd.io/JOURNAL_EXPORT_FORMATS: `NAME=value\n`, or `NAME\n`, 64-bit length, value, `\n`; an empty line ends an entry.
const newline = 10;
const equals = 61;
const lengthBytes = 8;

/** No field of journald's is longer; its own limit is 64. */
const maxNameBytes = 256;
/** A message may be large, but an entry beyond this is no recorder's; holding it would cost memory without bound. */
const defaultMaxEntryBytes = 64 * 1024 * 1024;
const firstBytes = 512 * 1024;

/** The fields of one entry. It is valid until the parser is given more. */
export interface ExportEntry {
  /** The first value of that field; undefined without one. */
  value(name: string): Buffer | undefined;
  /** All of the entry as it stands in the medium, with the line that ends it. */
  readonly bytes: Buffer;
}

/** Why a stretch of the medium is no entry, in words. */
export type ExportTrouble = string;

export class ExportParser {
  readonly #maxEntryBytes: number;
  /** What was pushed and is not done with lies from `#start` to `#end`. */
  #held: Buffer = Buffer.allocUnsafe(firstBytes);
  #start = 0;
  #end = 0;
  /** Where parsing goes on: up to here, whole fields of the entry at `#start`. */
  #at = 0;
  /** Where the search for the newline that ends the field at `#at` goes on. */
  #sought = 0;
  /** Places of name and value of each field, relative to `#start`: four numbers a field. */
  #fields: number[] = [];
  #isSkipping = false;
  /** Bytes that are passed over unseen: the rest of a value in an entry that is skipped. */
  #passing = 0;

  constructor(maxEntryBytes = defaultMaxEntryBytes) {
    this.#maxEntryBytes = maxEntryBytes;
  }

  /** The entries that end in the chunk, and the troubles met. The chunk may be reused. */
  *push(chunk: Buffer): Generator<ExportEntry | ExportTrouble> {
    this.#hold(chunk);
    while (true) {
      const found = this.#isSkipping ? this.#skip() : this.#field();
      if (found === "more") break;
      if (found === "field") continue;
      if (found !== "end") {
        yield found;
        continue;
      }
      const hasFields = this.#fields.length > 0;
      if (hasFields) yield this.#entry();
      this.#begin(this.#at);
    }
  }

  /** What the medium ended in: an entry that lacks no more than the empty line after it, or the trouble of half an entry. */
  *end(): Generator<ExportEntry | ExportTrouble> {
    if (!this.#isSkipping && this.#end > this.#start)
      yield this.#at === this.#end ? this.#entry() : "the entry is not whole";
    this.restart();
  }

  /** Forgets what is held of an entry. */
  restart(): void {
    this.#start = 0;
    this.#end = 0;
    this.#isSkipping = false;
    this.#passing = 0;
    this.#begin(0);
  }

  #hold(chunk: Buffer): void {
    const passed = Math.min(this.#passing, chunk.length);
    this.#passing -= passed;
    const rest = passed === 0 ? chunk : chunk.subarray(passed);
    if (this.#end + rest.length > this.#held.length) this.#makeRoom(rest.length);
    rest.copy(this.#held, this.#end);
    this.#end += rest.length;
  }

  #makeRoom(bytes: number): void {
    const heldBytes = this.#end - this.#start;
    const isFit = heldBytes + bytes <= this.#held.length;
    const target = isFit ? this.#held : Buffer.allocUnsafe(Math.max(2 * this.#held.length, heldBytes + bytes));
    this.#held.copy(target, 0, this.#start, this.#end);
    this.#held = target;
    this.#at -= this.#start;
    this.#sought -= this.#start;
    this.#start = 0;
    this.#end = heldBytes;
  }

  #begin(at: number): void {
    this.#start = at;
    this.#at = at;
    this.#sought = at;
    this.#fields = [];
  }

  /** Parses the field at `#at`, if all of it is here. */
  #field(): "field" | "end" | "more" | ExportTrouble {
    const held = this.#held;
    const lineEnd = this.#lineEnd();
    if (lineEnd === -1) {
      const isTooLong = this.#end > this.#at && this.#isTooLong(this.#end);
      return isTooLong ? this.#refuse(this.#tooLong()) : "more";
    }
    if (lineEnd === this.#at) {
      this.#at = lineEnd + 1;
      this.#sought = this.#at;
      return "end";
    }
    const nameEnd = this.#nameEnd(lineEnd);
    if (nameEnd === -1) return this.#refuse("it is not in journal export format");
    if (held[nameEnd] === equals) return this.#take(nameEnd, nameEnd + 1, lineEnd);
    return this.#binaryField(lineEnd);
  }

  #binaryField(nameEnd: number): "field" | "more" | ExportTrouble {
    const from = nameEnd + 1 + lengthBytes;
    if (from > this.#end) return "more";
    const length = Number(this.#held.readBigUInt64LE(nameEnd + 1));
    const to = from + length;
    if (this.#isTooLong(to)) {
      // A length that can be true is passed over whole, so that nothing within the value is taken for an entry.
      const next = Number.isSafeInteger(length) ? to + 1 : from;
      const trouble = this.#refuse(this.#tooLong(), Math.min(next, this.#end));
      this.#passing = Math.max(0, next - this.#end);
      return trouble;
    }
    if (to >= this.#end) return "more";
    if (this.#held[to] !== newline) return this.#refuse("it is not in journal export format", nameEnd + 1);
    return this.#take(nameEnd, from, to);
  }

  #take(nameEnd: number, from: number, to: number): "field" | ExportTrouble {
    if (this.#isTooLong(to)) return this.#refuse(this.#tooLong(), to + 1);
    this.#fields.push(this.#at - this.#start, nameEnd - this.#start, from - this.#start, to - this.#start);
    this.#at = to + 1;
    this.#sought = this.#at;
    return "field";
  }

  #lineEnd(): number {
    const found = this.#held.subarray(this.#sought, this.#end).indexOf(newline);
    const lineEnd = found === -1 ? -1 : this.#sought + found;
    this.#sought = lineEnd === -1 ? this.#end : this.#at;
    return lineEnd;
  }

  /** Where the name of the line ends: at "=", or at the line's end; -1 for what is no name. */
  #nameEnd(lineEnd: number): number {
    const held = this.#held;
    const limit = Math.min(lineEnd, this.#at + maxNameBytes);
    let at = this.#at;
    while (at < limit && isNameByte(held[at] as number)) at++;
    return at > this.#at && (at === lineEnd || held[at] === equals) ? at : -1;
  }

  #isTooLong(end: number): boolean {
    return end - this.#start > this.#maxEntryBytes;
  }

  #tooLong(): string {
    return `the entry is longer than ${this.#maxEntryBytes} bytes`;
  }

  /** Gives the present entry up; going on from `at`, the next empty line ends it. */
  #refuse(reason: string, at = this.#at): ExportTrouble {
    this.#begin(at);
    this.#isSkipping = true;
    return reason;
  }

  /** Passes over one line of an entry that was given up. */
  #skip(): "field" | "more" {
    const lineEnd = this.#lineEnd();
    if (lineEnd === -1) {
      // The beginning of a line is enough to know that it is not empty.
      if (this.#end - this.#at > 1) this.#begin(this.#end - 1);
      this.#sought = this.#end;
      return "more";
    }
    this.#isSkipping = lineEnd !== this.#at;
    this.#begin(lineEnd + 1);
    return "field";
  }

  #entry(): ExportEntry {
    const held = this.#held.subarray(this.#start, this.#at);
    const fields = this.#fields;
    return {
      bytes: held,
      value(name) {
        for (let i = 0; i < fields.length; i += 4) {
          const at = fields[i] as number;
          if ((fields[i + 1] as number) - at !== name.length || !isAt(held, at, name)) continue;
          return held.subarray(fields[i + 2], fields[i + 3]);
        }
        return undefined;
      },
    };
  }
}

function isNameByte(byte: number): boolean {
  return (byte >= 65 && byte <= 90) || byte === 95 || (byte >= 48 && byte <= 57) || (byte >= 97 && byte <= 122);
}

function isAt(held: Buffer, at: number, name: string): boolean {
  for (let i = 0; i < name.length; i++) if (held[at + i] !== name.charCodeAt(i)) return false;
  return true;
}
