/**
 * Spare lines: those of terminals that are shown no more, for the next that are made of a snapshot. Their cells are no part of V8's
 * heap, which hardly notices the megabyte of each terminal: some sixty would stay before it looks.
 */
import type { Buffer, Line } from "./internals.ts";

/** As many as a terminal has by default, and some; cells take 12 bytes. */
const maxLines = 1200;
const maxCells = 400_000;

const spare: Line[] = [];
let cells = 0;

/** The buffer has no line from then on. */
export function giveLines({ lines }: Buffer): void {
  for (let y = 0; y < lines.length && spare.length < maxLines && cells < maxCells; y++) {
    const line = lines.get(y);
    if (line === undefined) continue;
    spare.push(line);
    cells += line.length;
  }
  lines.length = 0;
}

/** A line like that one. */
export function takeLine(like: Line): Line {
  const line = spare.pop();
  if (line === undefined) return like.clone();
  cells -= line.length;
  line.copyFrom(like);
  return line;
}
