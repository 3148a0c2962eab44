import { expect, test } from "vitest";
import { PerSender } from "./per-sender.ts";

test("who has too many loses his first, and nobody else's", () => {
  const kept = new PerSender<string>(2);
  for (const key of ["a1", "a2"]) kept.set(key, key, "a");
  for (let at = 0; at < 1000; at++) kept.set(`b${at}`, `b${at}`, "b");
  for (let at = 0; at < 5; at++) kept.set(`free${at}`, `free${at}`, null);
  expect(kept.values()).toEqual(["a1", "a2", "b998", "b999", "free0", "free1", "free2", "free3", "free4"]);
  expect([...kept.omitted]).toEqual([["b", 998]]);
  expect(["a1", "b0", "b999", "c"].map((key) => kept.knows(key))).toEqual([true, true, true, false]);
});

test("what another sender sets anew is his, and no longer the first one's", () => {
  const kept = new PerSender<string>(2);
  kept.set("x", "forged", "b");
  kept.set("x", "genuine", null);
  for (let at = 0; at < 10; at++) kept.set(`b${at}`, "b", "b");
  expect([kept.get("x"), kept.get("b0"), kept.get("b9")]).toEqual(["genuine", undefined, "b"]);
});
