/** Throughput: text by cat through a pseudo-terminal to a file, its CPU time, and the size of what was written. */
import { statSync } from "node:fs";
import { add, type Bench, megabyte, type Samples } from "./bench.ts";
import { names } from "./contestant.ts";
import { type Row, rowOf } from "./row.ts";
import { runInTerminal } from "./terminal.ts";

export async function measureThroughput(bench: Bench): Promise<Row[]> {
  const speeds: Samples = {};
  const cpu: Samples = {};
  const sizes: Samples = {};
  const { textBytes } = bench.sizes;
  await bench.interleave(names, (name) => {
    const { bytes, wallMs, cpuSeconds } = runInTerminal(bench.command(name, ["cat", bench.text]));
    // tlog-rec ends with a line feed of its own.
    if (bytes < textBytes) throw new Error(`${name} showed ${bytes} of ${textBytes} bytes`);
    add(speeds, name, textBytes / megabyte / (wallMs / 1000));
    add(cpu, name, cpuSeconds);
    if (name !== "bare") add(sizes, name, statSync(bench.log).size / textBytes);
  });
  const what = `${textBytes / megabyte} MB of text`;
  return [
    rowOf({ what, unit: "MB/s", samples: speeds }, [
      { over: "tlog-rec", bound: ">=", limit: 2.2 },
      { over: "script", bound: ">=", limit: 0.85 },
    ]),
    rowOf({ what: "CPU for it, cat included", unit: "s", samples: cpu }, [
      { over: "tlog-rec", bound: "<=", limit: 0.4 },
    ]),
    rowOf({ what: "size of the log", unit: "x shown", samples: sizes }, [{ bound: "<=", limit: 1.15 }]),
  ];
}
