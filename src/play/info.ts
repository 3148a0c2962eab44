/** What is known of a recording, for people: in the recorder's words, and in those of journald. */
import type { EndItem, HeadItem, Item, TransferItem } from "../format/item.ts";
import { type Import, unsetSession } from "../format/message.ts";
import { printable } from "../printable.ts";
import { bytesText } from "./bytes.ts";
import { formatMoment } from "./time.ts";

/** What journald knows of the sender of the first message. */
export interface Sender {
  /** Values by journald's names. */
  readonly trusted: Readonly<Record<string, string | undefined>>;
  /** Whether it is the process that the recording's id names; null when that cannot be compared. */
  readonly isNamed: boolean | null;
  /** Who that is for this host; null where it cannot say. */
  readonly attribution: { readonly by: string; readonly lie: string | null } | null;
}

/** A fact in words; one without a name goes on from that before it. */
export type Fact = readonly [name: string, value: string];

/** One line a fact, safe to print. */
export function factLines(facts: readonly Fact[]): string {
  const width = Math.max(...facts.map(([name]) => name.length)) + 2;
  return facts.map(([name, value]) => `${(name === "" ? "" : `${name}:`).padEnd(width)}${printable(value)}\n`).join("");
}

export class Info {
  #head: HeadItem | null = null;
  #end: EndItem | null = null;
  #transfer: TransferItem | null = null;
  #size = "";
  #lastMs = 0;
  #outBytes = 0;
  #inBytes = 0;

  take(item: Item): void {
    if (item.kind === "head") this.#head = item;
    else if (item.kind === "end") this.#end = item;
    else if (item.kind === "transfer") this.#transfer = item;
    else if (item.kind === "window" && this.#size === "") this.#size = `${item.columns}x${item.rows}`;
    else if (item.kind === "output") this.#outBytes += item.bytes.length;
    else if (item.kind === "input") this.#inBytes += item.bytes.length;
    if ("atMs" in item) this.#lastMs = item.atMs;
  }

  /** One line a fact, safe to print; `sender` is null where the medium knows none. */
  text(source: string, sender: Sender | null, formatDate: (ms: number) => string): string {
    return factLines(this.facts(source, sender, formatDate));
  }

  facts(source: string, sender: Sender | null, formatDate: (ms: number) => string): Fact[] {
    return [...this.#recorderFacts(formatDate), ["source", source], ...senderFacts(sender)];
  }

  /** The same for programs: times in milliseconds, null for what is not told. */
  record(source: string, sender: Sender | null): Readonly<Record<string, unknown>> {
    const [head, end] = [this.#head, this.#end];
    const { start } = head ?? { start: null };
    return {
      rec: head?.rec ?? null,
      user: head?.user ?? null,
      host: head?.host ?? null,
      session: head === null || head.session === unsetSession ? null : head.session,
      start: head?.startedMs ?? null,
      duration: end?.durationMs ?? this.#lastMs,
      exit: end?.exit ?? null,
      signal: end?.signal ?? null,
      isEnded: end !== null,
      outBytes: end?.outBytes ?? this.#outBytes,
      inBytes: end?.inBytes ?? this.#inBytes,
      messages: end?.messages ?? null,
      tty: start?.tty ?? null,
      term: head?.term ?? null,
      window: this.#size === "" ? null : this.#size,
      command: start?.command ?? null,
      cwd: start?.cwd ?? null,
      peer: start?.peer ?? null,
      import: start?.import ?? null,
      source,
      sender: sender === null ? null : senderRecord(sender),
    };
  }

  #recorderFacts(formatDate: (ms: number) => string): Fact[] {
    const head = this.#head;
    if (head === null) return [];
    const { start, startedMs } = head;
    return [
      ["id", head.rec],
      ["user", head.user || "-"],
      ["host", head.host || "-"],
      ["session", head.session === unsetSession ? "-" : String(head.session)],
      ["start", startedMs === null ? "-" : formatDate(startedMs)],
      ["end", this.#ending()],
      ["duration", formatMoment(this.#end?.durationMs ?? this.#lastMs)],
      ["output", bytesText(this.#end?.outBytes ?? this.#outBytes)],
      ["input", bytesText(this.#end?.inBytes ?? this.#inBytes)],
      ["terminal", `${[start?.tty ?? "", head.term, this.#size].filter((text) => text !== "").join(" ") || "-"}`],
      ["command", start?.command.join(" ") || "-"],
      ["directory", start?.cwd || "-"],
      ["peer", start?.peer ?? "-"],
      ...this.#transferFacts(),
      ...(start?.import === undefined ? [] : importFacts(start.import, formatDate)),
    ];
  }

  #transferFacts(): (readonly [name: string, value: string])[] {
    if (this.#transfer === null) return [];
    const { command, inBytes, outBytes } = this.#transfer;
    return [["transfer", `${command.join(" ")}: ${bytesText(inBytes)} in, ${bytesText(outBytes)} out, not recorded`]];
  }

  #ending(): string {
    if (this.#end === null || (this.#end.exit === null && this.#end.signal === null)) return "not told";
    return this.#end.signal === null ? `exit status ${this.#end.exit}` : `signal ${this.#end.signal}`;
  }
}

/** No recorder of ours stands for what was imported: this says who does. */
function importFacts({ format, file, atMs, id, title, lacks }: Import, formatDate: (ms: number) => string): Fact[] {
  return [
    ["imported from", `${format}, ${file}, on ${formatDate(atMs)}`],
    ...(id === null ? [] : [["id there", id] as const]),
    ...(title === null ? [] : [["title", title] as const]),
    ["not told there", lacks.join(", ") || "-"],
  ];
}

/** Of what is as it should be; the rest has words of its own. */
const words: Readonly<Record<string, string>> = {
  recorder: "the installed recorder of login sessions",
  user: "a process of the user",
};

function senderRecord({ trusted, isNamed, attribution }: Sender): Readonly<Record<string, unknown>> {
  return { isNamed, by: attribution?.by ?? null, lie: attribution?.lie ?? null, ...trusted };
}

function senderFacts(sender: Sender | null): Fact[] {
  if (sender === null) return [["written by", "not known: only the journal tells who wrote a message"]];
  const named = { true: "the process that the ID names", false: "another process than the ID names" };
  const facts = Object.entries(sender.trusted).map(([name, value]) => [name, value ?? ""] as const);
  const { attribution } = sender;
  const sent =
    attribution === null ? [] : [["sent by", attribution.lie ?? words[attribution.by] ?? attribution.by] as const];
  return [...(sender.isNamed === null ? [] : [["written by", named[`${sender.isNamed}`]] as const]), ...sent, ...facts];
}
