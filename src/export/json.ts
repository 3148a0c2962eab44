/** The json format: one item a line, for other programs; docs/recording-format.md has its table. */
import { isUtf8 } from "node:buffer";
import type { Item } from "../format/item.ts";
import { printableJson } from "../printable.ts";
import { Chunk } from "./chunk.ts";

export async function* exportJson(
  batches: AsyncIterable<Iterable<Item>>,
  isPrompt: boolean,
): AsyncGenerator<Uint8Array> {
  const chunk = new Chunk();
  for await (const batch of batches) {
    for (const item of batch) yield* chunk.add(Buffer.from(`${printableJson(JSON.stringify(recordOf(item)))}\n`));
    if (isPrompt) yield* chunk.take();
  }
  yield* chunk.take();
}

/** Times are in milliseconds; those of packets since the recording's first, `started` since the epoch. */
function recordOf(item: Item): object {
  switch (item.kind) {
    case "output":
    case "input":
      return { kind: item.kind, at: item.atMs, ...bytesOf(item.bytes) };
    case "window":
      return { kind: item.kind, at: item.atMs, columns: item.columns, rows: item.rows };
    case "head": {
      const { kind, rec, host, user, term, session, startedMs, start } = item;
      return { kind, rec, host, user, term, session, started: startedMs, start };
    }
    case "end":
      return {
        kind: item.kind,
        exit: item.exit,
        signal: item.signal,
        in: item.inBytes,
        out: item.outBytes,
        duration: item.durationMs,
        messages: item.messages,
      };
    case "lost":
      return { kind: item.kind, in: item.inBytes, out: item.outBytes, from: item.fromMs, to: item.toMs };
    case "transfer": {
      const { kind, command, inBytes, outBytes, fromMs, toMs } = item;
      return { kind, command, in: inBytes, out: outBytes, from: fromMs, to: toMs };
    }
    case "gap":
      return { kind: item.kind, firstId: item.fromId, lastId: item.toId, from: item.fromMs, to: item.toMs };
    case "bad":
      return { kind: item.kind, place: item.place, reason: item.reason };
    case "unended":
      return { kind: item.kind, lastId: item.lastId, at: item.lastMs };
    default:
      return item satisfies never;
  }
}

/** The text, and the exact bytes where the text does not tell them. */
function bytesOf(bytes: Uint8Array): object {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = view.toString();
  return isUtf8(view) ? { text } : { text, base64: view.toString("base64") };
}
