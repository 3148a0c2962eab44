/** Recordings of real programs: wherever one goes in them, the screen is the one that playing from the beginning shows. */
import { globSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { Emulator } from "../../src/emulator/emulator.ts";
import { MessageFile } from "../../src/message-file.ts";
import { Timeline } from "../../src/play/timeline/timeline.ts";
import { Selection } from "../../src/reader/selection.ts";
import { seed } from "../harness/fast-check.ts";
import { isSame, screenOf, show } from "../harness/screen.ts";
import { Chance } from "../property/chance.ts";

const folder = join(import.meta.dirname, "../golden-screens");
const goldens = globSync("*.jsonl", { cwd: folder }).sort();
const positions = 1000;
/** With the usual distance most of these recordings would have no keyframe. */
const frameBytes = 4096;
const programs = ["emoji", "htop", "less", "progress", "resize", "shell", "tmux", "vim"];

test("there is a recording of each kind of program", () => {
  expect(goldens.map((name) => basename(name, ".jsonl"))).toEqual(programs);
});

test.each(goldens)(
  "%s",
  async (name) => {
    const file = await MessageFile.open(join(folder, name), new Selection());
    if (file === null) throw new Error("it is a file");
    const timeline = new Timeline(file, { frameBytes });
    await timeline.build();
    const played = Emulator.open();
    const { cursor } = timeline.start();
    const chance = new Chance(seed);
    const places = Array.from({ length: positions }, () => chance.below(timeline.lengthMs + 1)).sort(
      (one, other) => one - other,
    );
    for (const atMs of places) {
      for (let item = await cursor.peek(); item !== null; item = await cursor.peek()) {
        if ("atMs" in item && item.atMs > atMs) break;
        show(played, item);
        cursor.pass();
      }
      const moment = await timeline.seek({ atMs });
      if (moment === null) throw new Error("nothing aborts it");
      if (isSame(moment.emulator, played)) continue;
      expect({ atMs, ...screenOf(moment.emulator) }).toEqual({ atMs, ...screenOf(played) });
      throw new Error(`at ${atMs} ms something differs that is not on the screen`);
    }
    await file.close();
  },
  180_000,
);
