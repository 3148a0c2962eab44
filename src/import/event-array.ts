/** A JSON object read as a stream: its fields up to a named array, then that array's arrays one by one, in bounded memory. */

const maxHeadBytes = 1024 * 1024;
const maxEventBytes = 8 * 1024 * 1024;
/** Enough to see the array's name before it. */
const tailBytes = 64;

const [quote, backslash, comma] = [0x22, 0x5c, 0x2c];
const [openArray, closeArray, openObject, closeObject] = [0x5b, 0x5d, 0x7b, 0x7d];

/** "head": the object up to the array, which is null in it. "broken": nothing more can be made of it. */
export interface Element {
  readonly kind: "head" | "event" | "broken";
  readonly text: string;
  readonly place: string;
}

type State = "head" | "between" | "event" | "ended" | "broken";

export class EventArray {
  readonly #name: RegExp;
  #state: State = "head";
  #depth = 0;
  #isString = false;
  #isEscaped = false;
  #held: Buffer[] = [];
  #heldBytes = 0;
  #events = 0;

  constructor(name: string) {
    this.#name = new RegExp(`"${name}"\\s*:\\s*$`);
  }

  /** Whether the whole array has come. */
  get isEnded(): boolean {
    return this.#state === "ended";
  }

  get isBroken(): boolean {
    return this.#state === "broken";
  }

  *push(chunk: Buffer): Generator<Element> {
    let from = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] as number;
      if (this.#isString) {
        if (this.#isEscaped) this.#isEscaped = false;
        else if (byte === backslash) this.#isEscaped = true;
        else if (byte === quote) this.#isString = false;
        continue;
      }
      if (this.#state === "between" && !isSpace(byte) && byte !== comma && byte !== openArray && byte !== closeArray) {
        yield this.#break();
      }
      if (this.#state === "ended" || this.#state === "broken") return;
      if (byte === quote) this.#isString = true;
      else if (byte === openArray || byte === openObject) {
        this.#depth++;
        if (this.#state === "head" && byte === openArray && this.#depth === 2) {
          const head = this.#take(chunk.subarray(from, at));
          if (this.#name.test(head.toString("latin1", Math.max(0, head.length - tailBytes)))) {
            this.#state = "between";
            yield { kind: "head", text: `${head}null}`, place: "line 1" };
          } else {
            this.#hold(head);
            from = at;
          }
        } else if (this.#state === "between") {
          this.#state = "event";
          this.#events++;
          from = at;
        }
      } else if (byte === closeArray || byte === closeObject) {
        this.#depth--;
        if (this.#state === "event" && this.#depth === 2) {
          this.#state = "between";
          const text = this.#take(chunk.subarray(from, at + 1)).toString();
          yield { kind: "event", text, place: `event ${this.#events}` };
        } else if (this.#state === "between") {
          this.#state = "ended";
        } else if (this.#depth <= 0) {
          yield this.#break();
        }
      }
    }
    if (this.#state !== "head" && this.#state !== "event") return;
    this.#hold(chunk.subarray(from));
    if (this.#heldBytes > (this.#state === "head" ? maxHeadBytes : maxEventBytes)) yield this.#break();
  }

  #break(): Element {
    this.#state = "broken";
    this.#held = [];
    return { kind: "broken", text: "", place: this.#events === 0 ? "line 1" : `event ${this.#events}` };
  }

  #hold(part: Buffer): void {
    this.#held.push(Buffer.from(part));
    this.#heldBytes += part.length;
  }

  #take(last: Buffer): Buffer {
    const all = this.#held.length === 0 ? last : Buffer.concat([...this.#held, last]);
    this.#held = [];
    this.#heldBytes = 0;
    return all;
  }
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}
