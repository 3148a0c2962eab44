/** The timeline of what a source gives, built beside everything else. */
import type { Item } from "./format/item.ts";
import { Spool } from "./play/timeline/spool.ts";
import type { Tape } from "./play/timeline/tape.ts";
import { Timeline } from "./play/timeline/timeline.ts";

/** The first screen comes first. */
const headStartMs = 100;

export interface OpenTimeline {
  readonly timeline: Timeline;
  readonly tape: Tape;
  close(): void;
}

/** `folder` is one for large temporary files. What the source throws, those throw who go to where it is missing. */
export function openTimeline(items: AsyncIterable<Iterable<Item>>, folder: string): OpenTimeline {
  const tape = new Spool(folder);
  const timeline = new Timeline(tape);
  tape.fill(items).catch(() => {});
  const start = setTimeout(() => timeline.build().catch(() => {}), headStartMs);
  return {
    timeline,
    tape,
    close() {
      clearTimeout(start);
      timeline.close();
      tape.close();
    },
  };
}
