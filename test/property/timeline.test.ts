/** Properties of the timeline: wherever one goes, the screen is the one that playing from the beginning shows. */
import { rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { Emulator } from "../../src/emulator/emulator.ts";
import type { Item } from "../../src/format/item.ts";
import { MessageFile } from "../../src/message-file.ts";
import { Spool } from "../../src/play/timeline/spool.ts";
import type { Tape } from "../../src/play/timeline/tape.ts";
import { Timeline } from "../../src/play/timeline/timeline.ts";
import { Selection } from "../../src/reader/selection.ts";
import { fc } from "../harness/fast-check.ts";
import { isSame, show } from "../harness/screen.ts";
import { encode } from "./format-session.ts";
import { type Step, steps } from "./terminal-stream.ts";

const settings = { numRuns: Number(process.env["REC_PROPERTY_RUNS"] ?? 60), interruptAfterTimeLimit: 20000 };
const path = join(tmpdir(), `rec-timeline-${process.pid}.json`);
/** Small, so that short streams have many keyframes. */
const frameBytes = 100;

afterAll(() => rmSync(path, { force: true }));

const timed = steps.chain((all) =>
  fc.tuple(fc.constant(all), fc.array(fc.nat(3), { minLength: all.length, maxLength: all.length, size: "max" })),
);
const targets = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 8 });

function lines(all: readonly Step[], delays: readonly number[]): string {
  const session = all.map((step, number) => {
    const afterMs = delays[number] ?? 0;
    if ("bytes" in step) return { kind: "output", afterMs, bytes: step.bytes } as const;
    return { kind: "window", afterMs, columns: step.columns, rows: step.rows } as const;
  });
  const messages = encode({ payloadBytes: 256, steps: session });
  return messages.map(({ line }) => Buffer.from(line).toString()).join("");
}

async function itemsOf(tape: Tape): Promise<Item[]> {
  const items: Item[] = [];
  const reader = tape.open();
  for (let batch = await reader.read(); batch !== null; batch = await reader.read()) items.push(...batch);
  return items;
}

async function checkSeeks(tape: Tape, items: readonly Item[], places: readonly number[]): Promise<void> {
  const packets = items.filter((item) => ["output", "input", "window"].includes(item.kind));
  const timeline = new Timeline(tape, { frameBytes });
  await timeline.build();
  expect(timeline.packets).toBe(packets.length);
  for (const place of places) {
    const byMoment = { atMs: Math.floor(place * (timeline.lengthMs + 1)) };
    const byCount = { packets: Math.floor(place * (packets.length + 1)) };
    for (const target of [byMoment, byCount]) {
      const moment = await timeline.seek(target);
      if (moment === null) throw new Error("nothing aborts it");
      const isBefore = (item: Item, number: number) =>
        "atMs" in target ? (item as { atMs: number }).atMs <= target.atMs : number < target.packets;
      const shown = packets.filter(isBefore);
      const played = Emulator.open();
      for (const item of shown) show(played, item);
      expect(moment.cursor.packets).toBe(shown.length);
      expect(isSame(moment.emulator, played)).toBe(true);
      const rest: Item[] = [];
      for (let item = await moment.cursor.next(); item !== null; item = await moment.cursor.next()) rest.push(item);
      expect(rest.filter((item) => packets.some(({ kind }) => kind === item.kind)).length).toBe(
        packets.length - shown.length,
      );
      for (const item of rest) show(moment.emulator, item);
      for (const item of packets.slice(shown.length)) show(played, item);
      expect(isSame(moment.emulator, played)).toBe(true);
    }
  }
}

test("of a file", async () => {
  await fc.assert(
    fc.asyncProperty(timed, targets, async ([all, delays], places) => {
      writeFileSync(path, lines(all, delays));
      const file = await MessageFile.open(path, new Selection());
      if (file === null) throw new Error("it is a file");
      await checkSeeks(file, await itemsOf(file), places);
      await file.close();
    }),
    settings,
  );
});

test("of what comes but once", async () => {
  await fc.assert(
    fc.asyncProperty(timed, targets, async ([all, delays], places) => {
      writeFileSync(path, lines(all, delays));
      const file = await MessageFile.open(path, new Selection());
      if (file === null) throw new Error("it is a file");
      const items = await itemsOf(file);
      const spool = new Spool(tmpdir());
      async function* batches() {
        for (let from = 0; from < items.length; from += 3) yield items.slice(from, from + 3);
      }
      const filling = spool.fill(batches());
      await checkSeeks(spool, items, places);
      await filling;
      spool.close();
      await file.close();
    }),
    settings,
  );
});
