/** Keyframes: snapshots of the screen along a recording, in bounded memory. */
import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { EchoedLine } from "../../format/echoed-lines.ts";
import type { Place } from "./tape.ts";

export interface Keyframe {
  /** Moment of the last item that is in it. */
  readonly atMs: number;
  /** Packets that are in it. */
  readonly packets: number;
  /** Of the batch after it, but for the lines that the decoder knows; and how many of its items are in it. */
  readonly place: Place;
  readonly skip: number;
  /** Those lines, megabytes of them at most, and a snapshot; compressed. */
  readonly bytes: Uint8Array;
}

export interface Position {
  readonly atMs: number;
  readonly packets: number;
  readonly place: Place;
  readonly skip: number;
}

/** All keyframes together, compressed. */
const maxBytes = 48 * 1024 * 1024;
/** What one keyframe costs beside its bytes, about. */
const overheadBytes = 1024;
const fastest = { level: 1 };
const lengthBytes = 4;

export class Keyframes {
  #frames: Keyframe[] = [];
  #bytes = 0;
  /** Goes up when keyframes were taken away: new ones are as far apart as the others are then. */
  spacing = 1;

  constructor(frames: readonly Keyframe[] = []) {
    this.#frames = [...frames];
    for (const { bytes } of frames) this.#bytes += bytes.length + overheadBytes;
  }

  get list(): readonly Keyframe[] {
    return this.#frames;
  }

  add(position: Position, snapshot: Uint8Array): void {
    const { place } = position;
    const echoed = Buffer.from(JSON.stringify(place.decoder?.echoed ?? []));
    const length = Buffer.alloc(lengthBytes);
    length.writeUInt32LE(echoed.length);
    const bytes = new Uint8Array(deflateRawSync(Buffer.concat([length, echoed, snapshot]), fastest));
    this.#frames.push({ ...position, place: withLines(place, []), bytes });
    this.#bytes += bytes.length + overheadBytes;
    if (this.#bytes > maxBytes) this.#thin();
  }

  /** The last keyframe for which `isBefore` holds, as it does up to some keyframe and for none after it. */
  last(isBefore: (frame: Keyframe) => boolean): Keyframe | null {
    let from = 0;
    let to = this.#frames.length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (isBefore(this.#frames[middle] as Keyframe)) from = middle + 1;
      else to = middle;
    }
    return this.#frames[from - 1] ?? null;
  }

  /** Keeps every second one. */
  #thin(): void {
    this.#frames = this.#frames.filter((_, number) => number % 2 === 1);
    this.#bytes = 0;
    for (const { bytes } of this.#frames) this.#bytes += bytes.length + overheadBytes;
    this.spacing *= 2;
  }
}

/** The snapshot of a keyframe, and where to go on from it. */
export function openKeyframe({ place, bytes }: Keyframe): { readonly snapshot: Uint8Array; readonly place: Place } {
  const contents = inflateRawSync(bytes);
  const end = lengthBytes + contents.readUInt32LE(0);
  const echoed = JSON.parse(contents.toString("utf8", lengthBytes, end)) as EchoedLine[];
  return { snapshot: contents.subarray(end), place: withLines(place, echoed) };
}

function withLines(place: Place, echoed: readonly EchoedLine[]): Place {
  return place.decoder === undefined ? place : { ...place, decoder: { ...place.decoder, echoed } };
}
