/** Items to bytes and back, for a spool: only this process writes and reads them. */
import type { Item } from "../../format/item.ts";

const kinds = ["output", "input", "window", "other"] as const;
/** Kind, moment, length of what follows. */
const headBytes = 1 + 8 + 4;

export function encodeItems(items: Iterable<Item>): Buffer {
  const parts: Uint8Array[] = [];
  for (const item of items) parts.push(...encodeItem(item));
  return Buffer.concat(parts);
}

function encodeItem(item: Item): Uint8Array[] {
  if (item.kind === "output" || item.kind === "input")
    return [head(item.kind, item.atMs, item.bytes.length), item.bytes];
  if (item.kind === "window") {
    const size = Buffer.alloc(8);
    size.writeUInt32LE(item.columns, 0);
    size.writeUInt32LE(item.rows, 4);
    return [head("window", item.atMs, size.length), size];
  }
  const json = Buffer.from(JSON.stringify(item));
  return [head("other", 0, json.length), json];
}

function head(kind: (typeof kinds)[number], atMs: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(headBytes);
  bytes.writeUInt8(kinds.indexOf(kind), 0);
  bytes.writeDoubleLE(atMs, 1);
  bytes.writeUInt32LE(length, 9);
  return bytes;
}

/** The bytes of packets stay those that are given. */
export function decodeItems(bytes: Buffer): Item[] {
  const items: Item[] = [];
  for (let at = 0; at < bytes.length; ) {
    const kind = kinds[bytes.readUInt8(at)] as (typeof kinds)[number];
    const atMs = bytes.readDoubleLE(at + 1);
    const from = at + headBytes;
    at = from + bytes.readUInt32LE(at + 9);
    const body = bytes.subarray(from, at);
    if (kind === "other") items.push(JSON.parse(body.toString()) as Item);
    else if (kind !== "window") items.push({ kind, atMs, bytes: body });
    else items.push({ kind, atMs, columns: body.readUInt32LE(0), rows: body.readUInt32LE(4) });
  }
  return items;
}
