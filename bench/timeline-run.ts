/** One run of the timeline in a process of its own: `timeline-run.ts RECORDING SEEKS` prints its figures as JSON. */
import { Selection } from "../src/reader/selection.ts";
import { openFileTimeline } from "../src/timeline.ts";

export interface TimelineFigures {
  readonly firstScreenMs: number;
  readonly indexMs: number;
  readonly seeksMs: readonly number[];
  readonly peakMegabytes: number;
}

const [, , path = "", seeks = "0"] = process.argv;
const startedMs = performance.now();
const opened = await openFileTimeline({
  path,
  wanted: undefined,
  selection: new Selection(),
  note: () => {},
  environment: (name) => process.env[name],
});
if (opened === null) throw new Error(`${path} is no file of messages`);
const { timeline, built, close } = opened;
const start = timeline.start();
for (let item = await start.cursor.next(); item !== null; item = await start.cursor.next()) {
  if (item.kind !== "output") continue;
  start.emulator.feed(item.bytes);
  break;
}
const firstScreenMs = performance.now() - startedMs;
await built;
const indexMs = performance.now() - startedMs;
const seeksMs: number[] = [];
for (let count = 0; count < Number(seeks); count++) {
  const atMs = Math.random() * timeline.lengthMs;
  const askedMs = performance.now();
  const moment = await timeline.seek({ atMs });
  seeksMs.push(performance.now() - askedMs);
  moment?.cursor.close();
}
close();
const figures: TimelineFigures = {
  firstScreenMs,
  indexMs,
  seeksMs,
  peakMegabytes: process.resourceUsage().maxRSS / 1000,
};
console.log(JSON.stringify(figures));
