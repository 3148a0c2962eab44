/** Loss: the bytes shown that are not in the journal after journald was stopped, or killed and started again, under a flood. */
import { readFileSync } from "node:fs";
import { add, type Bench, megabyte, type Samples } from "./bench.ts";
import { key } from "./echo.ts";
import { playRaw } from "./journal-replay.ts";
import { type Journald, type Journalist, journalists, withJournald } from "./journald.ts";
import { replayOf } from "./replay.ts";
import { type Row, rowOf, worst } from "./row.ts";
import { Terminal } from "./terminal.ts";

/** Shown while all is well. */
const prefaceBytes = megabyte;
/** All is written so long after the last byte: the recorders wait a second. */
const quietMs = 2000;
/** A terminal that shows nothing for so long, with journald back, is given up. */
const patienceMs = 20_000;
/** A round takes long, and no figure is a matter of chance. */
const mostRounds = 2;

interface Absence {
  readonly begin: () => void;
  readonly end: () => void;
}

export function measureJournalLoss(bench: Bench): Promise<Row[]> {
  return withJournald(bench, async (journald) => {
    const stopped = { begin: () => journald.freeze(), end: () => journald.thaw() };
    const killed = { begin: () => journald.end("SIGKILL"), end: () => journald.start() };
    const seconds = `${bench.sizes.awayMs / 1000} s`;
    return [
      await measure(bench, journald, stopped, `bytes lost, journald stopped ${seconds}`),
      await measure(bench, journald, killed, `bytes lost, killed for ${seconds}`),
    ];
  });
}

async function measure(bench: Bench, journald: Journald, absence: Absence, what: string): Promise<Row> {
  const lost: Samples = {};
  await bench.interleave(
    journalists,
    (name) => {
      journald.restartEmpty();
      add(lost, name, lossOver(bench, journald, name, absence));
    },
    mostRounds,
  );
  return rowOf({ what, unit: "bytes", samples: lost }, [{ bound: "<=", limit: 0 }], worst);
}

/** A preface, and while journald is away the text: more than a recorder keeps in memory. */
function lossOver(bench: Bench, journald: Journald, name: Journalist, absence: Absence): number {
  const script = 'stty raw -echo; head -c "$1" "$2"; head -c 1 >/dev/null; exec cat "$2"';
  const command = ["sh", "-c", script, "sh", `${prefaceBytes}`, bench.text];
  const terminal = new Terminal(journald.command(name, command, "--latency=1"));
  let shown = 0;
  for (let count = 1; count > 0; shown += count) count = terminal.read(quietMs);
  if (shown !== prefaceBytes) throw new Error(`${name} showed ${shown} of ${prefaceBytes} bytes`);
  journald.sync();
  absence.begin();
  terminal.type(key);
  shown += flood(terminal, bench.sizes.awayMs, absence);
  journald.sync();
  const text = readFileSync(bench.text);
  const expected = Buffer.concat([text.subarray(0, prefaceBytes), text]).subarray(0, shown);
  const recorded = replayOf(bench, playRaw(journald, journald.recordingOf(terminal.pid)));
  if (recorded.length >= expected.length && !recorded.subarray(0, expected.length).equals(expected))
    throw new Error(`${name} recorded something else`);
  return expected.length - Math.min(recorded.length, expected.length);
}

/** Reads to the end, with journald back in time; how many bytes were shown. */
function flood(terminal: Terminal, awayMs: number, absence: Absence): number {
  const backMs = performance.now() + awayMs;
  let isBack = false;
  let shown = 0;
  for (;;) {
    const leftMs = Math.ceil(backMs - performance.now());
    if (!isBack && leftMs <= 0) {
      absence.end();
      isBack = true;
    }
    const count = terminal.read(isBack ? patienceMs : leftMs);
    if (count < 0) break;
    if (count === 0 && isBack) {
      console.error(`bench: a terminal shows nothing since journald is back, after ${shown} bytes`);
      terminal.hangUp();
      return shown;
    }
    shown += count;
  }
  if (!isBack) absence.end();
  terminal.finish();
  return shown;
}
