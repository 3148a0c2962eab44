/** The additive fields: what our messages tell beyond tlog's fields, printed and parsed. */
import type { Echo } from "./echo.ts";
import { quote } from "./escape.ts";
import type { BadPlace, Import, Lost, RecordingEnd, RecordingStart, Transfer } from "./message.ts";

/** Most that `start` carries, in UTF-16 units of all its strings together; what is beyond is cut off and `cut` says so. */
export const startLimit = 16384;

/** `,"start":{...}`, at most about six times `limit` bytes. */
export function printStart(start: RecordingStart, limit = startLimit): string {
  let left = limit;
  let isCut = start.isCut === true;
  const bounded = (text: string) => {
    const kept = text.length <= left ? text : text.slice(0, left).replace(/[\ud800-\udbff]$/, "");
    if (kept.length < text.length) isCut = true;
    left -= kept.length;
    return quote(kept);
  };
  const nullable = (text: string | null) => (text === null ? "null" : bounded(text));
  // The command comes last: it is the only one that may be long without being wrong.
  const cwd = bounded(start.cwd);
  const tty = nullable(start.tty);
  const peer = nullable(start.peer);
  const imported = start.import === undefined ? "" : printImport(start.import, bounded, nullable);
  const command: string[] = [];
  for (const argument of start.command) {
    // Each argument also costs its quotes and comma, so that a million empty ones are bounded too.
    left -= 3;
    if (left < 0) {
      isCut = true;
      break;
    }
    command.push(bounded(argument));
  }
  const cut = isCut ? ',"cut":true' : "";
  return `,"start":{"command":[${command.join(",")}],"cwd":${cwd},"tty":${tty},"peer":${peer}${imported}${cut}}`;
}

function printImport(
  { format, file, atMs, id, title, lacks }: Import,
  bounded: (text: string) => string,
  nullable: (text: string | null) => string,
): string {
  const told = `"format":${bounded(format)},"file":${bounded(file)},"time":${atMs},"id":${nullable(id)},"title":${nullable(title)}`;
  return `,"import":{${told},"lacks":[${lacks.map(bounded).join(",")}]}`;
}

export function printLost(lost: Lost): string {
  return `,"lost":{"in":${lost.inBytes},"out":${lost.outBytes},"from":${lost.fromMs},"to":${lost.toMs}}`;
}

/** The command is cut to `limit` UTF-16 units: it stands in the start, too, as the user gave it. */
export function printTransfer(transfer: Transfer, limit = startLimit): string {
  let left = limit;
  const command: string[] = [];
  for (const argument of transfer.command) {
    left -= argument.length + 3;
    if (left < 0) break;
    command.push(quote(argument));
  }
  const { inBytes, outBytes, fromMs, toMs } = transfer;
  return `,"transfer":{"command":[${command.join(",")}],"in":${inBytes},"out":${outBytes},"from":${fromMs},"to":${toMs}}`;
}

export function printEnd(end: RecordingEnd): string {
  const signal = end.signal === null ? "null" : quote(end.signal);
  const places = end.bad?.map(({ place, reason }) => `{"place":${quote(place)},"reason":${quote(reason)}}`);
  const bad = places === undefined ? "" : `,"bad":[${places.join(",")}]`;
  return `,"end":{"exit":${end.exit},"signal":${signal},"in":${end.inBytes},"out":${end.outBytes},"duration":${end.durationMs},"messages":${end.messages}${bad}}`;
}

type Fields = { readonly [name: string]: unknown };

/** Null for anything that is not a `start` as we print it: other writers may use the name for something of their own. */
export function parseStart(value: unknown): RecordingStart | null {
  if (!isFields(value)) return null;
  const { command, cwd, tty, peer, import: imported, cut } = value;
  if (!Array.isArray(command) || !command.every((argument) => typeof argument === "string")) return null;
  if (typeof cwd !== "string" || !isTextOrNull(tty) || !isTextOrNull(peer)) return null;
  const source = imported === undefined ? undefined : parseImport(imported);
  if (source === null) return null;
  const start = { command, cwd, tty, peer, ...(source === undefined ? {} : { import: source }) };
  return cut === true ? { ...start, isCut: true } : start;
}

function parseImport(value: unknown): Import | null {
  if (!isFields(value)) return null;
  const { format, file, time: atMs, id, title, lacks } = value;
  if (typeof format !== "string" || typeof file !== "string" || !isCount(atMs)) return null;
  if (!isTextOrNull(id) || !isTextOrNull(title)) return null;
  if (!Array.isArray(lacks) || !lacks.every((what) => typeof what === "string")) return null;
  return { format, file, atMs, id, title, lacks };
}

/** Null for anything that is not a `lost` as we print it. */
export function parseLost(value: unknown): Lost | null {
  if (!isFields(value)) return null;
  const { in: inBytes, out: outBytes, from: fromMs, to: toMs } = value;
  if (!isCount(inBytes) || !isCount(outBytes) || !isCount(fromMs) || !isCount(toMs)) return null;
  return { inBytes, outBytes, fromMs, toMs };
}

/** Null for anything that is not a `transfer` as we print it. */
export function parseTransfer(value: unknown): Transfer | null {
  const bytes = parseLost(value);
  if (bytes === null || !isFields(value)) return null;
  const { command } = value;
  if (!Array.isArray(command) || !command.every((argument) => typeof argument === "string")) return null;
  return { command, ...bytes };
}

/** Null for anything that is not an `echo` as we print it. */
export function parseEcho(value: unknown): Echo[] | null {
  if (!Array.isArray(value)) return null;
  const echoes: Echo[] = [];
  for (const numbers of value) {
    if (!Array.isArray(numbers) || numbers.length !== 5 || !numbers.every(isCount)) return null;
    const [id, form, from, length, sum] = numbers as [number, number, number, number, number];
    if (form > 1) return null;
    echoes.push({ id, isEscaped: form === 1, from, length, sum });
  }
  return echoes;
}

/** Null for anything that is not an `end` as we print it: the recording then counts as unended. */
export function parseEnd(value: unknown): RecordingEnd | null {
  if (!isFields(value)) return null;
  const { exit, signal, in: inBytes, out: outBytes, duration: durationMs, messages, bad } = value;
  if (!(exit === null || isCount(exit)) || !isTextOrNull(signal)) return null;
  if (!isCount(inBytes) || !isCount(outBytes) || !isCount(durationMs) || !isCount(messages)) return null;
  if (bad !== undefined && !(Array.isArray(bad) && bad.every(isBadPlace))) return null;
  return { exit, signal, inBytes, outBytes, durationMs, messages, ...(bad === undefined ? {} : { bad }) };
}

function isBadPlace(value: unknown): value is BadPlace {
  return isFields(value) && typeof value["place"] === "string" && typeof value["reason"] === "string";
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === "string";
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
