import { describe, expect, test } from "vitest";
import { Timers } from "./timers.ts";

describe("Timers", () => {
  test("fire once, when due, in any loop that tells the time", () => {
    let nowMs = 0;
    const fired: string[] = [];
    const timers = new Timers(() => nowMs);
    timers.after(10_000, () => fired.push("late"));
    timers.after(5_000, () => fired.push("early"));
    expect(timers.nextMs).toBe(5000);
    expect(timers.run(4999)).toBe(false);
    nowMs = 5000;
    expect(timers.run(nowMs)).toBe(true);
    expect(timers.run(nowMs)).toBe(false);
    expect(fired).toEqual(["early"]);
    expect(timers.nextMs).toBe(10_000);
    expect(timers.run(20_000)).toBe(true);
    expect(fired).toEqual(["early", "late"]);
    expect(timers.nextMs).toBe(Number.POSITIVE_INFINITY);
  });

  test("fire in Node's own loop, too", async () => {
    const timers = new Timers(() => performance.now());
    await new Promise<void>((resolve) => timers.after(1, resolve));
    expect(timers.nextMs).toBe(Number.POSITIVE_INFINITY);
  });

  test("a cancelled one does not fire, also when another of the same moment cancels it", () => {
    const timers = new Timers(() => 0);
    const fired: string[] = [];
    timers.after(1000, () => {
      fired.push("first");
      cancel();
    });
    const cancel = timers.after(1000, () => fired.push("second"));
    timers.after(1000, () => fired.push("third"));
    timers.run(1000);
    expect(fired).toEqual(["first", "third"]);
    cancel();
  });

  test("one that is set while others fire waits for its own time", () => {
    const timers = new Timers(() => 0);
    const fired: string[] = [];
    timers.after(1000, () => timers.after(1000, () => fired.push("again")));
    timers.run(1000);
    expect(fired).toEqual([]);
    timers.run(1000);
    expect(fired).toEqual(["again"]);
  });
});
