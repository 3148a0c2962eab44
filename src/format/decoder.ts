/** The decoder: lines of a medium to what happened in a session, and to all that is not as it should be. */
import { RecError, withoutStack } from "../errors.ts";
import { type EchoedLine, EchoedLines } from "./echoed-lines.ts";
import type { BadItem, Item, LostItem } from "./item.ts";
import type { Message } from "./message.ts";
import type { Packet } from "./packet.ts";
import { packetsOf } from "./packets.ts";
import { parseMessage } from "./parse-message.ts";

/** One line of a medium; a reader's SourceLine. */
export interface Line {
  readonly text: string;
  readonly place: string;
  readonly isWhole: boolean;
}

export interface DecoderOptions {
  /** Decode only this recording, and pass over others in silence. Without it the first one met is decoded. */
  readonly rec?: string;
  /** Go on after the lines that a decoder with the same other options had decoded when it told its state. */
  readonly state?: DecoderState;
}

/** What a decoder knows of the lines before: with it another one goes on in the middle of a recording. Plain data. */
export interface DecoderState {
  readonly rec: string | null;
  readonly hasHead: boolean;
  readonly hasEnd: boolean;
  readonly lastId: number;
  readonly lastMs: number;
  readonly columns: number;
  readonly rows: number;
  readonly foreign: number;
  readonly foreignPlace: string;
  /** What messages to come may refer to. */
  readonly echoed: readonly EchoedLine[];
}

/**
 * Decodes one recording, line by line. It never throws and never gives up: what cannot be used is told in its place,
 * and decoding goes on after it.
 */
export class Decoder {
  #rec: string | undefined;
  readonly #isChosen: boolean;
  #hasHead = false;
  #hasEnd = false;
  #lastId = 0;
  #lastMs = 0;
  #columns = -1;
  #rows = -1;
  /** Messages passed over because they are of another recording, and where the first of them was. */
  #foreign = 0;
  #foreignPlace = "";
  #echoed = new EchoedLines();

  constructor(options: DecoderOptions = {}) {
    this.#rec = options.rec;
    this.#isChosen = options.rec !== undefined;
    if (options.state !== undefined) this.#resume(options.state);
  }

  get state(): DecoderState {
    return {
      rec: this.#rec ?? null,
      hasHead: this.#hasHead,
      hasEnd: this.#hasEnd,
      lastId: this.#lastId,
      lastMs: this.#lastMs,
      columns: this.#columns,
      rows: this.#rows,
      foreign: this.#foreign,
      foreignPlace: this.#foreignPlace,
      echoed: this.#echoed.lines,
    };
  }

  /** What the line holds, in order. */
  decode(line: Line): Item[] {
    if (line.text.trim() === "") return [];
    let message: Message;
    try {
      message = withoutStack(() => parseMessage(line.text));
    } catch (error) {
      // A reader that stopped inside a line may still have all of the object.
      return [bad(line, line.isWhole ? reasonOf(error) : "the line is not whole")];
    }
    return this.#isForeign(message, line) ? [] : this.#decodeMessage(message, line);
  }

  /** What can be told only when no line follows. */
  finish(): Item[] {
    const items: Item[] = [];
    if (this.#foreign > 0 && !this.#isChosen) {
      const reason = `passed over ${this.#foreign} messages of other recordings, from here on`;
      items.push({ kind: "bad", place: this.#foreignPlace, reason });
    }
    if (this.#hasHead && !this.#hasEnd) items.push({ kind: "unended", lastId: this.#lastId, lastMs: this.#lastMs });
    return items;
  }

  #resume(state: DecoderState): void {
    this.#rec = state.rec ?? undefined;
    this.#hasHead = state.hasHead;
    this.#hasEnd = state.hasEnd;
    this.#lastId = state.lastId;
    this.#lastMs = state.lastMs;
    this.#columns = state.columns;
    this.#rows = state.rows;
    this.#foreign = state.foreign;
    this.#foreignPlace = state.foreignPlace;
    this.#echoed = new EchoedLines(state.echoed);
  }

  /** Messages without `rec`, which versions before 2.3 lack, belong to any recording, as with tlog. */
  #isForeign(message: Message, line: Line): boolean {
    if (this.#rec === undefined) this.#rec = message.rec;
    if (message.rec === this.#rec || message.rec === "") return false;
    if (this.#foreign++ === 0) this.#foreignPlace = line.place;
    return true;
  }

  #decodeMessage(message: Message, line: Line): Item[] {
    const items: Item[] = [];
    if (this.#hasHead && message.id <= this.#lastId) {
      const what = message.id === this.#lastId ? "is repeated" : `comes after message ${this.#lastId}`;
      return [bad(line, `message ${message.id} ${what}`)];
    }
    if (!this.#hasHead) items.push(headOf(message));
    if (message.id > this.#lastId + 1) items.push(this.#gap(message.id - 1, message.posMs));
    if (this.#hasEnd) items.push(bad(line, `message ${message.id} comes after the end of the recording`));
    if (message.posMs < this.#lastMs) {
      items.push(bad(line, `time goes back from ${this.#lastMs} to ${message.posMs} ms`));
    }
    this.#hasHead = true;
    this.#lastId = message.id;
    this.#lastMs = Math.max(this.#lastMs, message.posMs);
    if (message.lost !== null) items.push({ kind: "lost", ...message.lost });
    if (message.transfer !== null) items.push({ kind: "transfer", ...message.transfer });
    try {
      for (const packet of packetsOf(message, (echo) => this.#echoed.bytesOf(echo))) this.#addPacket(items, packet);
    } catch (error) {
      items.push(bad(line, `message ${message.id}: ${reasonOf(error)}`));
    }
    if (message.echo !== null) this.#echoed.keep(message.id, line.text.trim());
    if (message.end !== null) {
      this.#hasEnd = true;
      if (message.end.messages > message.id) items.push(this.#gap(message.end.messages, this.#lastMs));
      const { bad: places, ...end } = message.end;
      for (const bad of places ?? []) items.push({ kind: "bad", ...bad });
      items.push({ kind: "end", ...end });
    }
    return items;
  }

  #addPacket(items: Item[], packet: Packet | LostItem): void {
    if (packet.kind === "lost") {
      items.push(packet);
      return;
    }
    if (packet.kind === "window") {
      if (packet.columns === this.#columns && packet.rows === this.#rows) return;
      this.#columns = packet.columns;
      this.#rows = packet.rows;
    }
    // tlog writes characters that were completed late with a time before what it already wrote.
    const atMs = Math.max(packet.atMs, this.#lastMs);
    this.#lastMs = atMs;
    items.push(atMs === packet.atMs ? packet : { ...packet, atMs });
  }

  #gap(toId: number, toMs: number): Item {
    return { kind: "gap", fromId: this.#lastId + 1, toId, fromMs: Math.min(this.#lastMs, toMs), toMs };
  }
}

function headOf(message: Message): Item {
  const { host, rec, user, term, session, start } = message;
  const startedMs = message.timeMs === null ? null : message.timeMs - message.posMs;
  return { kind: "head", host, rec, user, term, session, startedMs, start };
}

function bad(line: Line, reason: string): BadItem {
  return { kind: "bad", place: line.place, reason };
}

function reasonOf(error: unknown): string {
  if (error instanceof RecError) return error.message;
  throw error;
}
