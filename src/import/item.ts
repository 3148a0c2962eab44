/** An import item: what an importer finds in a recording of another program. */
import type { BadItem, LostItem, TransferItem } from "../format/item.ts";
import { greatestSize, type Packet } from "../format/packet.ts";
import { greatestMs, greatestTimeMs } from "../format/timing.ts";

/** What is known before anything was shown. Null is what the source does not tell. */
export interface ImportHead {
  readonly kind: "head";
  /** "asciicast v2". */
  readonly format: string;
  /** Milliseconds since the epoch. */
  readonly startedMs: number | null;
  readonly user: string | null;
  readonly host: string | null;
  /** $TERM. */
  readonly term: string | null;
  /** Audit session id. */
  readonly session?: number;
  readonly columns: number | null;
  readonly rows: number | null;
  readonly command: readonly string[] | null;
  readonly cwd: string | null;
  readonly tty: string | null;
  readonly peer?: string | null;
  /** What the recording was called there. */
  readonly id: string | null;
  readonly title: string | null;
  /** False where it is not known when what was shown. */
  readonly hasTimes?: boolean;
}

/** How the recorded program ended; both are null where that is not told. */
export interface ImportEnd {
  readonly kind: "end";
  readonly exit: number | null;
  readonly signal: string | null;
}

/** Something of the source that a recording cannot hold, in words; nothing is wrong. */
export interface ImportNotice {
  readonly kind: "notice";
  readonly sentence: string;
}

/** `atMs` may be fractional, may go back, and may be anything else that a number can be: who records it holds it in bounds. */
export type ImportItem = ImportHead | Packet | LostItem | TransferItem | BadItem | ImportEnd | ImportNotice;

/** What nobody told. */
export const unknownHead: Omit<ImportHead, "format"> = {
  kind: "head",
  startedMs: null,
  user: null,
  host: null,
  term: null,
  columns: null,
  rows: null,
  command: null,
  cwd: null,
  tty: null,
  id: null,
  title: null,
};

/** The number where it is a size of a terminal, else null; none is 0 wide. */
export function sizeOf(value: unknown): number | null {
  return Number.isInteger(value) && (value as number) > 0 && (value as number) <= greatestSize
    ? (value as number)
    : null;
}

export function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

/** The moment, in milliseconds since the epoch, where every message of a recording that began then has a time; else null. */
export function startTimeOf(ms: number | null): number | null {
  return ms !== null && ms >= 0 && ms <= greatestTimeMs - greatestMs ? ms : null;
}
