import { expect, test } from "vitest";
import { byteDigits, decimalDigits, putByteDecimal, putDecimal } from "./decimal.ts";

test.each([0, 9, 10, 99, 100, 4294967296, 2147483647999, Number.MAX_SAFE_INTEGER])(
  "%d is written as it reads",
  (value) => {
    const to = new Uint8Array(20);
    const length = putDecimal(to, 0, value);
    expect(new TextDecoder().decode(to.subarray(0, length))).toBe(String(value));
    expect(decimalDigits(value)).toBe(length);
  },
);

test("every byte is written as it reads", () => {
  const to = new Uint8Array(3);
  for (let byte = 0; byte < 256; byte++) {
    const length = putByteDecimal(to, 0, byte);
    expect(new TextDecoder().decode(to.subarray(0, length))).toBe(String(byte));
    expect(byteDigits(byte)).toBe(length);
  }
});
