import { describe, expect, test } from "vitest";
import { LinePool } from "./line-pool.ts";

const capacity = 4096;
const taken = (pool: LinePool, count: number, length = capacity): Uint8Array[] =>
  Array.from({ length: count }, () => pool.take(length));

describe("the buffers of lines", () => {
  test("are used again", () => {
    const pool = new LinePool(capacity);
    const [line] = taken(pool, 1);
    pool.give(line as Uint8Array);
    expect(pool.take(capacity - 1).buffer).toBe(line?.buffer);
  });

  test("of a queue that has gone are freed at once but for a few, the short and the long, too", () => {
    const pool = new LinePool(capacity);
    const lines = [...taken(pool, 64), ...taken(pool, 64, capacity / 4), ...taken(pool, 64, capacity * 2)];
    const buffers = lines.map(({ buffer }) => buffer as ArrayBuffer);
    for (const line of lines) pool.give(line);
    expect(buffers.filter(({ detached }) => !detached).length).toBe(4);
  });
});
