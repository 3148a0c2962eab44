/** The ends of many files by the addon: in a call for hundreds what takes Node five for each. */
import { type EndsReader, endsOf, type FileEnds, revisionOf } from "./catalog/file-ends.ts";
import { native } from "./terminal/native.ts";

/** As native/ends.c tells of a file: size, device, inode and both changes in 8 bytes each, the lengths of both lines in 4, then these. */
const headBytes = 48;
const atOnce = 512;
const toldBytes = 1024 * 1024;
/** The length of a line that the addon leaves to us, and the upper half of the size of what cannot be read. */
const long = 0xffff_ffff;
const unread = 0xffff_ffff;

export const readEnds: EndsReader = function* (folder, names, wantsRevision) {
  const told = Buffer.alloc(toldBytes);
  const place = Buffer.from(`${folder}\0`);
  for (let done = 0; done < names.length; ) {
    const batch = names.slice(done, done + atOnce);
    const count = native.readEnds(place, Buffer.from(`${batch.join("\0")}\0`), told);
    if (count <= 0) {
      // The folder has gone.
      yield null;
      done++;
      continue;
    }
    yield* endsIn(told, folder, batch.slice(0, count), wantsRevision);
    done += count;
  }
};

function* endsIn(
  told: Buffer,
  folder: string,
  names: readonly string[],
  wantsRevision: boolean,
): Generator<FileEnds | null> {
  const longs = new BigInt64Array(told.buffer, told.byteOffset, told.length / 8);
  const words = new Uint32Array(told.buffer, told.byteOffset, told.length / 4);
  let at = 0;
  for (const name of names) {
    const word = (place: number): number => words[at / 4 + place] as number;
    const [sizeHigh, first, last] = [word(1), word(10), word(11)];
    const from = at + headBytes;
    if (sizeHigh === unread) yield null;
    else if (first === long || last === long) yield endsOf(`${folder}/${name}`, wantsRevision);
    else {
      yield {
        first: told.toString("utf8", from, from + first),
        last: told.toString("utf8", from + first, from + first + last),
        size: sizeHigh * 2 ** 32 + word(0),
        revision: wantsRevision ? revisionAt(longs, at / 8) : null,
      };
    }
    const put = (first === long ? 0 : first) + (last === long ? 0 : last);
    at = Math.ceil((from + put) / 8) * 8;
  }
}

function revisionAt(longs: BigInt64Array, at: number): string {
  const long = (place: number): bigint => longs[at + place] as bigint;
  return revisionOf([long(1), long(2), long(0), long(3), long(4)]);
}
