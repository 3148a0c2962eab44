/** Properties of the emulator: a snapshot taken anywhere goes on as the terminal that it was taken of. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Cell } from "../../src/emulator/cell.ts";
import { Emulator } from "../../src/emulator/emulator.ts";
import { type Step, steps } from "./terminal-stream.ts";

const settings = { numRuns: Number(process.env["REC_PROPERTY_RUNS"] ?? 200), interruptAfterTimeLimit: 20000 };
const scrollback = 30;

function run(emulator: Emulator, done: readonly Step[]): void {
  for (const step of done) {
    if ("bytes" in step) emulator.feed(step.bytes);
    else emulator.resize(step.columns, step.rows);
  }
}

/** All that can be seen, read by the way that a drawer reads it. */
function seen(emulator: Emulator): unknown {
  const rows: unknown[] = [];
  for (let row = -emulator.scrollbackRows; row < emulator.rows; row++) {
    const cells: Cell[] = [];
    emulator.readRow(row, cells);
    rows.push({ cells, isWrapped: emulator.isWrapped(row) });
  }
  const { columns, isAlternate, title, cursor } = emulator;
  return { rows, columns, isAlternate, title, cursor };
}

test("a terminal restored from a snapshot goes on as the one it was taken of", () => {
  fc.assert(
    fc.property(steps, fc.nat(), (all, place) => {
      const cut = all.length === 0 ? 0 : place % all.length;
      const whole = Emulator.open({ scrollback });
      run(whole, all.slice(0, cut));
      fc.pre(whole.isWhole);
      const restored = Emulator.restore(whole.snapshot());
      expect(seen(restored)).toEqual(seen(whole));
      run(whole, all.slice(cut));
      run(restored, all.slice(cut));
      expect(seen(restored)).toEqual(seen(whole));
      fc.pre(whole.isWhole);
      expect(Buffer.from(restored.snapshot()).equals(whole.snapshot())).toBe(true);
    }),
    settings,
  );
});
