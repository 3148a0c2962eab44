/** A sudo I/O log folder (sudoers(5)): what is known in log, what came when in timing, the bytes in a file each stream. */
import type { Bytes } from "./bytes.ts";
import type { ImportItem } from "./item.ts";
import type { ImportSource } from "./source.ts";
import { parseLogJson, parseLogLines, type SudoLog } from "./sudo-log.ts";

/** A log.json holds the arguments and the environment of a command. */
const maxLogBytes = 4 * 1024 * 1024;
const maxTimingBytes = 4096;
const pieceBytes = 64 * 1024;

/** Streams by the number of their event in timing. */
const streams = ["stdin", "stdout", "stderr", "ttyin", "ttyout"] as const;
/** The files of a folder. */
export const sudoParts: readonly string[] = ["log.json", "log", "timing", ...streams];

const inputs: ReadonlySet<string> = new Set(["stdin", "ttyin"]);
const window = 5;
/** ttyout, under another number in one version (sudo 1.8.7). */
const oldOutput = 6;
const suspended = 7;

export async function* importSudo(source: ImportSource): AsyncGenerator<ImportItem> {
  const log = await readLog(source);
  if (log === null) {
    yield { kind: "bad", place: "log", reason: "no log of sudo is in log.json or log" };
    return;
  }
  yield log.head;
  const timing = await source.open("timing");
  if (timing === null) yield { kind: "bad", place: "timing", reason: "there is none, so nothing can be played" };
  else yield* timed(source, timing);
  yield { kind: "end", exit: log.exit, signal: log.signal };
}

async function readLog(source: ImportSource): Promise<SudoLog | null> {
  const json = await wholeText(await source.open("log.json"));
  return (
    (json === null ? null : parseLogJson(json)) ?? parseLogLines((await wholeText(await source.open("log"))) ?? "")
  );
}

async function wholeText(bytes: Bytes | null): Promise<string | null> {
  const all = await bytes?.exactly(maxLogBytes);
  return all?.toString() ?? null;
}

async function* timed(source: ImportSource, timing: Bytes): AsyncGenerator<ImportItem> {
  const opened = new Map<string, Bytes | null>();
  let atNs = 0;
  for await (const { text, place: line, trouble } of timing.lines(maxTimingBytes)) {
    const place = `${line} of timing`;
    const record = trouble === undefined ? parseRecord(text) : null;
    if (record === null) {
      yield { kind: "bad", place, reason: trouble ?? "not a record of a timing" };
      continue;
    }
    atNs += record.afterNs;
    const atMs = atNs / 1e6;
    if (record.event === window) yield { kind: "window", atMs, columns: record.second, rows: record.first };
    const name = streams[record.event === oldOutput ? streams.indexOf("ttyout") : record.event];
    if (name === undefined) continue;
    if (!opened.has(name)) opened.set(name, await source.open(name));
    yield* stretch(opened.get(name) ?? null, name, record.first, atMs, place);
  }
  if (timing.damage !== null) yield { kind: "bad", place: "timing", reason: timing.damage };
  for (const [name, bytes] of opened) {
    if (bytes !== null && bytes.damage === null && (await bytes.next()) !== null)
      yield { kind: "bad", place: name, reason: "it holds more than the timing tells" };
  }
}

async function* stretch(
  bytes: Bytes | null,
  name: string,
  count: number,
  atMs: number,
  place: string,
): AsyncGenerator<ImportItem> {
  let left = count;
  while (left > 0) {
    const piece = (await bytes?.next(Math.min(left, pieceBytes))) ?? null;
    if (piece === null) break;
    left -= piece.length;
    yield { kind: inputs.has(name) ? "input" : "output", atMs, bytes: piece };
  }
  if (left === 0) return;
  const why = bytes === null ? "there is no such file" : (bytes.damage ?? "the file ends before");
  yield { kind: "bad", place, reason: `${left} bytes of ${name} are missing: ${why}` };
}

interface SudoRecord {
  readonly event: number;
  readonly afterNs: number;
  /** Bytes, or rows. */
  readonly first: number;
  /** Columns. */
  readonly second: number;
}

/** "EVENT DELAY BYTES", "5 DELAY ROWS COLUMNS", "7 DELAY SIGNAL". */
function parseRecord(line: string): SudoRecord | null {
  const [, event, seconds, fraction = "", rest = ""] = /^(\d) (\d{1,10})(?:\.(\d{1,9}))? (.+)$/.exec(line) ?? [];
  if (event === undefined || seconds === undefined) return null;
  const afterNs = Number(seconds) * 1e9 + Number(fraction.padEnd(9, "0"));
  if (Number(event) === suspended) return { event: suspended, afterNs, first: 0, second: 0 };
  const [, first, second] = (Number(event) === window ? /^(\d{1,5}) (\d{1,5})$/ : /^(\d{1,12})$/).exec(rest) ?? [];
  if (first === undefined || Number(event) > suspended) return null;
  return { event: Number(event), afterNs, first: Number(first), second: Number(second ?? 0) };
}
