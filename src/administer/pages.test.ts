import { expect, test } from "vitest";
import { Pages } from "./pages.ts";

/** Takes what is written when it is told to, one write after the other. */
class Reader {
  taken = "";
  writes = 0;
  #take: (() => void) | undefined;

  readonly write = async (bytes: Uint8Array): Promise<void> => {
    if (this.#take !== undefined) throw new Error("two writes at the same time");
    this.writes++;
    await new Promise<void>((resolve) => {
      this.#take = resolve;
    });
    this.#take = undefined;
    this.taken += Buffer.from(bytes);
  };

  take(): void {
    this.#take?.();
  }
}

test("all is written whole and in order, by a reader who takes a page now and then", async () => {
  const reader = new Reader();
  const pages = new Pages(reader.write);
  const texts = Array.from({ length: 5000 }, (_, at) => `${at} ${"é漢😀".repeat(at % 30)}\n`);
  texts[2500] = "long ".repeat(100_000);
  const taking = setInterval(() => reader.take(), 1);
  let waits = 0;
  for (const text of texts) {
    const room = pages.add(text);
    if (room === undefined) continue;
    waits++;
    await room;
  }
  await pages.end();
  clearInterval(taking);
  expect(reader.taken === texts.join("")).toBe(true);
  expect(reader.writes).toBeGreaterThan(10);
  expect(waits).toBeGreaterThan(10);
});

test("a reader who takes nothing is waited for when the second page is full", async () => {
  const reader = new Reader();
  const pages = new Pages(reader.write);
  const fill = async (): Promise<void> => {
    for (let at = 0; at < 150; at++) await pages.add("x".repeat(1000));
  };
  let hasRoom = false;
  const filled = fill().then(() => {
    hasRoom = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect([reader.writes, hasRoom]).toEqual([1, false]);
  reader.take();
  await filled;
  expect(reader.writes).toBe(2);
});

test("a write that fails is told to who comes next, and once more at the end", async () => {
  const pages = new Pages(async () => {
    throw new Error("gone");
  });
  expect(pages.add("a")).toBeUndefined();
  await pages.turn();
  await new Promise((resolve) => setImmediate(resolve));
  expect(pages.add("b")).toBeUndefined();
  await expect(pages.turn()).rejects.toThrow("gone");
  await expect(pages.end()).rejects.toThrow("gone");
});

test("what waits is told by its time; nothing waits where there is nothing", async () => {
  const pages = new Pages(async () => {});
  expect(pages.waitingMs).toBe(0);
  expect(pages.add("a")).toBeUndefined();
  expect(pages.waitingMs).toBe(Number.POSITIVE_INFINITY);
  await pages.turn();
  expect(pages.waitingMs).toBe(0);
});
