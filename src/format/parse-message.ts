/** Message parsing: one line of JSON to a checked message. */
import { RecError } from "../errors.ts";
import { parseEcho, parseEnd, parseLost, parseStart, parseTransfer } from "./additive.ts";
import { type Message, unsetSession } from "./message.ts";
import { greatestMs, greatestTimeMs } from "./timing.ts";

/** The highest major version of the format that is known; minor versions only add fields. */
const greatestMajor = 2;
/** Ours and tlog's have 60 characters or so. Many recordings' are kept in memory, and each is a key of an index. */
const greatestRecLength = 256;

type Fields = { readonly [name: string]: unknown };

/**
 * Parses what tlog's reader takes, as far as it is JSON, and also whole numbers as `time`, which pipelines make of
 * tlog's. Throws REC_FORMAT_JSON, REC_FORMAT_VERSION or REC_FORMAT_FIELD.
 */
export function parseMessage(text: string): Message {
  const fields = parseObject(text);
  const ver = version(fields["ver"]);
  const time = optional(fields, "time", 0, greatestTimeMs / 1000);
  return {
    ver,
    host: string(fields, "host"),
    rec: "rec" in fields ? recordingId(fields) : "",
    user: string(fields, "user"),
    term: string(fields, "term"),
    session: integer(fields, "session", 1, unsetSession),
    id: integer(fields, "id", 0, Number.MAX_SAFE_INTEGER),
    posMs: integer(fields, "pos", 0, greatestMs),
    timeMs: time === null ? null : Math.round(time * 1000),
    timing: string(fields, "timing"),
    inTxt: "in_txt" in fields ? string(fields, "in_txt") : "",
    inBin: bytes(fields, "in_bin"),
    outTxt: "out_txt" in fields ? string(fields, "out_txt") : "",
    outBin: bytes(fields, "out_bin"),
    start: parseStart(fields["start"]),
    end: parseEnd(fields["end"]),
    lost: parseLost(fields["lost"]),
    transfer: parseTransfer(fields["transfer"]),
    echo: parseEcho(fields["echo"]),
  };
}

function parseObject(text: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new RecError("REC_FORMAT_JSON", { why: syntaxReason(cause) }, cause);
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
  throw new RecError("REC_FORMAT_JSON", { why: "not a JSON object" });
}

/** The engine's sentence without the piece of the text that it quotes, which may be anything. */
function syntaxReason(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : "";
  const place = /at position (\d+)/.exec(message)?.[1];
  if (/^(Unexpected end|Unterminated)/.test(message)) return "the JSON ends too early";
  return place === undefined ? "not JSON" : `not JSON at character ${Number(place) + 1}`;
}

function version(value: unknown): string {
  if (value === undefined) throw wrong("ver", "is missing");
  // tlog's reader takes whole numbers and leading white space.
  const text = typeof value === "number" && Number.isInteger(value) ? String(value) : value;
  if (typeof text !== "string") throw wrong("ver", "is no string");
  const major = /^\s*(\d+)(\.\d+)?$/.exec(text)?.[1];
  if (major === undefined || Number(major) > greatestMajor) {
    throw new RecError("REC_FORMAT_VERSION", { version: JSON.stringify(text.slice(0, 20)) });
  }
  return text.trim();
}

function string(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value === "string") return value;
  throw wrong(name, value === undefined ? "is missing" : "is no string");
}

function recordingId(fields: Fields): string {
  const rec = string(fields, "rec");
  if (rec.length > greatestRecLength) throw wrong("rec", `is longer than ${greatestRecLength} characters`);
  return rec;
}

function integer(fields: Fields, name: string, least: number, greatest: number): number {
  const value = fields[name];
  if (value === undefined) throw wrong(name, "is missing");
  if (!Number.isInteger(value)) throw wrong(name, "is no whole number");
  return bounded(name, value as number, least, greatest);
}

function optional(fields: Fields, name: string, least: number, greatest: number): number | null {
  const value = fields[name];
  if (value === undefined) return null;
  if (typeof value !== "number") throw wrong(name, "is no number");
  return bounded(name, value, least, greatest);
}

function bounded(name: string, value: number, least: number, greatest: number): number {
  if (value < least || value > greatest) throw wrong(name, `is not from ${least} to ${greatest}`);
  return value;
}

function bytes(fields: Fields, name: string): readonly number[] {
  const value = fields[name];
  if (value === undefined) throw wrong(name, "is missing");
  if (!Array.isArray(value)) throw wrong(name, "is no array");
  for (const byte of value) {
    if (!(Number.isInteger(byte) && byte >= 0 && byte <= 255)) throw wrong(name, "holds something that is no byte");
  }
  return value;
}

function wrong(field: string, why: string): RecError {
  return new RecError("REC_FORMAT_FIELD", { field, why });
}
