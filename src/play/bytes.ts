/** Numbers of bytes, for people. */

/** "1 byte", "2 bytes". */
export function bytesText(bytes: number): string {
  return bytes === 1 ? "1 byte" : `${bytes} bytes`;
}
