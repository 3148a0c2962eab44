/** Properties of the emulator: a snapshot taken anywhere goes on as the terminal that it was taken of. */

import { expect, test } from "vitest";
import { Emulator } from "../../src/emulator/emulator.ts";
import { fc } from "../harness/fast-check.ts";
import { screenOf } from "../harness/screen.ts";
import { type Step, steps } from "./terminal-stream.ts";

const settings = {
  numRuns: Number(process.env["REC_PROPERTY_RUNS"] ?? 200),
  interruptAfterTimeLimit: 20000,
};
const scrollback = 30;

function run(emulator: Emulator, done: readonly Step[]): void {
  for (const step of done) {
    if ("bytes" in step) emulator.feed(step.bytes);
    else emulator.resize(step.columns, step.rows);
  }
}

test("a terminal restored from a snapshot goes on as the one it was taken of", () => {
  fc.assert(
    fc.property(steps, fc.nat(), (all, place) => {
      const cut = all.length === 0 ? 0 : place % all.length;
      const whole = Emulator.open({ scrollback });
      run(whole, all.slice(0, cut));
      fc.pre(whole.isWhole);
      const restored = Emulator.restore(whole.snapshot());
      expect(screenOf(restored)).toEqual(screenOf(whole));
      run(whole, all.slice(cut));
      run(restored, all.slice(cut));
      expect(screenOf(restored)).toEqual(screenOf(whole));
      fc.pre(whole.isWhole);
      expect(Buffer.from(restored.snapshot()).equals(whole.snapshot())).toBe(true);
    }),
    settings,
  );
});
