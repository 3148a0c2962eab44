/** Known contents sealed with a key: bytes that only who has the key can have made, for keeping them where others may write. */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { Keyframe } from "./keyframes.ts";
import type { KnownContents } from "./known.ts";

const sealBytes = 32;
const lengthBytes = 4;

/** What is kept: `choice` says which of the recordings of a medium they are of. */
export interface Kept {
  readonly choice: { readonly rec: string | null; readonly others: readonly string[] };
  readonly contents: KnownContents;
}

interface Head {
  readonly subject: unknown;
  readonly choice: Kept["choice"];
  readonly contents: Omit<KnownContents, "frames">;
  readonly frames: readonly (Omit<Keyframe, "bytes"> & { readonly length: number })[];
}

/** In pieces, since together they are as much again as the keyframes. `subject` says in plain data what medium it is about. */
export function seal(
  key: Uint8Array,
  subject: unknown,
  { choice, contents: { frames, ...contents } }: Kept,
): readonly Uint8Array[] {
  const listed = frames.map(({ bytes, ...position }) => ({ ...position, length: bytes.length }));
  const head = Buffer.from(JSON.stringify({ subject, choice, contents, frames: listed } satisfies Head));
  const length = Buffer.alloc(lengthBytes);
  length.writeUInt32LE(head.length);
  const sealed = [length, head, ...frames.map(({ bytes }) => bytes)];
  return [sealOf(key, sealed), ...sealed];
}

/** Null for what was not sealed with that key, or not about that subject: nothing of it was looked at then. */
export function unseal(key: Uint8Array, subject: unknown, sealed: Buffer): Kept | null {
  if (sealed.length < sealBytes + lengthBytes) return null;
  if (!timingSafeEqual(sealOf(key, [sealed.subarray(sealBytes)]), sealed.subarray(0, sealBytes))) return null;
  let at = sealBytes + lengthBytes + sealed.readUInt32LE(sealBytes);
  const head = JSON.parse(sealed.toString("utf8", sealBytes + lengthBytes, at)) as Head;
  if (JSON.stringify(head.subject) !== JSON.stringify(subject)) return null;
  const frames = head.frames.map(({ length, ...position }) => {
    at += length;
    return { ...position, bytes: sealed.subarray(at - length, at) };
  });
  return { choice: head.choice, contents: { ...head.contents, frames } };
}

function sealOf(key: Uint8Array, sealed: readonly Uint8Array[]): Buffer {
  const hmac = createHmac("sha256", key);
  for (const piece of sealed) hmac.update(piece);
  return hmac.digest();
}
