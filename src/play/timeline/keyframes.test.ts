import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { Decoder } from "../../format/decoder.ts";
import { Keyframes, openKeyframe } from "./keyframes.ts";

function positionWith(lines: readonly string[]) {
  const echoed = lines.map((text, id) => ({ id, text }));
  return { atMs: 1, packets: 2, skip: 3, place: { offset: 4, lines: 5, decoder: { ...new Decoder().state, echoed } } };
}

test("a keyframe has the lines that the decoder knew, compressed", () => {
  const keyframes = new Keyframes();
  const position = positionWith(Array.from({ length: 32 }, (_, number) => `${number} `.repeat(10_000)));
  keyframes.add(position, Uint8Array.of(7, 8, 9));
  keyframes.add({ atMs: 1, packets: 2, skip: 3, place: { offset: 9 } }, Uint8Array.of(1));
  const [first, second] = keyframes.list;
  if (first === undefined || second === undefined) throw new Error("keyframes are missing");
  expect(JSON.stringify({ ...first, bytes: null }).length + first.bytes.length).toBeLessThan(50_000);
  expect(openKeyframe(first)).toEqual({ snapshot: Buffer.of(7, 8, 9), place: position.place });
  expect(openKeyframe(second)).toEqual({ snapshot: Buffer.of(1), place: { offset: 9 } });
});

test("lines that cannot be compressed count as the snapshots do", () => {
  const keyframes = new Keyframes();
  const lines = Array.from({ length: 32 }, () => randomBytes(48_000).toString("base64"));
  for (let number = 0; number < 100; number++) keyframes.add(positionWith(lines), Uint8Array.of(1));
  expect(keyframes.spacing).toBeGreaterThan(1);
  const bytes = keyframes.list.reduce((sum, frame) => sum + frame.bytes.length, 0);
  expect(bytes).toBeLessThan(50 * 1024 * 1024);
});
