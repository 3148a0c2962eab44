/** Replay from the journal: as from a file, each player given its own recorder's recording. */
import { add, type Bench, megabyte, type Samples } from "./bench.ts";
import { root } from "./contestant.ts";
import { recordText } from "./journal.ts";
import { type Journald, type Journalist, journalists, withJournald } from "./journald.ts";
import { checkReplay, secondsOf } from "./replay.ts";
import { type Row, rowOf } from "./row.ts";

export function measureJournalReplay(bench: Bench): Promise<Row[]> {
  return withJournald(bench, (journald) => measure(bench, journald));
}

/** rec-play prints at once all that the journal has of a recording. */
export function playRaw(journald: Journald, recording: string): readonly string[] {
  return journald.inside([`${root}/bin/rec-play`, "-r", "journal", "-M", recording, "--format", "raw"]);
}

async function measure(bench: Bench, journald: Journald): Promise<Row[]> {
  const speeds: Samples = {};
  const players: Partial<Record<Journalist, readonly string[]>> = {};
  const megabytes = bench.sizes.textBytes / megabyte;
  for (const name of journalists) {
    if (!bench.contestants.includes(name)) continue;
    const { pid } = recordText(bench, journald, name);
    journald.sync();
    const id = journald.recordingOf(pid);
    const theirs = ["tlog-play", "-r", "journal", "-M", `TLOG_REC=${id}`, "-g", "end"];
    players[name] = name === "rec" ? playRaw(journald, id) : journald.inside(theirs);
    if (name === "rec") checkReplay(bench, players[name]);
  }
  await bench.interleave(journalists, async (name) => {
    const player = players[name] ?? [];
    add(speeds, name, megabytes / (await secondsOf(player)));
  });
  const what = `replay of ${megabytes} MB from journald`;
  return [rowOf({ what, unit: "MB/s", samples: speeds }, [{ bound: ">=", limit: 40 }])];
}
