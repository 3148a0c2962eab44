/** Decimal numbers written as bytes, without making strings. */

/** Number of decimal digits of a whole number from 0 to 2^53. */
export function decimalDigits(value: number): number {
  let digits = 1;
  for (let limit = 10; value >= limit; limit *= 10) digits++;
  return digits;
}

/** Writes `value` at `to[at]`; gives the place after it. */
export function putDecimal(to: Uint8Array, at: number, value: number): number {
  if (value < 10) {
    to[at] = 0x30 + value;
    return at + 1;
  }
  const after = at + decimalDigits(value);
  let rest = value;
  for (let place = after - 1; place >= at; place--) {
    const tens = Math.floor(rest / 10);
    to[place] = 0x30 + (rest - tens * 10);
    rest = tens;
  }
  return after;
}

/** As `decimalDigits`, of a byte. */
export function byteDigits(byte: number): number {
  return byte < 10 ? 1 : byte < 100 ? 2 : 3;
}

/** As `putDecimal`, of a byte. */
export function putByteDecimal(to: Uint8Array, at: number, byte: number): number {
  let place = at;
  let rest = byte;
  if (byte > 99) {
    const hundreds = byte > 199 ? 2 : 1;
    to[place++] = 0x30 + hundreds;
    rest -= hundreds * 100;
  }
  if (byte > 9) {
    const tens = (rest * 205) >> 11;
    to[place++] = 0x30 + tens;
    rest -= tens * 10;
  }
  to[place] = 0x30 + rest;
  return place + 1;
}
