/** Echo: one byte typed at a cat in raw mode, until it is back on the screen. */
import { add, type Bench, type Samples } from "./bench.ts";
import { names } from "./contestant.ts";
import { quantile, type Row, rowOf } from "./row.ts";
import { Terminal } from "./terminal.ts";

export const ready = "R";
export const rawCat = ["sh", "-c", `stty raw -echo; printf ${ready}; exec cat`];
export const key = Uint8Array.of(0x78);

export async function measureEcho(bench: Bench): Promise<Row[]> {
  const p50: Samples = {};
  const p99: Samples = {};
  await bench.interleave(names, (name) => {
    const times = echoes(bench.command(name, rawCat), bench.sizes.keystrokes);
    add(p50, name, quantile(times, 0.5));
    add(p99, name, quantile(times, 0.99));
  });
  const aims = [{ over: "tlog-rec", bound: "<=", limit: 1 }] as const;
  return [
    rowOf({ what: "echo of a key, p50", unit: "us", samples: p50 }, aims),
    rowOf({ what: "echo of a key, p99", unit: "us", samples: p99 }, aims),
  ];
}

function echoes(wrapped: readonly string[], keystrokes: number): number[] {
  const terminal = new Terminal(wrapped);
  try {
    terminal.readUntil(ready.charCodeAt(0));
    // The first waits for cat itself to start.
    echo(terminal);
    return Array.from({ length: keystrokes }, () => echo(terminal));
  } finally {
    terminal.hangUp();
  }
}

/** Microseconds. */
function echo(terminal: Terminal): number {
  const before = performance.now();
  terminal.type(key);
  const count = terminal.read();
  const us = (performance.now() - before) * 1000;
  if (count !== 1 || terminal.bytes[0] !== key[0]) throw new Error(`a key was answered by ${count} bytes`);
  return us;
}
