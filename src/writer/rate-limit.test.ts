import { describe, expect, test } from "vitest";
import type { EncodedMessage } from "../format/message.ts";
import { Timers } from "../timers.ts";
import { DelayingWriter, RateLimit } from "./rate-limit.ts";
import type { Writer } from "./writer.ts";

function limit(rateBytes: number, burstBytes: number) {
  const time = { nowMs: 0 };
  return { time, limit: new RateLimit({ rateBytes, burstBytes, clock: () => time.nowMs }) };
}

describe("RateLimit", () => {
  test("takes rate + burst at once, then rate a second", () => {
    const { time, limit: bucket } = limit(1000, 3000);
    expect(bucket.takes(4000)).toBe(true);
    expect(bucket.takes(1)).toBe(false);
    time.nowMs = 500;
    expect([bucket.takes(500), bucket.takes(1)]).toEqual([true, false]);
    time.nowMs = 1_000_000;
    expect([bucket.takes(4000), bucket.takes(1)]).toEqual([true, false]);
  });

  test("a message larger than the bucket passes when the bucket is empty, and fills it", () => {
    const { time, limit: bucket } = limit(10, 10);
    expect([bucket.takes(1000), bucket.takes(1)]).toEqual([true, false]);
    time.nowMs = 100_000;
    expect(bucket.takes(1)).toBe(true);
  });

  test("earlyMs tells how much too early, also without a rate", () => {
    const { limit: bucket } = limit(1000, 0);
    expect([bucket.earlyMs(1000), bucket.earlyMs(500), bucket.earlyMs(500)]).toEqual([0, 500, 1000]);
    const { limit: none } = limit(0, 0);
    expect(none.earlyMs(100)).toBeLessThanOrEqual(3_600_000);
  });
});

describe("DelayingWriter", () => {
  function bench() {
    let nowMs = 0;
    const written: number[] = [];
    let fails = false;
    const timers = new Timers(() => nowMs);
    const inner: Writer = {
      name: "inner",
      write: ({ id }) => {
        if (fails) return Promise.reject(new Error("full"));
        written.push(id);
        return Promise.resolve();
      },
      flush: () => Promise.resolve(),
      close: () => Promise.resolve(),
    };
    const bucket = new RateLimit({ rateBytes: 100, burstBytes: 0, clock: () => nowMs });
    const writer = new DelayingWriter(inner, bucket, timers);
    const pass = async (ms: number): Promise<void> => {
      nowMs += ms;
      timers.run(nowMs);
      for (let i = 0; i < 10; i++) await Promise.resolve();
    };
    const fail = (does: boolean): void => {
      fails = does;
    };
    return { writer, written, pass, fail };
  }
  const message = (id: number): EncodedMessage => ({ id, posMs: 0, line: Buffer.alloc(100) });

  test("holds what is over the limit until its time", async () => {
    const { writer, written, pass } = bench();
    await writer.write(message(1));
    const second = writer.write(message(2));
    await pass(999);
    expect(written).toEqual([1]);
    await pass(1);
    await second;
    expect(written).toEqual([1, 2]);
  });

  test("a repeated write of the same message is not counted and not held again", async () => {
    const { writer, written, fail } = bench();
    const first = message(1);
    fail(true);
    await expect(writer.write(first)).rejects.toThrow("full");
    fail(false);
    await writer.write(first);
    expect(written).toEqual([1]);
  });

  test("hurry lets the one that waits go at once, and all after it", async () => {
    const { writer, written } = bench();
    await writer.write(message(1));
    const second = writer.write(message(2));
    writer.hurry();
    await second;
    await writer.write(message(3));
    expect(written).toEqual([1, 2, 3]);
  });
});
