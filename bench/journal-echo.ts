/** Echo beside a journald that stands still: keys typed at a steady pace, while it runs and while it is stopped. */
import { add, type Bench, type Samples } from "./bench.ts";
import { key, rawCat, ready } from "./echo.ts";
import { type Journald, journalists, withJournald } from "./journald.ts";
import { quantile, type Row, rowOf } from "./row.ts";
import { Terminal } from "./terminal.ts";

/** Typed whether or not the last was echoed, so that a stall counts for every key that falls into it. */
const paceMs = 10;
/** A key not echoed so long after the last was typed never is: it counts with the time that was waited. */
const patienceMs = 10_000;
/** A round takes long, and has many keys. */
const mostRounds = 3;

export function measureJournalEcho(bench: Bench): Promise<Row[]> {
  return withJournald(bench, (journald) => measure(bench, journald));
}

async function measure(bench: Bench, journald: Journald): Promise<Row[]> {
  const running: Samples = {};
  const stopped: Samples = {};
  const ratios: Samples = {};
  const { awayMs } = bench.sizes;
  const thaw = (): void => journald.thaw();
  await bench.interleave(
    journalists,
    (name) => {
      // Both write every second; by default tlog-rec does every ten, and would be caught by a stop of ten seconds once.
      const terminal = new Terminal(journald.command(name, rawCat, "--latency=1"));
      try {
        terminal.readUntil(ready.charCodeAt(0));
        const before = quantile(echoes(terminal, awayMs), 0.99);
        journald.freeze();
        const meanwhile = quantile(echoes(terminal, awayMs, thaw), 0.99);
        add(running, name, before);
        add(stopped, name, meanwhile);
        add(ratios, name, meanwhile / before);
      } finally {
        thaw();
        terminal.hangUp();
      }
    },
    mostRounds,
  );
  const what = `journald stopped ${awayMs / 1000} s`;
  return [
    rowOf({ what: "echo p99, journald running", unit: "us", samples: running }, []),
    rowOf({ what: `the same, ${what}`, unit: "us", samples: stopped }, []),
    rowOf({ what: "stopped over running", unit: "x", samples: ratios }, [{ bound: "<=", limit: 2 }]),
  ];
}

/** Microseconds, of the keys that are typed in that time; `onTyped` is when the last was. */
function echoes(terminal: Terminal, durationMs: number, onTyped = (): void => undefined): number[] {
  const startMs = performance.now();
  const count = Math.floor(durationMs / paceMs);
  const typedMs: number[] = [];
  const times: number[] = [];
  const take = (nowMs: number): void => {
    times.push((nowMs - (typedMs[times.length] ?? nowMs)) * 1000);
  };
  while (times.length < count) {
    const nowMs = performance.now();
    const dueMs = startMs + typedMs.length * paceMs;
    if (typedMs.length < count && nowMs >= dueMs) {
      terminal.type(key);
      typedMs.push(nowMs);
      if (typedMs.length === count) onTyped();
      continue;
    }
    const waitMs = typedMs.length < count ? dueMs - nowMs : patienceMs;
    const echoed = terminal.read(Math.ceil(waitMs));
    if (echoed < 0) throw new Error("the command ended");
    if (echoed === 0 && waitMs === patienceMs) while (times.length < count) take(performance.now());
    for (let i = 0; i < echoed; i++) take(performance.now());
  }
  return times;
}
