/** CRC-32 as of zlib and PNG (ISO 3309): tells whether a text is the one that was meant. */

const polynomial = 0xedb88320;
const table = new Uint32Array(256);

for (let byte = 0; byte < 256; byte++) {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = (rest & 1) === 1 ? (rest >>> 1) ^ polynomial : rest >>> 1;
  table[byte] = rest;
}

/** 0 to 4294967295. */
export function crc32(bytes: Uint8Array): number {
  let rest = 0xffffffff;
  for (const byte of bytes) rest = (rest >>> 8) ^ (table[(rest ^ byte) & 0xff] as number);
  return ~rest >>> 0;
}
