/** What is known of a recording, for people: in the recorder's words, and in those of journald. */
import type { EndItem, HeadItem, Item } from "../format/item.ts";
import { printable } from "../printable.ts";
import { bytesText } from "./bytes.ts";
import { formatMoment } from "./time.ts";

/** What journald knows of the sender of the first message. */
export interface Sender {
  /** Values by journald's names. */
  readonly trusted: Readonly<Record<string, string | undefined>>;
  /** Whether it is the process that the recording's id names; null when that cannot be compared. */
  readonly isNamed: boolean | null;
}

export class Info {
  #head: HeadItem | null = null;
  #end: EndItem | null = null;
  #size = "";
  #lastMs = 0;
  #outBytes = 0;

  take(item: Item): void {
    if (item.kind === "head") this.#head = item;
    else if (item.kind === "end") this.#end = item;
    else if (item.kind === "window" && this.#size === "") this.#size = `${item.columns}x${item.rows}`;
    else if (item.kind === "output") this.#outBytes += item.bytes.length;
    if ("atMs" in item) this.#lastMs = item.atMs;
  }

  /** One line a fact, safe to print; `sender` is null where the medium knows none. */
  text(source: string, sender: Sender | null, formatDate: (ms: number) => string): string {
    const facts = [...this.#recorderFacts(formatDate), ["source", source] as const, ...senderFacts(sender)];
    const width = Math.max(...facts.map(([name]) => name.length)) + 2;
    return facts.map(([name, value]) => `${`${name}:`.padEnd(width)}${printable(value)}\n`).join("");
  }

  #recorderFacts(formatDate: (ms: number) => string): (readonly [name: string, value: string])[] {
    const head = this.#head;
    if (head === null) return [];
    const { start, startedMs } = head;
    return [
      ["id", head.rec],
      ["user", head.user],
      ["host", head.host],
      ["session", head.session === 4294967295 ? "-" : String(head.session)],
      ["start", startedMs === null ? "-" : formatDate(startedMs)],
      ["end", this.#ending()],
      ["duration", formatMoment(this.#end?.durationMs ?? this.#lastMs)],
      ["output", bytesText(this.#end?.outBytes ?? this.#outBytes)],
      ["terminal", `${[start?.tty ?? "", head.term, this.#size].filter((text) => text !== "").join(" ") || "-"}`],
      ["command", start === null ? "-" : start.command.join(" ")],
      ["directory", start?.cwd || "-"],
      ["peer", start?.peer ?? "-"],
    ];
  }

  #ending(): string {
    if (this.#end === null) return "not told";
    return this.#end.signal === null ? `exit status ${this.#end.exit}` : `signal ${this.#end.signal}`;
  }
}

function senderFacts(sender: Sender | null): (readonly [name: string, value: string])[] {
  if (sender === null) return [["written by", "not known: only the journal tells who wrote a message"]];
  const named = { true: "the process that the ID names", false: "another process than the ID names" };
  const facts = Object.entries(sender.trusted).map(([name, value]) => [name, value ?? ""] as const);
  return [...(sender.isNamed === null ? [] : [["written by", named[`${sender.isNamed}`]] as const]), ...facts];
}
