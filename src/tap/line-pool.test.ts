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
    pool.take(capacity);
    expect(buffers.filter(({ detached }) => !detached).length).toBe(4);
  });

  test.each([capacity / 4, capacity, capacity * 2])("of %i bytes can be read until the next is taken", (length) => {
    const pool = new LinePool(capacity);
    for (const line of taken(pool, 8)) pool.give(line);
    const line = pool.take(length).fill(7);
    pool.give(line);
    expect(line).toEqual(new Uint8Array(length).fill(7));
  });
});
