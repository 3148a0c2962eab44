/** The timeline of what a source gives, built beside everything else. */
import { setTimeout } from "node:timers/promises";
import type { Item } from "./format/item.ts";
import { KeptTimeline } from "./kept-timeline.ts";
import { MessageFile } from "./message-file.ts";
import { Spool } from "./play/timeline/spool.ts";
import type { Tape } from "./play/timeline/tape.ts";
import { Timeline } from "./play/timeline/timeline.ts";
import type { Selection } from "./reader/selection.ts";

/** The first screen comes first. */
const headStartMs = 100;

export interface OpenTimeline {
  readonly timeline: Timeline;
  readonly tape: Tape;
  /** Resolved when it is known whether this is a recording at all; never rejected. */
  readonly begun: Promise<void>;
  /** Resolved when there is nothing more to know of the recording; never rejected. */
  readonly built: Promise<void>;
  close(): void;
}

/** Where a recording is that may be one that can be read at any place. */
export interface RecordingFile {
  readonly path: string;
  readonly wanted: string | undefined;
  readonly selection: Selection;
  /** Hears of all in the recording that is no packet. */
  readonly note: (item: Item) => void;
  readonly environment: (name: string) => string | undefined;
}

/** `folder` is one for large temporary files. What the source throws, those throw who go to where it is missing. */
export function openTimeline(items: AsyncIterable<Iterable<Item>>, folder: string): OpenTimeline {
  const tape = new Spool(folder);
  const timeline = new Timeline(tape);
  tape.fill(items).catch(() => {});
  const begun = Promise.resolve();
  return { timeline, tape, begun, built: building(timeline), close: () => closeBoth(timeline, tape) };
}

/** Null where the file is none that can be read at any place. A large one is read only once: what is known of it then is kept. */
export async function openFileTimeline(file: RecordingFile): Promise<OpenTimeline | null> {
  const { path, wanted, selection, environment } = file;
  const tape = await MessageFile.open(path, selection);
  if (tape === null) return null;
  const kept = new KeptTimeline(tape, path, wanted, environment);
  const contents = await kept.load(selection);
  const begun = Promise.withResolvers<void>();
  const note = (item: Item): void => {
    file.note(item);
    begun.resolve();
  };
  const timeline = new Timeline(tape, contents === null ? { note } : { note, contents });
  const built = building(timeline).then(async () => {
    begun.resolve();
    const known = contents === null ? timeline.contents() : null;
    if (known !== null) await kept.save(known, selection);
  });
  const { promise } = begun;
  return { timeline, tape, begun: promise, built: built.catch(() => {}), close: () => closeBoth(timeline, tape) };
}

async function building(timeline: Timeline): Promise<void> {
  if (!timeline.isComplete) await setTimeout(headStartMs);
  await timeline.build().catch(() => {});
}

function closeBoth(timeline: Timeline, tape: { close(): void | Promise<void> }): void {
  timeline.close();
  Promise.resolve(tape.close()).catch(() => {});
}
