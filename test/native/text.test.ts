/** The addon's copyText beside its twin in TypeScript. */

import { expect, test } from "vitest";
import { copyText, newBudget } from "../../src/format/copy-text.ts";
import { native } from "../../src/terminal/native.ts";
import { fc } from "../harness/fast-check.ts";

const character = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0x20, max: 0x7e }).map((byte) => [byte]) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 255 }).map((byte) => [byte]) },
  {
    weight: 2,
    arbitrary: fc.string({ unit: "binary", minLength: 1, maxLength: 1 }).map((text) => [...Buffer.from(text)]),
  },
);
const text = fc.array(character, { maxLength: 300 }).map((parts) => Uint8Array.from(parts.flat()));

test("both take the same bytes, write the same text and leave the same budget", () => {
  fc.assert(
    fc.property(
      text,
      fc.nat(20),
      fc.nat(2000),
      fc.constantFrom([9, 10], [0, 10], [89, 100], [3, 100], [0, 1000], [899, 1000]),
      (bytes, from, left, [room = 0, widensAt = 10]) => {
        const start = Math.min(from, bytes.length);
        const [one, other] = [copyText, native.copyText].map((copy) => {
          const txt = new Uint8Array(left + 10).fill(0x55);
          const budget = newBudget();
          budget.set([7, left, room, widensAt]);
          const at = copy(bytes, start, bytes.length, txt, budget);
          return { at, budget: [...budget], txt: Buffer.from(txt.subarray(0, budget[0])).toString("latin1") };
        });
        expect(other).toEqual(one);
      },
    ),
    { numRuns: 5000, interruptAfterTimeLimit: 10_000 },
  );
});

test("every pair of bytes", () => {
  for (let pair = 0; pair < 65_536; pair++) {
    const bytes = Uint8Array.of(pair >> 8, pair & 255, 0x41);
    const results = [copyText, native.copyText].map((copy) => {
      const txt = new Uint8Array(32);
      const budget = newBudget();
      budget.set([0, 32, 9, 10]);
      return `${copy(bytes, 0, 3, txt, budget)} ${budget} ${txt}`;
    });
    if (results[0] !== results[1]) expect.fail(`${bytes}: ${results.join(" but ")}`);
  }
});

test.each([
  ["a range outside of the bytes", 0, 11, [0, 10, 9, 10]],
  ["a range backwards", 5, 4, [0, 10, 9, 10]],
  ["more budget than the text has room", 0, 10, [5, 10, 9, 10]],
  ["a negative place", 0, 10, [-1, 5, 9, 10]],
  ["a negative budget", 0, 10, [0, -1, 9, 10]],
])("%s is refused", (_, from, end, budget) => {
  const txt = new Uint8Array(12);
  expect(native.copyText(new Uint8Array(10), from, end, txt, Int32Array.from(budget))).toBe(-22);
});
