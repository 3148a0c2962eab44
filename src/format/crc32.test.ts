import { crc32 as crc32OfZlib } from "node:zlib";
import { expect, test } from "vitest";
import { fc } from "../../test/harness/fast-check.ts";
import { crc32 } from "./crc32.ts";

test("it is the CRC-32 of zlib", () => {
  expect(crc32(new TextEncoder().encode("123456789"))).toBe(0xcbf43926);
  fc.assert(fc.property(fc.uint8Array(), (bytes) => crc32(bytes) === crc32OfZlib(bytes)));
});
