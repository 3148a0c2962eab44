import { constants } from "node:os";
import { expect, test } from "vitest";
import { Display } from "./display.ts";

const { EAGAIN, EINTR, EIO } = constants.errno;

/** A terminal that takes what it is given once it has answered all of `answers`. */
function shown(answers: number[]): Promise<string> {
  const chunks: Buffer[] = [];
  const native = {
    reopenTerminal: () => -1,
    closeDescriptor: () => 0,
    windowSize: () => 0,
    write: (_: number, bytes: Uint8Array, from: number, length: number) => {
      const answer = answers.shift();
      if (answer !== undefined && answer < 0) return answer;
      const count = Math.min(length, answer ?? length);
      chunks.push(Buffer.from(bytes.subarray(from, from + count)));
      return count;
    },
  };
  const display = new Display({ native, fd: 1, kind: "xterm", onReady: () => {} });
  display.open();
  display.close("bye");
  return display.drained().then(() => {
    display.destroy();
    return Buffer.concat(chunks).toString();
  });
}

test("a call that a signal interrupts, or that took a part, is gone on with; a terminal that is gone is let be", async () => {
  const all = await shown([]);
  expect(all).toMatch(/bye$/);
  expect(await shown([-EINTR, 3, -EINTR])).toBe(all);
  expect(await shown([-EIO])).toBe("");
  // What a full terminal does not take before it is given back is left out.
  expect(await shown([-EAGAIN])).toMatch(/bye$/);
});
